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

import io.trino.spi.block.Bitmap;
import org.apache.arrow.vector.FieldVector;

import java.util.Optional;

import static io.trino.spi.block.Bitmap.hasUnsetBit;
import static io.trino.spi.block.Bitmap.wordsForBits;

/**
 * A run of values in an Arrow vector and which of them are not null.
 * <p>
 * Arrow and Trino lay out validity alike, one bit per value from the least significant bit on, so
 * the words are copied as they are.
 *
 * @param start index of the first value in the vector
 * @param validity words of the bitmap, empty if no value is null
 */
record Slots(int start, int count, Optional<long[]> validity)
{
    static Slots of(FieldVector vector, int start, int count)
    {
        // the vector's count of nulls would be that of the whole batch, and is not kept
        if (count == 0) {
            return new Slots(start, count, Optional.empty());
        }
        long[] words = readBits(vector, start, count);
        return new Slots(start, count, hasUnsetBit(words, 0, count) ? Optional.of(words) : Optional.empty());
    }

    /**
     * The same values, but null where the parent is: the field of a null row may hold anything in Arrow.
     */
    static Slots of(FieldVector vector, int start, int count, Optional<long[]> parentValidity)
    {
        Slots slots = of(vector, start, count);
        if (parentValidity.isEmpty()) {
            return slots;
        }
        long[] words = parentValidity.orElseThrow().clone();
        slots.validity().ifPresent(own -> {
            for (int i = 0; i < words.length; i++) {
                words[i] &= own[i];
            }
        });
        return new Slots(start, count, Optional.of(words));
    }

    boolean isValid(int index)
    {
        return validity.isEmpty() || Bitmap.isSet(validity.orElseThrow(), 0, index);
    }

    private static long[] readBits(FieldVector vector, int start, int count)
    {
        return ArrowBuffers.bits(vector.getValidityBuffer(), start, count, wordsForBits(count));
    }
}
