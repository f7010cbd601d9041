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

import com.google.common.collect.ImmutableMap;
import io.trino.operator.OperatorStats;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.lance.Dataset;
import org.lance.index.IndexType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static com.google.common.collect.MoreCollectors.onlyElement;
import static io.streamlance.trino.lance.ScanStatistics.metrics;
import static io.streamlance.trino.lance.ScanStatistics.scan;
import static java.util.Locale.ENGLISH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

/// What the indexes say of columns that are not plain integers: of each type two columns, `b_` with a BTREE and `z_` with a
/// ZONEMAP index.
final class TestLanceIndexFacts
        extends AbstractTestQueryFramework
{
    private static final int ROWS = 12_000;
    // a page of a B-tree
    private static final int PAGE = 4_096;

    private static final Map<String, ArrowType> TYPES = ImmutableMap.<String, ArrowType>builder()
            .put("uint64", new ArrowType.Int(64, false))
            .put("large_uint64", new ArrowType.Int(64, false))
            .put("uint32", new ArrowType.Int(32, false))
            .put("day", new ArrowType.Date(DateUnit.DAY))
            .put("page_of_nulls", new ArrowType.Int(64, true))
            .put("some_nulls", new ArrowType.Int(64, true))
            .put("nan", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE))
            .put("zoned", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"))
            .put("deleted", new ArrowType.Int(64, true))
            .buildOrThrow();

    private static final List<String> NAMES = List.of("order-id", "a b", "Upper", "größe", "x²", "under_score");

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog().build();
        Path root = Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve("facts"));
        try (LanceTestData data = new LanceTestData(root)) {
            data.writeTable(List.of("types"), new Schema(TYPES.entrySet().stream()
                    .flatMap(type -> List.of(Field.nullable("b_" + type.getKey(), type.getValue()), Field.nullable("z_" + type.getKey(), type.getValue())).stream())
                    .toList()), List.of(TestLanceIndexFacts::fill));
            data.changeTable(List.of("types"), dataset -> TYPES.keySet().forEach(name -> {
                createIndex(dataset, "b_" + name, IndexType.BTREE);
                createIndex(dataset, "z_" + name, IndexType.ZONEMAP);
            }));
            data.changeTable(List.of("types"), dataset -> dataset.delete("b_deleted % 2 = 0"));
            data.writeTable(List.of("names"), new Schema(NAMES.stream().map(name -> Field.nullable(name, new ArrowType.Int(64, true))).toList()), List.of(batch -> {
                NAMES.forEach(name -> fill(batch.getVector(name), 0));
                batch.setRowCount(ROWS);
            }));
            data.changeTable(List.of("names"), dataset -> NAMES.forEach(name -> createIndex(dataset, name.matches("\\w+|größe|x²") ? name : "`" + name + "`", IndexType.BTREE)));
            data.writeTable(List.of("several"), new Schema(List.of(Field.nullable("value", new ArrowType.Int(64, true)))), List.of(batch -> {
                for (int i = 0; i < ROWS; i++) {
                    ((BigIntVector) batch.getVector("value")).setSafe(i, 10 * (i % 100));
                }
                ((BigIntVector) batch.getVector("value")).setNull(0);
                batch.setRowCount(ROWS);
            }));
            data.changeTable(List.of("several"), dataset -> {
                createIndex(dataset, "value", IndexType.BITMAP);
                createIndex(dataset, "value", IndexType.ZONEMAP);
            });
            Field child = Field.nullable("order-id", new ArrowType.Int(64, true));
            data.writeTable(List.of("nested"), new Schema(List.of(new Field("s t", FieldType.nullable(ArrowType.Struct.INSTANCE), List.of(child)))), List.of(batch -> {
                StructVector struct = (StructVector) batch.getVector("s t");
                fill(struct.getChild("order-id"), 0);
                for (int i = 0; i < ROWS; i++) {
                    struct.setIndexDefined(i);
                }
                batch.setRowCount(ROWS);
            }));
            data.changeTable(List.of("nested"), dataset -> createIndex(dataset, "`s t`.`order-id`", IndexType.BTREE));
        }
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString()));
        return queryRunner;
    }

    @Test
    void testUnsignedIntegers()
    {
        // one value is above the bigint range
        assertRange("b_uint64", "1.0", "9.223372036854776E18");
        assertRange("z_uint64", "1.0", "9.223372036854776E18");
        assertThat(rowCount("SELECT * FROM types WHERE z_uint64 > 9000000000000000000")).isBetween(1.0, ROWS / 2.0);
        // all are
        assertRange("b_large_uint64", "9.223372036854776E18", "9.223372036854788E18");
        assertRange("z_large_uint64", "9.223372036854776E18", "9.223372036854788E18");
        assertRange("b_uint32", "4294955296", "4294967295");
        assertRange("z_uint32", "4294955296", "4294967295");
    }

    @Test
    void testDates()
    {
        assertRange("b_day", "1970-01-02", "2002-11-09");
        assertRange("z_day", "1970-01-02", "2002-11-09");
        assertThat(rowCount("SELECT * FROM types WHERE b_day < DATE '1978-03-20'")).isCloseTo(1_500, offset(5.0));
    }

    @Test
    void testNulls()
    {
        // a page of nulls alone is not among those that a B-tree tells the values of; half of its rows are deleted
        assertThat((double) statistics("types", "b_page_of_nulls").get(2)).isCloseTo((double) PAGE / ROWS, offset(0.001));
        assertThat((double) statistics("types", "z_page_of_nulls").get(2)).isCloseTo((double) PAGE / ROWS, offset(0.001));
        assertThat(statistics("types", "b_some_nulls").get(2)).isNull();
        assertThat((double) statistics("types", "z_some_nulls").get(2)).isCloseTo(0.1, offset(0.001));
        assertThat(statistics("types", "b_uint64").get(2)).isEqualTo(0.0);
    }

    @Test
    void testOthers()
    {
        // not a number is no end of a range
        assertRange("b_nan", null, null);
        assertRange("z_nan", null, null);
        assertRange("b_zoned", "1970-01-01 00:00:00.000 UTC", "1970-01-01 00:00:00.012 UTC");
        assertRange("z_zoned", "1970-01-01 00:00:00.000 UTC", "1970-01-01 00:00:00.012 UTC");
        // indexes know nothing of deletions
        assertRange("b_deleted", "1", "12000");
        assertRange("z_deleted", "1", "12000");
    }

    @Test
    void testSeveralIndexesOfOneColumn()
    {
        List<Object> statistics = statistics("several", "value");
        assertThat((double) statistics.get(1)).isBetween(100.0, 101.0);
        assertThat((double) statistics.get(2)).isCloseTo(1.0 / ROWS, offset(0.0001));
        assertThat(statistics.subList(4, 6)).containsExactly("0", "990");
    }

    @Test
    void testNames()
    {
        for (String name : NAMES) {
            assertThat(statistics("names", name.toLowerCase(ENGLISH)).subList(4, 6)).as(name).containsExactly("1", "12000");
            assertIndexIsUsed("SELECT * FROM names WHERE \"%s\" = 77".formatted(name));
        }
        assertIndexIsUsed("SELECT * FROM nested WHERE \"s t\".\"order-id\" = 77");
    }

    private void assertIndexIsUsed(String sql)
    {
        OperatorStats scan = scan(getDistributedQueryRunner(), getSession(), sql);
        assertThat(scan.getOutputPositions()).as(sql).isEqualTo(1);
        assertThat(metrics(scan).get("lanceIndexComparisons")).as(sql).isPositive();
    }

    private void assertRange(String column, String low, String high)
    {
        assertThat(statistics("types", column).subList(4, 6)).as(column).containsExactly(low, high);
    }

    // data size, distinct values, share of nulls, rows, low, high
    private List<Object> statistics(String table, String column)
    {
        return computeActual("SHOW STATS FOR " + table).getMaterializedRows().stream()
                .filter(row -> column.equals(row.getField(0)))
                .map(row -> row.getFields().subList(1, 7))
                .collect(onlyElement());
    }

    private double rowCount(String sql)
    {
        return (double) computeActual("SHOW STATS FOR (%s)".formatted(sql)).getMaterializedRows().getLast().getField(4);
    }

    private static void createIndex(Dataset dataset, String path, IndexType type)
    {
        // in the order of creation
        LanceTestData.createIndex(dataset, path, type, type + " of " + path);
    }

    private static void fill(VectorSchemaRoot batch)
    {
        for (FieldVector vector : batch.getFieldVectors()) {
            fill(vector, switch (vector.getName().substring(2)) {
                case "large_uint64" -> Long.MIN_VALUE;
                case "uint32" -> (1L << Integer.SIZE) - 1 - ROWS;
                default -> 0;
            });
            switch (vector.getName().substring(2)) {
                case "uint64" -> ((UInt8Vector) vector).set(4, Long.MIN_VALUE);
                case "nan" -> ((Float8Vector) vector).set(6, Double.NaN);
                case "page_of_nulls" -> setNulls(vector, PAGE);
                case "some_nulls" -> setNulls(vector, ROWS / 10);
                default -> {}
            }
        }
        batch.setRowCount(ROWS);
    }

    private static void setNulls(FieldVector vector, int count)
    {
        for (int i = 0; i < count; i++) {
            vector.setNull(i);
        }
    }

    private static void fill(FieldVector vector, long offset)
    {
        for (int i = 0; i < ROWS; i++) {
            long value = offset + i + 1;
            switch (vector) {
                case BigIntVector values -> values.setSafe(i, value);
                case UInt8Vector values -> values.setSafe(i, value);
                case UInt4Vector values -> values.setSafe(i, (int) value);
                case DateDayVector values -> values.setSafe(i, (int) value);
                case Float8Vector values -> values.setSafe(i, value);
                case TimeStampVector values -> values.setSafe(i, value);
                default -> throw new IllegalArgumentException(vector.getField().toString());
            }
        }
    }
}
