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
import io.trino.spi.block.DictionaryBlock;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;

import static java.lang.Math.toIntExact;

final class DictionaryBlocks
{
    private DictionaryBlocks() {}

    static Block read(FieldVector vector, Slots slots, Block dictionary)
    {
        Block values = dictionary;
        int nullId = dictionary.getPositionCount();
        if (slots.validity().isPresent()) {
            values = dictionary.copyWithAppendedNull();
        }
        BaseIntVector indices = (BaseIntVector) vector;
        int[] ids = new int[slots.count()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = slots.isValid(i) ? toIntExact(indices.getValueAsLong(slots.start() + i)) : nullId;
        }
        return DictionaryBlock.create(ids.length, values, ids);
    }
}
