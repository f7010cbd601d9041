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

import io.trino.Session;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.lance.index.IndexType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

import static io.streamlance.trino.lance.LanceQueryRunner.withProperty;
import static io.streamlance.trino.lance.LanceTestData.createIndex;
import static io.streamlance.trino.lance.ScanStatistics.metrics;
import static io.streamlance.trino.lance.ScanStatistics.scan;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/// The first rows of an order are found by the columns that are ordered.
final class TestLanceTopN
        extends AbstractTestQueryFramework
{
    private static final int ROWS = 20_000;
    private static final Schema SCHEMA = new Schema(List.of(
            Field.nullable("id", new ArrowType.Int(64, true)),
            Field.nullable("shuffled", new ArrowType.Int(64, true)),
            Field.nullable("text", ArrowType.Utf8.INSTANCE),
            Field.nullable("wide", ArrowType.Utf8.INSTANCE)));

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog().build();
        Path root = Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve("topn"));
        TestResources.copyDirectory("random-rows/v2_2.lance", root.resolve("types.lance"));
        try (LanceTestData data = new LanceTestData(root)) {
            write(data, "fragments", 500, false);
            write(data, "one_fragment", ROWS, false);
            write(data, "stable_ids", 2_000, true);
            data.writeTable(List.of("first_format"), SCHEMA, List.<Consumer<VectorSchemaRoot>>of(TestLanceTopN::fill).iterator(), options -> options.maxRowsPerFile(5_000).dataStorageVersion("legacy"));
        }
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString()));
        return queryRunner;
    }

    @Test
    void testTypes()
    {
        List<String> columns = List.of("i8", "i16", "i32", "i64", "u8", "u32", "u64", "flag", "dec", "dec38", "s", "ls", "bin", "d32", "ts_s", "ts_ms", "ts_us", "ts_ns", "tz_ms", "berlin", "time_s", "time_ns", "dur_ns");
        List<String> orders = List.of("ASC NULLS FIRST", "DESC NULLS FIRST", "DESC NULLS LAST", "ASC NULLS LAST");
        for (int i = 0; i < columns.size(); i++) {
            String column = columns.get(i);
            String order = orders.get(i % orders.size());
            assertPushed("SELECT * FROM types ORDER BY %s %s, id LIMIT 30".formatted(column, order), "sortOrder=[%s %s, id ASC NULLS LAST] limit=30".formatted(column, order));
        }
        for (String column : List.of("\"na me\"", "\"größe\"", "\"select\"", "\"q\"\"uo\"", "\"qu'o\"")) {
            assertPushed("SELECT * FROM types ORDER BY %s DESC, id LIMIT 30".formatted(column), "DESC NULLS LAST, id ASC NULLS LAST] limit=30");
        }
    }

    @Test
    void testLeftToTrino()
    {
        // NaN has a place of its own in Trino
        assertNotPushed("SELECT * FROM types ORDER BY f64, id LIMIT 10");
        assertNotPushed("SELECT * FROM types ORDER BY f32 DESC, id LIMIT 10");
        assertNotPushed("SELECT * FROM types ORDER BY dic, id LIMIT 10");
        assertNotPushed("SELECT * FROM types ORDER BY d64, id LIMIT 10");
        assertNotPushed("SELECT * FROM types ORDER BY st.x, id LIMIT 10");
        assertNotPushed("SELECT * FROM types ORDER BY i32 + 1, id LIMIT 10");
        // Trino evaluates a part of the condition
        assertNotPushed("SELECT * FROM types WHERE i32 % 2 = 0 ORDER BY id LIMIT 10");
        // nothing else is read
        assertNotPushed("SELECT s, id FROM types ORDER BY s, id LIMIT 10");
        assertNotPushed("SELECT s, id, _rowid FROM types ORDER BY s, id LIMIT 10");
        assertNotPushed("SELECT * FROM types ORDER BY _rowid LIMIT 10");
        assertNotPushed("SELECT * FROM types ORDER BY id LIMIT 1001");
        assertNotPushed("SELECT * FROM types ORDER BY s, id");
    }

    @Test
    void testFilters()
    {
        for (String table : List.of("fragments", "one_fragment", "stable_ids")) {
            assertPushed("SELECT * FROM %s ORDER BY shuffled NULLS FIRST, id LIMIT 20".formatted(table), "limit=20");
            for (String condition : List.of("text LIKE '%7%'", "id < 5000 AND text <> 'text-3'", "id IN (5, 7, 9, 20, 15000)", "id = 77", "shuffled < 0", "id BETWEEN 4000 AND 4600 AND shuffled > 100")) {
                assertPushed("SELECT * FROM %s WHERE %s ORDER BY shuffled DESC, id LIMIT 20".formatted(table, condition), "limit=20");
                assertPushed("SELECT text FROM %s WHERE %s ORDER BY id LIMIT 3".formatted(table, condition), "limit=3");
            }
        }
    }

    @Test
    void testFirstFormat()
    {
        // Lance sorts its rows, but cannot read them by their ids
        assertPushed("SELECT * FROM first_format ORDER BY shuffled DESC, id LIMIT 20", "limit=20");
        assertPushed("SELECT *, _rowid FROM first_format WHERE text LIKE '%7%' ORDER BY shuffled, id LIMIT 20", "limit=20");
    }

    @Test
    void testNothingIsEvaluatedBeforeIt()
    {
        assertPushed("SELECT * FROM (SELECT * FROM fragments ORDER BY shuffled, id LIMIT 50) WHERE id % 2 = 0 AND id > 1000", "limit=50");
        assertPushed("SELECT count(*), sum(id) FROM (SELECT * FROM fragments ORDER BY shuffled, id LIMIT 50) WHERE text > 'text-5'", "limit=50");
        assertThat(query("SELECT count(*) FROM (SELECT * FROM (SELECT * FROM fragments ORDER BY shuffled LIMIT 50) LIMIT 7)")).matches("VALUES BIGINT '7'");
        assertThat(query("SELECT count(*) FROM (SELECT text FROM fragments ORDER BY shuffled LIMIT 50) a JOIN (VALUES 'text-1') b(text) ON a.text = b.text"))
                .matches(withProperty(getSession(), "topn_pushdown_enabled", "false"), "SELECT count(*) FROM (SELECT text FROM fragments ORDER BY shuffled LIMIT 50) a JOIN (VALUES 'text-1') b(text) ON a.text = b.text");
        assertPushed("SELECT a.id, b.id FROM (SELECT * FROM fragments ORDER BY shuffled LIMIT 9) a, (SELECT * FROM fragments ORDER BY shuffled DESC LIMIT 9) b WHERE a.id < b.id", "limit=9");
    }

    @Test
    void testOtherColumnsAreReadOfTheFirstRowsOnly()
    {
        String sql = "SELECT * FROM one_fragment ORDER BY shuffled LIMIT 10";
        assertThat((String) computeScalar(withProperty(getSession(), "topn_pushdown_enabled", "false"), "EXPLAIN " + sql)).doesNotContain("sortOrder=[");
        Map<String, Long> with = metrics(scan(getDistributedQueryRunner(), getSession(), sql));
        Map<String, Long> without = metrics(scan(getDistributedQueryRunner(), withProperty(getSession(), "topn_pushdown_enabled", "false"), sql));
        assertThat(with).containsEntry("lanceRows", 10L);
        assertThat(without.get("lanceRows")).isGreaterThan(15_000);
        assertThat(with.get("lanceStorageBytes")).isPositive().isLessThan(without.get("lanceStorageBytes") / 2);
    }

    private void assertPushed(String sql, String plan)
    {
        assertThat((String) computeScalar("EXPLAIN " + sql)).contains(plan).contains("sortOrder=[");
        // some splits with many fragments, or with a part of one, beside one of all
        Session splits = withProperty(getSession(), "split_target_rows", "2500");
        Session without = withProperty(getSession(), "topn_pushdown_enabled", "false");
        assertThat(query(sql)).matches(without, sql);
        assertThat(query(splits, sql)).matches(without, sql);
    }

    private void assertNotPushed(String sql)
    {
        assertThat((String) computeScalar("EXPLAIN " + sql)).doesNotContain("sortOrder=[");
    }

    // every seventh row is deleted
    private static void write(LanceTestData data, String table, int fragmentRows, boolean stableRowIds)
    {
        data.writeTable(List.of(table), SCHEMA, List.<Consumer<VectorSchemaRoot>>of(TestLanceTopN::fill).iterator(), options -> options.maxRowsPerFile(fragmentRows).enableStableRowIds(stableRowIds));
        data.changeTable(List.of(table), dataset -> {
            dataset.delete("id % 7 = 3");
            createIndex(dataset, "id", IndexType.BTREE);
        });
    }

    private static void fill(VectorSchemaRoot root)
    {
        Random random = new Random(1);
        byte[] wide = new byte[100];
        for (int i = 0; i < ROWS; i++) {
            ((BigIntVector) root.getVector("id")).setSafe(i, i);
            if (i % 11 == 0) {
                ((BigIntVector) root.getVector("shuffled")).setNull(i);
            }
            else {
                ((BigIntVector) root.getVector("shuffled")).setSafe(i, i * 7_919L % ROWS);
            }
            ((VarCharVector) root.getVector("text")).setSafe(i, ("text-" + i % 1_000).getBytes(UTF_8));
            random.nextBytes(wide);
            ((VarCharVector) root.getVector("wide")).setSafe(i, HexFormat.of().formatHex(wide).getBytes(UTF_8));
        }
        root.setRowCount(ROWS);
    }
}
