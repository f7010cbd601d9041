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
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static io.streamlance.trino.lance.LanceQueryRunner.withProperty;
import static io.streamlance.trino.lance.ScanStatistics.metrics;
import static io.streamlance.trino.lance.ScanStatistics.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/// Blobs that pylance wrote. See `src/test/python/make_blobs.py` for the values, which follow from the ids.
final class TestLanceBlobs
        extends AbstractTestQueryFramework
{
    private static final List<String> TABLES = Stream.of("v1_2_0", "v1_2_1", "v1_2_2", "v2")
            .flatMap(table -> Stream.of(table, table + "_stable"))
            .toList();
    private static final int LARGE_BLOBS = 1_000;
    private static final int LARGE_BLOB_BYTES = 1_000_000;
    private static final List<String> STRUCT_TABLES = List.of("struct_v1", "struct_v2");
    private static final String CONTENT =
            """
            CASE id % 7
                WHEN 3 THEN NULL
                WHEN 4 THEN X''
                WHEN 5 THEN to_utf8(rpad('r' || CAST(id AS varchar), 3000, 'x'))
                WHEN 6 THEN to_utf8(rpad('p' || CAST(id AS varchar), 500, 'y'))
                ELSE to_utf8('v' || CAST(id AS varchar))
            END
            """;
    private static final String ROWS = "(SELECT id, %s b FROM UNNEST(sequence(BIGINT '0', 44)) rows(id) WHERE id NOT IN (1, 12, 25))".formatted(CONTENT);
    private static final String STRUCT_ROWS = "(SELECT id, IF(id %% 5 = 0, NULL, CAST(ROW(id, %s) AS row(n bigint, b varbinary))) st FROM UNNEST(sequence(BIGINT '0', 39)) rows(id))".formatted(CONTENT);

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog().build();
        Path root = TestResources.copyDirectory("blobs", queryRunner.getCoordinator().getBaseDataDir().resolve("blobs"));
        queryRunner.installPlugin(new LancePlugin());
        writeLargeBlobs(root);
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString()));
        return queryRunner;
    }

    /// 1,000 blobs of a megabyte in 10 fragments, each of the bytes of its id.
    private static void writeLargeBlobs(Path root)
    {
        Schema schema = new Schema(List.of(
                Field.nullable("id", new ArrowType.Int(64, true)),
                new Field("b", new FieldType(true, ArrowType.LargeBinary.INSTANCE, null, Map.of("lance-encoding:blob", "true")), null)));
        Stream<Consumer<VectorSchemaRoot>> batches = IntStream.range(0, LARGE_BLOBS / 10).mapToObj(batch -> vectors -> {
            byte[] content = new byte[LARGE_BLOB_BYTES];
            for (int row = 0; row < 10; row++) {
                int id = batch * 10 + row;
                Arrays.fill(content, (byte) id);
                ((BigIntVector) vectors.getVector("id")).setSafe(row, id);
                ((LargeVarBinaryVector) vectors.getVector("b")).setSafe(row, content);
            }
            vectors.setRowCount(10);
        });
        try (LanceTestData data = new LanceTestData(root)) {
            data.writeTable(List.of("large"), schema, batches.iterator(), builder -> builder.maxRowsPerFile(100));
        }
    }

    @Test
    void testLargeBlobs()
    {
        Map<String, Long> ids = metrics(scan(getDistributedQueryRunner(), getSession(), "SELECT sum(id) FROM large"));
        assertThat(ids).doesNotContainKey("lanceBlobs");
        assertThat(ids.get("lanceStorageBytes")).isLessThan(LARGE_BLOB_BYTES / 10);

        Map<String, Long> one = metrics(scan(getDistributedQueryRunner(), getSession(), "SELECT b FROM large WHERE id = 7"));
        assertThat(one).contains(entry("lanceBlobs", 1L), entry("lanceBlobBytes", (long) LARGE_BLOB_BYTES));
        assertThat(query("SELECT b = to_utf8(rpad('', %s, chr(7))) FROM large WHERE id = 7".formatted(LARGE_BLOB_BYTES))).matches("VALUES true");

        assertThat(query("SELECT count(*), sum(length(b)) FROM large")).matches("VALUES (BIGINT '%s', BIGINT '%s')".formatted(LARGE_BLOBS, (long) LARGE_BLOBS * LARGE_BLOB_BYTES));
        // each blob is read once and passes through bounded memory
        assertThat(query("SELECT count(*) FROM large WHERE substr(b, 1, 1) = substr(b, %s) AND length(b) = %s".formatted(LARGE_BLOB_BYTES, LARGE_BLOB_BYTES))).matches("VALUES BIGINT '%s'".formatted(LARGE_BLOBS));
    }

    @Test
    void testContent()
    {
        for (String table : TABLES) {
            assertBlobs(table, "id, b", "id, b");
            assertBlobs(table, "id, b", "id, b", "id IN (3, 5, 7, 11, 40)");
            assertBlobs(table, "id", "id", "b IS NULL");
            assertBlobs(table, "b", "b");
            assertBlobs(table, "b, id, length(b), b IS NULL", "b, id, length(b), b IS NULL");
            assertBlobs(table, "name, b", "'n' || CAST(id AS varchar), b");
            assertThat(query("SELECT \"_rowid\" >= 0, b FROM " + table)).matches("SELECT true, b FROM " + ROWS);
        }
    }

    @Test
    void testFilters()
    {
        List<String> filters = List.of(
                "id = 7",
                "id = 5",
                "id = 3",
                "id IN (3, 10, 11, 40, 43)",
                "id BETWEEN 8 AND 22",
                "id % 3 = 0",
                "id > 100",
                "b IS NULL",
                "b IS NOT NULL",
                "b IS NULL AND id > 20",
                "b IS NULL OR id = 7",
                "length(b) = 0",
                "length(b) > 100",
                "length(b) <> 3000",
                "length(b) BETWEEN 1 AND 500",
                "length(b) IN (0, 500)",
                "length(b) IS NULL",
                "length(b) > 1 AND id < 20",
                "length(b) % 2 = 1",
                "length(b) > 10 AND b IS NULL",
                "b = X''",
                "b = to_utf8('v7')",
                "b IN (to_utf8('v7'), to_utf8('v8'))",
                "b > X'76'",
                "b <> X''",
                "b IS DISTINCT FROM X''");
        for (int i = 0; i < filters.size(); i++) {
            // each filter on some of the tables
            for (int step : new int[] {0, 3, 5}) {
                String table = TABLES.get((i + step) % TABLES.size());
                String filter = filters.get(i);
                assertBlobs(table, "id, b", "id, b", filter);
                assertBlobs(table, "count(*), count(b), sum(length(b)), sum(id)", "count(*), count(b), sum(length(b)), sum(id)", filter);
            }
        }
    }

    @Test
    void testDescriptorsAnswer()
    {
        for (String table : TABLES) {
            assertBlobsRead(table, "SELECT id FROM %s", 0);
            assertBlobsRead(table, "SELECT count(*) FROM %s", 0);
            assertBlobsRead(table, "SELECT sum(length(b)) FROM %s", 0);
            assertBlobsRead(table, "SELECT id, b IS NULL FROM %s", 0);
            assertBlobsRead(table, "SELECT count(*) FROM %s WHERE b IS NULL", 0);
            assertBlobsRead(table, "SELECT id, length(b) FROM %s WHERE b IS NOT NULL AND length(b) > 400", 0);
            assertBlobsRead(table, "SELECT id FROM %s WHERE length(b) IN (500, 7)", 0);
            assertBlobsRead(table, "SELECT b FROM %s WHERE id = 7", 1);
            assertBlobsRead(table, "SELECT b FROM %s WHERE length(b) = 500", 6);
            // an empty blob needs no reading
            assertBlobsRead(table, "SELECT b FROM %s WHERE id IN (3, 4, 5)", 1);
        }
    }

    @Test
    void testLimits()
    {
        for (String table : TABLES) {
            assertThat(computeActual("SELECT b FROM %s LIMIT 3".formatted(table)).getRowCount()).as(table).isEqualTo(3);
            assertThat(computeActual("SELECT b FROM %s WHERE id > 5 LIMIT 3".formatted(table)).getRowCount()).as(table).isEqualTo(3);
            assertThat(computeActual("SELECT id FROM %s WHERE b IS NULL LIMIT 3".formatted(table)).getRowCount()).as(table).isEqualTo(3);
            assertThat(computeActual("SELECT id FROM %s WHERE length(b) = 500 LIMIT 100".formatted(table)).getRowCount()).as(table).isEqualTo(6);
            assertThat(query("SELECT id, b FROM %s ORDER BY id DESC LIMIT 4".formatted(table))).ordered()
                    .matches("SELECT id, b FROM %s ORDER BY id DESC LIMIT 4".formatted(ROWS));
            assertThat(query("SELECT id FROM %s WHERE b IS NULL ORDER BY id LIMIT 2".formatted(table))).ordered().matches("VALUES BIGINT '3', 10");
            assertThat(query("SELECT id, length(b) FROM %s ORDER BY length(b) DESC, id LIMIT 2".formatted(table))).ordered().matches("VALUES (BIGINT '5', BIGINT '3000'), (19, 3000)");
        }
    }

    @Test
    void testJoinsAndAggregations()
    {
        for (String table : TABLES) {
            assertThat(query("SELECT count(*) FROM %s a JOIN %s b ON a.b = b.b".formatted(table, table)))
                    .matches("SELECT count(*) FROM %s a JOIN %s b ON a.b = b.b".formatted(ROWS, ROWS));
            assertThat(query("SELECT b, count(*) FROM %s GROUP BY b".formatted(table))).matches("SELECT b, count(*) FROM %s GROUP BY b".formatted(ROWS));
            assertThat(query("SELECT l, count(*) FROM (SELECT length(b) l FROM %s) WHERE l > 2 GROUP BY l".formatted(table)))
                    .matches("SELECT length(b), count(*) FROM %s WHERE length(b) > 2 GROUP BY 1".formatted(ROWS));
            assertThat(query("SELECT x, b FROM (VALUES BIGINT '7', 13, 3) v(x) JOIN %s ON id = x".formatted(table)))
                    .matches("SELECT id, b FROM %s WHERE id IN (3, 7, 13)".formatted(ROWS));
        }
    }

    @Test
    void testStructs()
    {
        for (String table : STRUCT_TABLES) {
            assertStructs(table, "id, st", "true");
            assertStructs(table, "id, st.b", "true");
            assertStructs(table, "id, st.n", "true");
            assertStructs(table, "id, length(st.b), st.b IS NULL, st IS NULL", "true");
            for (String filter : List.of("id = 6", "id = 5", "id >= 0", "id IN (3, 5, 6)", "st IS NULL", "st IS NOT NULL", "st.b IS NULL", "st.b IS NOT NULL", "st.n = 6", "st.n IS NULL", "length(st.b) > 100", "length(st.b) = 0 AND id > 10", "st.b = to_utf8('v8')")) {
                assertStructs(table, "id, st", filter);
                assertStructs(table, "id, st.b", filter);
                assertStructs(table, "st.n, length(st.b)", filter);
                assertStructs(table, "count(*)", filter);
            }
            assertBlobsRead(table, "SELECT id, st.n, length(st.b) FROM %s WHERE st.b IS NOT NULL", 0);
            assertBlobsRead(table, "SELECT st.b FROM %s WHERE id = 6", 1);
        }
    }

    @Test
    void testLeftOut()
    {
        for (String table : List.of("list_v1", "list_v2")) {
            assertThat(comment(table)).contains("l (type List with blobs)");
            assertThat(query("SELECT * FROM " + table)).matches("SELECT id FROM UNNEST(sequence(BIGINT '0', 7)) rows(id)");
        }
        // Lance would end the JVM
        assertThat(comment("first_format")).contains("b (type blob)");
        assertThat(query("SELECT * FROM first_format")).matches("VALUES BIGINT '1', 2");
    }

    @Test
    void testTimeTravel()
    {
        for (String table : TABLES) {
            assertThat(query("SELECT id, b FROM %s FOR VERSION AS OF 1 WHERE id IN (1, 2, 12)".formatted(table)))
                    .matches("SELECT id, %s FROM (VALUES BIGINT '1', 2, 12) rows(id)".formatted(CONTENT));
            assertThat(query("SELECT count(*), count(b) FROM %s FOR VERSION AS OF 1".formatted(table))).matches("VALUES (BIGINT '40', BIGINT '34')");
        }
    }

    @Test
    void testTableChanges()
    {
        for (String table : TABLES) {
            if (!table.endsWith("_stable")) {
                continue;
            }
            long newest = (long) computeScalar("SELECT max(version) FROM \"%s$versions\"".formatted(table));
            assertThat(query("SELECT id, b FROM TABLE(lance.system.table_changes('default', '%s', 1, 2)) WHERE \"_change_type\" = 'delete'".formatted(table)))
                    .matches("SELECT id, %s FROM (VALUES BIGINT '1', 12, 25) rows(id)".formatted(CONTENT));
            assertThat(query("SELECT id, b FROM TABLE(lance.system.table_changes('default', '%s', 2, %s)) WHERE \"_change_type\" = 'insert'".formatted(table, newest)))
                    .matches("SELECT id, %s FROM UNNEST(sequence(BIGINT '40', 44)) rows(id)".formatted(CONTENT));
        }
    }

    @Test
    void testExternalBlobsOutsideOfTheRoot()
    {
        assertThat(query("SELECT id FROM outside")).matches("VALUES BIGINT '1', 2, 3, 4");
        assertThat(query("SELECT id FROM outside WHERE b IS NULL")).matches("VALUES BIGINT '4'");
        assertThat(query("SELECT b FROM outside WHERE id = 1")).matches("VALUES to_utf8('inside')");
        // the descriptor tells
        assertThat(query("SELECT length(b) FROM outside WHERE id = 3")).matches("VALUES BIGINT '10'");
        assertQueryFails("SELECT b FROM outside WHERE id = 3", "The blob of column b in row 2 of table default.outside is not read, as it is in a file outside of the root .*: file:///no/such/directory/part.bin. Name its location in lance.blob.external-locations, or copy it into the table");
        assertQueryFails("SELECT b FROM outside", ".* is not read, as it is in a file outside of the root .*");
        assertQueryFails("SELECT length(b) FROM outside WHERE id = 2", "The blob of column b in row 1 of table default.outside is not read, .*");
        assertQueryFails("SELECT id FROM outside WHERE length(b) > 3", "The blob of column b in row 1 of table default.outside is not read, .*");
    }

    @Test
    void testMaxSize()
    {
        Session session = withProperty(getSession(), "blob_max_size", "2999B");
        for (String table : TABLES) {
            assertQueryFails(session, "SELECT b FROM " + table, "The blob of column b in row \\d+ of table default.%s version \\d+ has 3000 bytes, more than lance.blob.max-size = 2999B. Raise it, or the session property blob_max_size, or exclude the row by a condition on length\\(b\\)".formatted(table));
            assertThat(query(session, "SELECT id, b FROM %s WHERE length(b) < 3000".formatted(table))).matches("SELECT id, b FROM %s WHERE length(b) < 3000".formatted(ROWS));
            assertThat(query(session, "SELECT sum(length(b)) FROM " + table)).matches("SELECT sum(length(b)) FROM " + ROWS);
        }
    }

    private void assertBlobs(String table, String columns, String expected)
    {
        assertBlobs(table, columns, expected, "true");
    }

    private void assertBlobs(String table, String columns, String expected, String filter)
    {
        assertThat(query("SELECT %s FROM %s WHERE %s".formatted(columns, table, filter))).as("%s of %s where %s", columns, table, filter)
                .matches("SELECT %s FROM %s WHERE %s".formatted(expected, ROWS, filter));
    }

    private void assertStructs(String table, String columns, String filter)
    {
        assertThat(query("SELECT %s FROM %s WHERE %s".formatted(columns, table, filter))).as("%s of %s where %s", columns, table, filter)
                .matches("SELECT %s FROM %s WHERE %s".formatted(columns, STRUCT_ROWS, filter));
    }

    private void assertBlobsRead(String table, String sql, long expected)
    {
        assertThat(metrics(scan(getDistributedQueryRunner(), getSession(), sql.formatted(table))).getOrDefault("lanceBlobs", 0L)).as(sql, table).isEqualTo(expected);
    }

    private String comment(String table)
    {
        return (String) computeScalar("SELECT comment FROM system.metadata.table_comments WHERE catalog_name = 'lance' AND schema_name = 'default' AND table_name = '%s'".formatted(table));
    }
}
