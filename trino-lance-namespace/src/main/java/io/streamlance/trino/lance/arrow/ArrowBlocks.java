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
package io.streamlance.trino.lance.arrow;

import io.trino.spi.block.Block;
import io.trino.spi.type.Type;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;

import java.util.List;
import java.util.Optional;

import static io.trino.spi.type.BigintType.BIGINT;
import static java.util.Objects.requireNonNull;

/**
 * Copies Arrow vectors into Trino blocks of the types that {@link ArrowTypes} chose for them. The
 * blocks do not refer to Arrow's memory, which is freed or overwritten with the next batch.
 */
public final class ArrowBlocks
{
    private final DictionaryProvider dictionaries;

    public ArrowBlocks(DictionaryProvider dictionaries)
    {
        this.dictionaries = requireNonNull(dictionaries, "dictionaries is null");
    }

    /**
     * @throws ArithmeticException if a value does not fit the type
     * @throws UnreadableValueException if a value is not what the type of the vector says
     */
    public Block toBlock(FieldVector vector, Type type, int start, int count)
    {
        return toBlock(vector, type, Slots.of(vector, start, count));
    }

    /// Copies a column, or a field nested in structs, which is null where one of them is.
    ///
    /// @param path names of the column and the fields
    public Block toBlock(VectorSchemaRoot batch, List<String> path, Type type)
    {
        FieldVector vector = batch.getVector(path.getFirst());
        Slots slots = Slots.of(vector, 0, batch.getRowCount());
        for (String name : path.subList(1, path.size())) {
            vector = ((StructVector) vector).getChild(name);
            slots = Slots.of(vector, 0, batch.getRowCount(), slots.validity());
        }
        return toBlock(vector, type, slots);
    }

    Block toBlock(FieldVector vector, Type type, Slots slots)
    {
        if (vector.getField().getDictionary() != null) {
            FieldVector values = dictionaries.lookup(vector.getField().getDictionary().getId()).getVector();
            return DictionaryBlocks.read(vector, slots, toBlock(values, type, 0, values.getValueCount()));
        }
        Optional<Block> extension = ExtensionBlocks.read(vector, type, slots);
        if (extension.isPresent()) {
            return extension.orElseThrow();
        }
        return switch (vector) {
            case BaseVariableWidthVector json when JsonBlocks.isJson(type) -> JsonBlocks.read(VariableWidthBlocks.read(json, slots), slots);
            case BaseLargeVariableWidthVector json when JsonBlocks.isJson(type) -> JsonBlocks.read(VariableWidthBlocks.read(json, slots), slots);
            case BaseVariableWidthVector variable -> VariableWidthBlocks.read(variable, slots);
            case BaseLargeVariableWidthVector variable -> VariableWidthBlocks.read(variable, slots);
            case FixedSizeBinaryVector binary -> VariableWidthBlocks.read(binary, slots);
            case MapVector map -> NestedBlocks.readMap(this, map, type, slots);
            case ListVector list -> NestedBlocks.readList(this, list, type, slots);
            case LargeListVector list -> NestedBlocks.readList(this, list, type, slots);
            case FixedSizeListVector list -> NestedBlocks.readList(this, list, type, slots);
            case StructVector struct -> NestedBlocks.readRow(this, struct, type, slots);
            // row ids and addresses, which stay far below the largest bigint; unsigned columns are decimals
            case UInt8Vector rowIds when type.equals(BIGINT) -> FixedWidthBlocks.readLongs(rowIds, slots);
            default -> FixedWidthBlocks.read(vector, slots);
        };
    }
}
