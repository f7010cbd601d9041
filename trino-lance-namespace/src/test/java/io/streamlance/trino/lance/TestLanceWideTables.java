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
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lance.index.IndexType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/// Tables with so many columns that a scanner of Lance takes longer to make than to read, which is minutes for some of these
/// queries.
@Timeout(300)
final class TestLanceWideTables
        extends AbstractTestQueryFramework
{
    private static final int COLUMNS = 1_000;
    private static final int MANY_COLUMNS = 3_000;
    // a value is this times the number of its row, and the number of its column
    private static final long ROW = 10_000;
    private static final int FRAGMENT_ROWS = 4;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog()
                .setWorkerCount(0)
                .build();
        Path root = Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve("wide"));
        try (LanceTestData data = new LanceTestData(root)) {
            write(data, "many", MANY_COLUMNS, false);
            for (String table : List.of("wide", "stable")) {
                write(data, table, COLUMNS, table.equals("stable"));
                data.changeTable(List.of(table), dataset -> LanceTestData.createIndex(dataset, "c7", IndexType.BTREE));
                data.changeTable(List.of(table), dataset -> LanceTestData.createIndex(dataset, "c8", IndexType.BITMAP));
                data.changeTable(List.of(table), dataset -> dataset.delete("c0 = 20000"));
                data.changeTable(List.of(table), dataset -> dataset.dropColumns(List.of("c500")));
            }
        }
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString()));
        return queryRunner;
    }

    @Test
    void testColumns()
    {
        assertThat(computeActual("DESCRIBE many").getRowCount()).isEqualTo(MANY_COLUMNS + 1);
        assertThat(computeActual("DESCRIBE wide").getRowCount()).isEqualTo(COLUMNS);
        assertQuery(
                "SELECT table_name, count(*), count(DISTINCT ordinal_position), min(column_name) FROM information_schema.columns WHERE table_schema = 'default' GROUP BY table_name",
                "VALUES ('many', 3001, 3001, 'c0'), ('wide', 1000, 1000, 'c0'), ('stable', 1000, 1000, 'c0')");
        assertQuery("SELECT ordinal_position FROM information_schema.columns WHERE table_schema = 'default' AND table_name = 'many' AND column_name IN ('c0', 'c2999', 's')", "VALUES 1, 3000, 3001");
    }

    @Test
    void testFewColumns()
    {
        assertQuery("SELECT c1, c2, c2999 FROM many WHERE c7 = 10007", "VALUES (10001, 10002, 12999)");
        assertQuery("SELECT c1, c2, c3, c4, c5, c6, c7, c8, c9, c10 FROM many WHERE c0 = 30000", "VALUES (30001, 30002, 30003, 30004, 30005, 30006, 30007, 30008, 30009, 30010)");
        assertQuery("SELECT c11, s.a FROM many WHERE s.a = 1", "VALUES (10011, 1)");
        assertQuery("SELECT c2998 FROM many ORDER BY c2999 DESC LIMIT 2", "VALUES 72998, 62998");
        assertQuery("SELECT count(*), sum(c17) FROM many", "VALUES (8, 280136)");
        assertQuery("SELECT count(*) FROM many WHERE c17 > 30017", "VALUES 4");
        assertQuery("SELECT c3 FROM many WHERE \"_rowid\" IN (1, 4294967297)", "VALUES 10003, 50003");
    }

    @Test
    void testIndexesAndDeletions()
    {
        for (String table : List.of("wide", "stable")) {
            assertQuery("SELECT c1, c999 FROM %s WHERE c7 = 30007".formatted(table), "VALUES (30001, 30999)");
            assertQuery("SELECT c1 FROM %s WHERE c7 IN (10007, 20007, 30007) AND c8 > 10008 AND c9 < 99999".formatted(table), "VALUES 30001");
            assertQuery("SELECT c7 FROM %s WHERE c8 = 60008".formatted(table), "VALUES 60007");
            assertQuery("SELECT c1 FROM %s".formatted(table), "VALUES 1, 10001, 30001, 40001, 50001, 60001, 70001");
            assertQuery("SELECT c998, s.a FROM %s WHERE c999 < 40000".formatted(table), "VALUES (998, 0), (10998, 1), (30998, 3)");
            assertQuery("SELECT a.c1, b.c2 FROM %1$s a JOIN %1$s b ON a.c7 = b.c7 WHERE b.c8 = 10008".formatted(table), "VALUES (10001, 10002)");
            assertQueryFails("SELECT c500 FROM " + table, ".*Column 'c500' cannot be resolved");
        }
    }

    @Test
    void testStatistics()
    {
        // one for each column, and one for the table
        assertThat(computeActual("SHOW STATS FOR (SELECT c1, c7 FROM wide)").getRowCount()).isEqualTo(3);
    }

    @Test
    void testAllColumns()
    {
        List<Object> row = computeActual("SELECT * FROM many WHERE c0 = 30000").getMaterializedRows().getFirst().getFields();
        assertThat(row).hasSize(MANY_COLUMNS + 1);
        assertThat(row.subList(0, MANY_COLUMNS)).isEqualTo(IntStream.range(0, MANY_COLUMNS).mapToObj(column -> 3 * ROW + column).toList());
        String columns = String.join(", ", IntStream.range(501, COLUMNS).mapToObj(column -> "c" + column).toList());
        row = computeActual("SELECT \"_rowid\", %s, \"_rowaddr\" FROM wide WHERE c0 = 10000".formatted(columns)).getMaterializedRows().getFirst().getFields();
        assertThat(row.getFirst()).isEqualTo(1L);
        assertThat(row.get(1)).isEqualTo(10_501L);
        assertThat(row.getLast()).isEqualTo(1L);
    }

    private static void write(LanceTestData data, String table, int columns, boolean stableRowIds)
    {
        List<Field> fields = new ArrayList<>();
        for (int column = 0; column < columns; column++) {
            fields.add(Field.nullable("c" + column, new ArrowType.Int(64, true)));
        }
        fields.add(new Field("s", FieldType.nullable(ArrowType.Struct.INSTANCE), List.of(Field.nullable("a", new ArrowType.Int(64, true)), Field.nullable("b", ArrowType.Utf8.INSTANCE))));
        List<Consumer<VectorSchemaRoot>> batches = List.of(rows -> fill(rows, columns, 0), rows -> fill(rows, columns, FRAGMENT_ROWS));
        data.writeTable(List.of(table), new Schema(fields), batches.iterator(), options -> options.maxRowsPerFile(FRAGMENT_ROWS).enableStableRowIds(stableRowIds));
    }

    private static void fill(VectorSchemaRoot rows, int columns, int firstRow)
    {
        rows.allocateNew();
        for (int row = 0; row < FRAGMENT_ROWS; row++) {
            for (int column = 0; column < columns; column++) {
                ((BigIntVector) rows.getVector(column)).setSafe(row, (firstRow + row) * ROW + column);
            }
            ((BigIntVector) ((StructVector) rows.getVector(columns)).getChild("a")).setSafe(row, firstRow + row);
            ((StructVector) rows.getVector(columns)).setIndexDefined(row);
        }
        rows.setRowCount(FRAGMENT_ROWS);
    }
}
