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

import io.airlift.slice.Slices;
import io.trino.spi.block.Block;
import io.trino.spi.block.VariableWidthBlock;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;

import java.util.Arrays;
import java.util.Optional;

import static java.lang.Math.multiplyExact;
import static java.lang.Math.toIntExact;

final class VariableWidthBlocks
{
    private VariableWidthBlocks() {}

    static Block read(BaseVariableWidthVector vector, Slots slots)
    {
        if (slots.count() == 0) {
            return create(slots, new byte[0], new int[1]);
        }
        int[] offsets = ArrowBuffers.ints(vector.getOffsetBuffer(), slots.start(), slots.count() + 1);
        int first = offsets[0];
        byte[] bytes = copyData(vector.getDataBuffer(), first, offsets[slots.count()]);
        if (first != 0) {
            for (int i = 0; i < offsets.length; i++) {
                offsets[i] -= first;
            }
        }
        return create(slots, bytes, offsets);
    }

    static Block read(BaseLargeVariableWidthVector vector, Slots slots)
    {
        if (slots.count() == 0) {
            return create(slots, new byte[0], new int[1]);
        }
        long[] largeOffsets = ArrowBuffers.longs(vector.getOffsetBuffer(), slots.start(), slots.count() + 1);
        long first = largeOffsets[0];
        byte[] bytes = copyData(vector.getDataBuffer(), first, largeOffsets[slots.count()]);
        int[] offsets = new int[largeOffsets.length];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = toIntExact(largeOffsets[i] - first);
        }
        return create(slots, bytes, offsets);
    }

    static Block read(FixedSizeBinaryVector vector, Slots slots)
    {
        int width = vector.getByteWidth();
        byte[] bytes = ArrowBuffers.bytes(vector.getDataBuffer(), (long) slots.start() * width, (long) slots.count() * width);
        int[] offsets = new int[slots.count() + 1];
        Arrays.setAll(offsets, i -> multiplyExact(i, width));
        return create(slots, bytes, offsets);
    }

    private static byte[] copyData(ArrowBuf data, long start, long end)
    {
        return ArrowBuffers.bytes(data, start, end - start);
    }

    private static Block create(Slots slots, byte[] bytes, int[] offsets)
    {
        int length = slots.validity().isPresent() ? removeBytesOfNulls(slots, bytes, offsets) : bytes.length;
        Optional<Block> repeated = RepeatedStrings.toBlock(slots, bytes, offsets);
        if (repeated.isPresent()) {
            return repeated.orElseThrow();
        }
        return new VariableWidthBlock(slots.count(), Slices.wrappedBuffer(bytes, 0, length), offsets, slots.validity());
    }

    /**
     * Arrow allows bytes behind a null, and always has them for values of fixed size; Trino takes the
     * length of a null to be zero.
     *
     * @return number of bytes that are left
     */
    private static int removeBytesOfNulls(Slots slots, byte[] bytes, int[] offsets)
    {
        int length = 0;
        int start = offsets[0];
        for (int i = 0; i < slots.count(); i++) {
            int end = offsets[i + 1];
            if (slots.isValid(i)) {
                if (length != start) {
                    System.arraycopy(bytes, start, bytes, length, end - start);
                }
                length += end - start;
            }
            offsets[i + 1] = length;
            start = end;
        }
        return length;
    }
}
