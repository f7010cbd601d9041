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

import io.trino.spi.block.ArrayBlock;
import io.trino.spi.block.Block;
import io.trino.spi.block.MapBlock;
import io.trino.spi.block.RowBlock;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.MapType;
import io.trino.spi.type.RowType;
import io.trino.spi.type.Type;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;

import java.util.Arrays;

import static java.lang.Math.multiplyExact;
import static java.lang.Math.toIntExact;

/**
 * Arrays, maps and rows. Only the elements that the wanted values refer to are copied: a batch may
 * be a small window on large child vectors.
 */
final class NestedBlocks
{
    private NestedBlocks() {}

    static Block readList(ArrowBlocks blocks, ListVector vector, Type type, Slots slots)
    {
        return readArray(blocks, vector.getDataVector(), type, slots, Entries.of(offsets(vector, slots), slots));
    }

    static Block readList(ArrowBlocks blocks, LargeListVector vector, Type type, Slots slots)
    {
        long[] largeOffsets = slots.count() == 0 ? new long[1] : ArrowBuffers.longs(vector.getOffsetBuffer(), slots.start(), slots.count() + 1);
        int[] offsets = new int[largeOffsets.length];
        Arrays.setAll(offsets, i -> toIntExact(largeOffsets[i]));
        return readArray(blocks, vector.getDataVector(), type, slots, Entries.of(offsets, slots));
    }

    static Block readList(ArrowBlocks blocks, FixedSizeListVector vector, Type type, Slots slots)
    {
        int[] offsets = new int[slots.count() + 1];
        Arrays.setAll(offsets, i -> multiplyExact(slots.start() + i, vector.getListSize()));
        return readArray(blocks, vector.getDataVector(), type, slots, Entries.of(offsets, slots));
    }

    static Block readMap(ArrowBlocks blocks, MapVector vector, Type type, Slots slots)
    {
        MapType mapType = (MapType) type;
        StructVector keysAndValues = (StructVector) vector.getDataVector();
        Entries entries = Entries.of(offsets(vector, slots), slots);
        return MapBlock.fromKeyValueBlock(
                slots.validity(),
                entries.offsets(),
                entries.read(blocks, (FieldVector) keysAndValues.getChildByOrdinal(0), mapType.getKeyType()),
                entries.read(blocks, (FieldVector) keysAndValues.getChildByOrdinal(1), mapType.getValueType()),
                mapType);
    }

    static Block readRow(ArrowBlocks blocks, StructVector vector, Type type, Slots slots)
    {
        RowType rowType = (RowType) type;
        Block[] fields = new Block[rowType.getFields().size()];
        for (int i = 0; i < fields.length; i++) {
            FieldVector field = (FieldVector) vector.getChildByOrdinal(i);
            Slots fieldSlots = Slots.of(field, slots.start(), slots.count(), slots.validity());
            fields[i] = blocks.toBlock(field, rowType.getFields().get(i).getType(), fieldSlots);
        }
        return RowBlock.fromNotNullSuppressedFieldBlocks(slots.count(), slots.validity(), fields);
    }

    private static Block readArray(ArrowBlocks blocks, FieldVector elements, Type type, Slots slots, Entries entries)
    {
        return ArrayBlock.fromElementBlock(
                slots.count(),
                slots.validity(),
                entries.offsets(),
                entries.read(blocks, elements, ((ArrayType) type).getElementType()));
    }

    private static int[] offsets(ListVector vector, Slots slots)
    {
        return slots.count() == 0 ? new int[1] : ArrowBuffers.ints(vector.getOffsetBuffer(), slots.start(), slots.count() + 1);
    }
}
