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
import io.trino.spi.block.DictionaryBlock;
import io.trino.spi.block.VariableWidthBlock;

import java.util.Arrays;
import java.util.Optional;

import static io.streamlance.trino.lance.arrow.ArrowBuffers.LONGS;
import static java.lang.Math.min;

/// Strings of which there are few different ones, such as flags and states. Lance decodes all of them, also those that
/// its files keep as a dictionary; as a dictionary they are grouped, filtered and joined by Trino in a fraction of the time.
final class RepeatedStrings
{
    private static final int MIN_COUNT = 256;
    // if these have many different values, the rest is not looked at
    private static final int SAMPLE = 512;
    private static final int MAX_VALUES_IN_SAMPLE = 32;
    private static final int MAX_VALUES = 128;
    private static final int TABLE_BITS = 9;
    private static final long[] HEAD_MASKS = {0, 0xFF, 0xFFFF, 0xFF_FFFF, 0xFFFF_FFFFL, 0xFF_FFFF_FFFFL, 0xFFFF_FFFF_FFFFL, 0xFF_FFFF_FFFF_FFFFL, -1};

    private final byte[] bytes;
    private final int[] table = new int[1 << TABLE_BITS];
    private final int[] starts = new int[MAX_VALUES];
    private final int[] lengths = new int[MAX_VALUES];
    private final long[] heads = new long[MAX_VALUES];
    private final long[] tails = new long[MAX_VALUES];
    private int size;

    private RepeatedStrings(byte[] bytes)
    {
        this.bytes = bytes;
    }

    /// @param offsets where each value begins in the bytes, and where the last one ends; nulls have no bytes
    /// @return empty if there are many different values
    static Optional<Block> toBlock(Slots slots, byte[] bytes, int[] offsets)
    {
        if (slots.count() < MIN_COUNT) {
            return Optional.empty();
        }
        return new RepeatedStrings(bytes).toBlock(slots, offsets);
    }

    private Optional<Block> toBlock(Slots slots, int[] offsets)
    {
        int[] ids = new int[slots.count()];
        int sample = min(SAMPLE, slots.count());
        if (!findIds(slots, offsets, ids, 0, sample, MAX_VALUES_IN_SAMPLE) || !findIds(slots, offsets, ids, sample, slots.count(), MAX_VALUES)) {
            return Optional.empty();
        }
        if (slots.validity().isEmpty()) {
            return Optional.of(DictionaryBlock.create(ids.length, values(), ids));
        }
        for (int i = 0; i < ids.length; i++) {
            if (!slots.isValid(i)) {
                ids[i] = size;
            }
        }
        return Optional.of(DictionaryBlock.create(ids.length, values().copyWithAppendedNull(), ids));
    }

    private boolean findIds(Slots slots, int[] offsets, int[] ids, int from, int to, int maxValues)
    {
        boolean nulls = slots.validity().isPresent();
        for (int i = from; i < to; i++) {
            int start = offsets[i];
            int length = offsets[i + 1] - start;
            int id = findShort(start, length);
            if (id < 0) {
                if (nulls && length == 0 && !slots.isValid(i)) {
                    continue;
                }
                id = findId(start, length, maxValues);
                if (id < 0) {
                    return false;
                }
            }
            ids[i] = id;
        }
        return true;
    }

    /// The same as [#findId], without the branches that a processor cannot predict.
    ///
    /// @return -1 for strings that are long, or were not seen yet, or collide
    private int findShort(int start, int length)
    {
        if (length > Long.BYTES || start + Long.BYTES > bytes.length) {
            return -1;
        }
        long head = (long) LONGS.get(bytes, start) & HEAD_MASKS[length];
        int id = table[slot(head, 0, length)] - 1;
        return id >= 0 && heads[id] == head && lengths[id] == length ? id : -1;
    }

    private static int slot(long head, long tail, int length)
    {
        return (int) (((head ^ Long.rotateLeft(tail, 29) ^ length) * 0x9E3779B97F4A7C15L) >>> (Long.SIZE - TABLE_BITS));
    }

    /// @return -1 if this would be one value too many
    private int findId(int start, int length, int maxValues)
    {
        long head = word(start, length);
        long tail = length > Long.BYTES ? (long) LONGS.get(bytes, start + length - Long.BYTES) : 0;
        int slot = slot(head, tail, length);
        while (table[slot] != 0) {
            int id = table[slot] - 1;
            if (heads[id] == head && tails[id] == tail && lengths[id] == length && hasSameMiddle(start, starts[id], length)) {
                return id;
            }
            slot = (slot + 1) & (table.length - 1);
        }
        if (size == maxValues) {
            return -1;
        }
        starts[size] = start;
        lengths[size] = length;
        heads[size] = head;
        tails[size] = tail;
        size++;
        table[slot] = size;
        return size - 1;
    }

    private boolean hasSameMiddle(int start, int otherStart, int length)
    {
        return length <= 2 * Long.BYTES || Arrays.equals(bytes, start, start + length, bytes, otherStart, otherStart + length);
    }

    // the first bytes of a value, zeros behind its end
    private long word(int start, int length)
    {
        if (start + Long.BYTES <= bytes.length) {
            // no branch, as lengths cannot be predicted
            return (long) LONGS.get(bytes, start) & HEAD_MASKS[min(length, Long.BYTES)];
        }
        long word = 0;
        for (int i = min(length, Long.BYTES) - 1; i >= 0; i--) {
            word = (word << Byte.SIZE) | Byte.toUnsignedLong(bytes[start + i]);
        }
        return word;
    }

    private VariableWidthBlock values()
    {
        int[] offsets = new int[size + 1];
        for (int i = 0; i < size; i++) {
            offsets[i + 1] = offsets[i] + lengths[i];
        }
        byte[] values = new byte[offsets[size]];
        for (int i = 0; i < size; i++) {
            System.arraycopy(bytes, starts[i], values, offsets[i], lengths[i]);
        }
        return new VariableWidthBlock(size, Slices.wrappedBuffer(values), offsets, Optional.empty());
    }
}
