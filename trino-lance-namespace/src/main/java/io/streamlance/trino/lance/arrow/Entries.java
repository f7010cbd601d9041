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
import org.apache.arrow.vector.FieldVector;

import java.util.Arrays;
import java.util.Optional;

/**
 * The elements of the lists or maps in a run of values.
 *
 * @param first index of the first element in the child vector
 * @param length number of elements in the child vector from there on
 * @param offsets where each list begins in the elements that are kept
 * @param kept the elements that are kept; empty for all
 */
record Entries(int first, int length, int[] offsets, Optional<int[]> kept)
{
    /**
     * @param offsets where each list begins in the child vector, and where the last one ends; is overwritten
     */
    static Entries of(int[] offsets, Slots slots)
    {
        int first = offsets[0];
        int length = offsets[slots.count()] - first;
        Arrays.setAll(offsets, i -> offsets[i] - first);
        if (slots.validity().isPresent() && hasElementsOfNulls(offsets, slots)) {
            return dropElementsOfNulls(first, length, offsets, slots);
        }
        return new Entries(first, length, offsets, Optional.empty());
    }

    Block read(ArrowBlocks blocks, FieldVector child, Type type)
    {
        Block block = blocks.toBlock(child, type, Slots.of(child, first, length));
        return kept.map(positions -> block.copyPositions(positions, 0, positions.length)).orElse(block);
    }

    // a null list of fixed size always has elements in Arrow, in Trino it must have none
    private static boolean hasElementsOfNulls(int[] offsets, Slots slots)
    {
        for (int i = 0; i < slots.count(); i++) {
            if (!slots.isValid(i) && offsets[i + 1] > offsets[i]) {
                return true;
            }
        }
        return false;
    }

    private static Entries dropElementsOfNulls(int first, int length, int[] offsets, Slots slots)
    {
        int[] positions = new int[length];
        int[] newOffsets = new int[offsets.length];
        int size = 0;
        for (int i = 0; i < slots.count(); i++) {
            if (slots.isValid(i)) {
                for (int position = offsets[i]; position < offsets[i + 1]; position++) {
                    positions[size++] = position;
                }
            }
            newOffsets[i + 1] = size;
        }
        return new Entries(first, length, newOffsets, Optional.of(Arrays.copyOf(positions, size)));
    }
}
