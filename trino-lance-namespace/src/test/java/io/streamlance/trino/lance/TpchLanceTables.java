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

import com.google.common.collect.Iterators;
import io.trino.tpch.TpchColumn;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.plugin.tpch.TpchMetadata.TINY_SCALE_FACTOR;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * TPC-H tables as Lance datasets.
 */
final class TpchLanceTables
{
    private static final int BATCH_ROWS = 4_000;
    // several fragments per large table
    private static final int FRAGMENT_ROWS = 5_000;

    private TpchLanceTables() {}

    static <E extends TpchEntity> void writeTable(LanceTestData data, String schemaName, TpchTable<E> table)
    {
        List<TpchColumn<E>> columns = table.getColumns();
        Schema schema = new Schema(columns.stream()
                .map(column -> Field.nullable(column.getSimplifiedColumnName(), arrowType(column)))
                .collect(toImmutableList()));
        Iterator<List<E>> batches = Iterators.partition(table.createGenerator(TINY_SCALE_FACTOR, 1, 1).iterator(), BATCH_ROWS);
        Iterator<Consumer<VectorSchemaRoot>> writers = Iterators.transform(batches, rows -> root -> writeBatch(columns, rows, root));
        data.writeTable(List.of(schemaName, table.getTableName()), schema, writers, options -> options.maxRowsPerFile(FRAGMENT_ROWS));
    }

    private static <E extends TpchEntity> void writeBatch(List<TpchColumn<E>> columns, List<E> rows, VectorSchemaRoot root)
    {
        for (int i = 0; i < columns.size(); i++) {
            FieldVector vector = root.getVector(i);
            vector.allocateNew();
            for (int row = 0; row < rows.size(); row++) {
                writeValue(columns.get(i), rows.get(row), vector, row);
            }
        }
        root.setRowCount(rows.size());
    }

    private static <E extends TpchEntity> void writeValue(TpchColumn<E> column, E row, FieldVector vector, int index)
    {
        switch (vector) {
            case BigIntVector longs -> longs.setSafe(index, column.getIdentifier(row));
            case IntVector ints -> ints.setSafe(index, column.getInteger(row));
            case DateDayVector dates -> dates.setSafe(index, column.getDate(row));
            case Float8Vector doubles -> doubles.setSafe(index, column.getDouble(row));
            case VarCharVector strings -> strings.setSafe(index, column.getString(row).getBytes(UTF_8));
            default -> throw new IllegalArgumentException("Unexpected vector: " + vector);
        }
    }

    private static ArrowType arrowType(TpchColumn<?> column)
    {
        return switch (column.getType().getBase()) {
            case IDENTIFIER -> new ArrowType.Int(64, true);
            case INTEGER -> new ArrowType.Int(32, true);
            case DATE -> new ArrowType.Date(DateUnit.DAY);
            case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
            case VARCHAR -> ArrowType.Utf8.INSTANCE;
        };
    }
}
