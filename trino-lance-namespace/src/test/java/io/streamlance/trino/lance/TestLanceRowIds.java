/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.streamlance.trino.lance;

import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;
import org.lance.Dataset;
import org.lance.index.IndexType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.lance.LanceHistory.range;
import static io.streamlance.trino.lance.LanceTestData.createIndex;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

/// The hidden columns, against what Lance reads: with deleted rows and several fragments, row ids that are stable and others.
final class TestLanceRowIds
        extends AbstractTestQueryFramework
{
    private final Map<String, LanceHistory> tables = new HashMap<>();
    private Path root;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog().build();
        root = Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve("rowids"));
        for (boolean stable : List.of(true, false)) {
            write("fragments_" + stable, stable).append(range(50, 60));
            // moves the rows to other addresses
            write("compacted_" + stable, stable).change(Dataset::compact).append(range(50, 60)).delete("id = 55");
        }
        TestResources.copyDirectory("old-format/test_table2.lance", root.resolve("early_format.lance"));
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString()));
        return queryRunner;
    }

    @Test
    void testHidden()
    {
        assertThat(query("DESCRIBE fragments_true")).matches("VALUES (VARCHAR 'id', VARCHAR 'bigint', VARCHAR '', VARCHAR ''), ('name', 'varchar', '', '')");
        assertThat(query("SELECT * FROM fragments_true WHERE id = 58")).matches("VALUES (BIGINT '58', VARCHAR 'new-58')");
        assertThat(query("SELECT count(*) FROM information_schema.columns WHERE table_name = 'fragments_true'")).matches("VALUES BIGINT '2'");
    }

    @Test
    void testValues()
    {
        tables.forEach((table, history) -> {
            String expected = rows(history).entrySet().stream()
                    .map(row -> "(BIGINT '%s', BIGINT '%s', BIGINT '%s')".formatted(row.getValue().get(1), row.getKey(), row.getValue().get(0)))
                    .collect(joining(", ", "VALUES ", ""));
            assertThat(query("SELECT id, _rowid, _rowaddr FROM " + table)).matches(expected);
            assertThat(query("SELECT _rowaddr, _rowid FROM %s WHERE id < 0".formatted(table))).returnsEmptyResult();
        });
        assertThat(query("SELECT min(_rowid), max(_rowid), count(DISTINCT _rowaddr) FROM early_format")).matches("VALUES (BIGINT '0', BIGINT '99', BIGINT '90')");
    }

    @Test
    void testLookups()
    {
        tables.forEach((table, history) -> rows(history).forEach((rowId, row) -> {
            assertThat(query("SELECT id FROM %s WHERE _rowid = %s".formatted(table, rowId))).matches("VALUES BIGINT '%s'".formatted(row.get(1)));
            // Lance itself would look for a row with this id
            assertThat(query("SELECT id FROM %s WHERE _rowaddr = %s".formatted(table, row.get(0)))).matches("VALUES BIGINT '%s'".formatted(row.get(1)));
        }));
    }

    @Test
    void testFilters()
    {
        tables.forEach((table, history) -> {
            List<Long> rowIds = rows(history).keySet().stream().sorted().collect(toImmutableList());
            long low = rowIds.get(5);
            long high = rowIds.get(20);
            assertCount(table, "_rowid = %s AND id >= 0".formatted(low), 1);
            assertCount(table, "_rowid = %s AND id < 0".formatted(low), 0);
            assertCount(table, "_rowid = -1", 0);
            assertCount(table, "_rowid > -1", rowIds.size());
            assertCount(table, "_rowid = 9223372036854775807", 0);
            assertCount(table, "_rowid IN (%s, %s, 123456789012345)".formatted(low, high), 2);
            assertCount(table, "_rowid = %s OR id = 58".formatted(low), 2);
            assertCount(table, "_rowid BETWEEN %s AND %s".formatted(low, high), 16);
            assertCount(table, "_rowid >= %s".formatted(high), rowIds.size() - 20);
            assertCount(table, "_rowid NOT IN (%s, %s)".formatted(low, high), rowIds.size() - 2);
            assertCount(table, "_rowid <> %s".formatted(low), rowIds.size() - 1);
            assertCount(table, "_rowid IS NULL", 0);
            assertCount(table, "_rowaddr IS NULL", 0);
            assertCount(table, "_rowaddr IS NOT NULL", rowIds.size());
            assertCount(table, "_rowaddr >= 0 AND _rowid >= 0", rowIds.size());
            assertCount(table, "_rowid IN (SELECT _rowid FROM %s WHERE id IN (1, 58))".formatted(table), 2);
        });
    }

    @Test
    void testPushdown()
    {
        LanceHistory history = tables.get("fragments_true");
        long rowId = rows(history).keySet().iterator().next();
        assertThat(query("SELECT id FROM fragments_true WHERE _rowid = " + rowId)).isFullyPushedDown();
        assertThat(query("SELECT id, _rowid FROM fragments_true WHERE _rowid IN (%s, 58)".formatted(rowId))).isFullyPushedDown();
        assertThat((String) computeScalar("EXPLAIN SELECT id FROM fragments_true WHERE _rowid = " + rowId)).contains("predicate=_rowid = " + rowId);
        assertThat(query("SELECT _rowid FROM fragments_true LIMIT 3")).skipResultsCorrectnessCheckForPushdown().isFullyPushedDown();
    }

    @Test
    void testNewVersionWithTheFragmentNumbersOfAnOldOne()
    {
        LanceHistory history = closeAfterClass(new LanceHistory(root.resolve("overwritten.lance"), true, 10));
        history.create(range(0, 5));
        // Lance keeps the row ids of fragment 0 in its session
        assertThat(query("SELECT id, _rowid FROM overwritten WHERE id > 2")).matches("VALUES (BIGINT '3', BIGINT '3'), (4, 4)");
        assertThat(query("SELECT id FROM overwritten WHERE _rowid = 2")).matches("VALUES BIGINT '2'");
        history.overwrite(range(100, 105)).change(dataset -> createIndex(dataset, "id", IndexType.BTREE));
        assertThat(query("SELECT id, _rowid FROM overwritten WHERE id > 102")).matches("VALUES (BIGINT '103', BIGINT '8'), (104, 9)");
        assertThat(query("SELECT id FROM overwritten WHERE id = 101")).matches("VALUES BIGINT '101'");
        assertThat(query("SELECT id FROM overwritten WHERE _rowid = 7")).matches("VALUES BIGINT '102'");
        assertThat(query("SELECT id FROM overwritten WHERE _rowid = 2")).returnsEmptyResult();
        history.overwrite(range(200, 203));
        assertThat(query("SELECT id, _rowid FROM overwritten")).matches("VALUES (BIGINT '200', BIGINT '10'), (201, 11), (202, 12)");
        assertThat(query("SELECT a._rowid, b._rowid FROM overwritten FOR VERSION AS OF 1 a CROSS JOIN overwritten FOR VERSION AS OF 2 b WHERE a.id = 1 AND b.id = 101"))
                .matches("VALUES (BIGINT '1', BIGINT '6')");
    }

    @Test
    void testStableIdsSurviveVersions()
    {
        assertThat(query(
                """
                SELECT count(*), count_if(a._rowaddr <> b._rowaddr)
                FROM compacted_true FOR VERSION AS OF 1 a JOIN compacted_true b ON a._rowid = b._rowid AND a.id = b.id
                """))
                .matches("VALUES (BIGINT '33', BIGINT '33')");
    }

    private void assertCount(String table, String predicate, long expected)
    {
        assertThat(query("SELECT count(*) FROM %s WHERE %s".formatted(table, predicate))).matches("VALUES BIGINT '%s'".formatted(expected));
        assertThat(query("SELECT count(id) FROM %s WHERE %s".formatted(table, predicate))).matches("VALUES BIGINT '%s'".formatted(expected));
    }

    private LanceHistory write(String table, boolean stable)
    {
        LanceHistory history = closeAfterClass(new LanceHistory(root.resolve(table + ".lance"), stable, 10));
        tables.put(table, history);
        return history.create(range(0, 50)).delete("id % 3 = 0");
    }

    private static Map<Long, List<String>> rows(LanceHistory history)
    {
        return history.read(history.newestVersion(), "_rowid", "_rowaddr", "id");
    }
}
