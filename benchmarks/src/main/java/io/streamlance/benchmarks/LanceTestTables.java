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
package io.streamlance.benchmarks;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.trino.tpch.LineItem;
import io.trino.tpch.LineItemColumn;
import io.trino.tpch.TpchColumn;
import io.trino.tpch.TpchTable;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.lance.Dataset;
import org.lance.index.IndexOptions;
import org.lance.index.IndexParams;
import org.lance.index.IndexType;
import org.lance.index.scalar.BTreeIndexParams;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.nio.charset.StandardCharsets.UTF_8;

/// Datasets in a folder, written by Lance itself; those that are there already are left as they are.
final class LanceTestTables
{
    static final int VECTOR_DIMENSION = 128;
    static final int FRAGMENTS = 1_000;
    static final int FRAGMENT_ROWS = 1_000;

    private static final ArrowType BIGINT = new ArrowType.Int(64, true);
    private static final ArrowType INTEGER = new ArrowType.Int(32, true);
    private static final ArrowType SMALLINT = new ArrowType.Int(16, true);
    private static final ArrowType DOUBLE = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
    private static final ArrowType REAL = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
    private static final ArrowType DATE = new ArrowType.Date(DateUnit.DAY);
    private static final ArrowType TIMESTAMP = new ArrowType.Timestamp(TimeUnit.MICROSECOND, null);
    private static final ArrowType DECIMAL = new ArrowType.Decimal(12, 2, 128);

    static final Map<String, ArrowType> WIDE_COLUMNS = ImmutableMap.<String, ArrowType>builder()
            .put("id", BIGINT)
            .put("account", BIGINT)
            .put("amount", BIGINT)
            .put("quantity", INTEGER)
            .put("code", INTEGER)
            .put("flags", SMALLINT)
            .put("price", DOUBLE)
            .put("discount", DOUBLE)
            .put("rating_with_nulls", DOUBLE)
            .put("score", REAL)
            .put("total", DECIMAL)
            .put("active", ArrowType.Bool.INSTANCE)
            .put("day", DATE)
            .put("at", TIMESTAMP)
            .put("state", ArrowType.Utf8.INSTANCE)
            .put("name", ArrowType.Utf8.INSTANCE)
            .buildOrThrow();

    private final BufferAllocator allocator;
    private final Path root;

    LanceTestTables(BufferAllocator allocator, Path root)
    {
        this.allocator = allocator;
        this.root = root;
    }

    String location(String table)
    {
        return root.resolve(table + ".lance").toString();
    }

    /// 16 columns in fragments of a million rows.
    void writeWide(String table, long rows, int fragmentRows)
            throws IOException
    {
        List<Field> fields = WIDE_COLUMNS.entrySet().stream()
                .map(column -> Field.nullable(column.getKey(), column.getValue()))
                .collect(toImmutableList());
        write(table, new Schema(fields), new GeneratedBatches.Rows(rows, LanceTestTables::setWide), fragmentRows);
    }

    /// Integers in columns `c0`, `c1` and so on; those after the first ten take next to no space.
    void writeColumns(int columns, long rows)
            throws IOException
    {
        List<Field> fields = IntStream.range(0, columns)
                .mapToObj(column -> Field.nullable("c" + column, BIGINT))
                .collect(toImmutableList());
        write("columns_" + columns, new Schema(fields), new GeneratedBatches.Rows(rows, LanceTestTables::setColumn), Integer.MAX_VALUE);
    }

    void writeVectors(String table, long rows)
            throws IOException
    {
        Field vector = new Field("vector", FieldType.nullable(new ArrowType.FixedSizeList(VECTOR_DIMENSION)), ImmutableList.of(Field.nullable("item", REAL)));
        Schema schema = new Schema(ImmutableList.of(Field.nullable("id", BIGINT), vector));
        write(table, schema, new GeneratedBatches.Rows(rows, LanceTestTables::setVector), Integer.MAX_VALUE);
    }

    /// TPC-H's lineitem, with the types that Trino's tpch connector has.
    void writeLineItem(String table, double scale)
            throws IOException
    {
        List<Field> fields = TpchTable.LINE_ITEM.getColumns().stream()
                .map(column -> Field.nullable(column.getSimplifiedColumnName(), arrowType(column)))
                .collect(toImmutableList());
        Iterator<LineItem> items = TpchTable.LINE_ITEM.createGenerator(scale, 1, 1).iterator();
        write(table, new Schema(fields), (root, index) -> {
            if (!items.hasNext()) {
                return false;
            }
            LineItem item = items.next();
            for (int i = 0; i < fields.size(); i++) {
                setLineItem((LineItemColumn) TpchTable.LINE_ITEM.getColumns().get(i), item, root.getVector(i), index);
            }
            return true;
        }, 1_000_000);
    }

    void index(String table, String column)
    {
        try (Dataset dataset = Dataset.open().allocator(allocator).uri(location(table)).build()) {
            if (!dataset.listIndexes().isEmpty()) {
                return;
            }
            dataset.createIndex(IndexOptions.builder(
                            ImmutableList.of(column),
                            IndexType.BTREE,
                            IndexParams.builder().setScalarIndexParams(BTreeIndexParams.builder().build()).build())
                    .build());
        }
    }

    private void write(String table, Schema schema, GeneratedBatches.RowWriter writer, int fragmentRows)
            throws IOException
    {
        if (Files.exists(Path.of(location(table)))) {
            return;
        }
        try (GeneratedBatches batches = new GeneratedBatches(allocator, schema, writer)) {
            Dataset.write()
                    .allocator(allocator)
                    .reader(batches)
                    .uri(location(table))
                    .maxRowsPerFile(fragmentRows)
                    .execute()
                    .close();
        }
        Measurement.OUT.printf("wrote %s%n", table);
    }

    private static void setColumn(long row, FieldVector vector, int index)
    {
        boolean first = vector.getName().length() == 2;
        ((BigIntVector) vector).setSafe(index, first ? Long.remainderUnsigned(mix(row * 31 + vector.getName().hashCode()), 1_000) : 0);
    }

    private static void setWide(long row, FieldVector vector, int index)
    {
        long random = mix(row * 31 + vector.getName().hashCode());
        switch (vector) {
            case BigIntVector values -> values.setSafe(index, vector.getName().equals("id") ? row : Long.remainderUnsigned(random, 1_000_000_000));
            case IntVector values -> values.setSafe(index, (int) (random >>> 44));
            case SmallIntVector values -> values.setSafe(index, (int) (random >>> 50));
            case Float8Vector values -> {
                if (vector.getName().endsWith("_with_nulls") && random % 10 == 0) {
                    values.setNull(index);
                }
                else {
                    values.setSafe(index, (random >>> 20) / 1e6);
                }
            }
            case Float4Vector values -> values.setSafe(index, (random >>> 40) / 1e3f);
            case DecimalVector values -> values.setSafe(index, Long.remainderUnsigned(random, 10_000_000_000L));
            case BitVector values -> values.setSafe(index, (int) (random & 1));
            case DateDayVector values -> values.setSafe(index, (int) Long.remainderUnsigned(random, 20_000));
            case TimeStampMicroVector values -> values.setSafe(index, 1_700_000_000_000_000L + row * 1_000 + (random & 511));
            case VarCharVector values when vector.getName().equals("state") -> values.setSafe(index, ("state-" + (random & 15)).getBytes(UTF_8));
            case VarCharVector values -> values.setSafe(index, "customer-%019d".formatted(random >>> 1).getBytes(UTF_8));
            default -> throw new IllegalArgumentException("no values for " + vector);
        }
    }

    private static void setVector(long row, FieldVector vector, int index)
    {
        switch (vector) {
            case BigIntVector values -> values.setSafe(index, row);
            case FixedSizeListVector lists -> {
                lists.startNewValue(index);
                Float4Vector values = (Float4Vector) lists.getDataVector();
                for (int i = 0; i < VECTOR_DIMENSION; i++) {
                    values.setSafe(index * VECTOR_DIMENSION + i, (mix(row * VECTOR_DIMENSION + i) >>> 40) / 1e6f);
                }
            }
            default -> throw new IllegalArgumentException("no values for " + vector);
        }
    }

    private static void setLineItem(LineItemColumn column, LineItem item, FieldVector vector, int index)
    {
        switch (vector) {
            case BigIntVector values -> values.setSafe(index, column.getIdentifier(item));
            case IntVector values -> values.setSafe(index, column.getInteger(item));
            case DateDayVector values -> values.setSafe(index, column.getDate(item));
            case Float8Vector values -> values.setSafe(index, column.getDouble(item));
            case VarCharVector values -> values.setSafe(index, column.getString(item).getBytes(UTF_8));
            default -> throw new IllegalArgumentException("no values for " + vector);
        }
    }

    private static ArrowType arrowType(TpchColumn<?> column)
    {
        return switch (column.getType().getBase()) {
            case IDENTIFIER -> BIGINT;
            case INTEGER -> INTEGER;
            case DATE -> DATE;
            case DOUBLE -> DOUBLE;
            case VARCHAR -> ArrowType.Utf8.INSTANCE;
        };
    }

    /// SplitMix64: the same random bits for the same value.
    private static long mix(long value)
    {
        long bits = value * 0x9E3779B97F4A7C15L;
        bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
        return bits ^ (bits >>> 31);
    }
}
