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
import io.trino.spi.block.ByteArrayBlock;
import io.trino.spi.block.Int128ArrayBlock;
import io.trino.spi.block.IntArrayBlock;
import io.trino.spi.type.Type;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.TinyIntVector;

import java.util.Optional;

import static io.trino.spi.type.BooleanType.BOOLEAN;
import static io.trino.spi.type.RealType.REAL;
import static io.trino.spi.type.UuidType.UUID;

/**
 * Values of Arrow's extension types that have a Trino type of their own.
 */
final class ExtensionBlocks
{
    private ExtensionBlocks() {}

    /**
     * @return empty if the type is that of the values as they are stored
     */
    static Optional<Block> read(FieldVector vector, Type type, Slots slots)
    {
        return switch (vector) {
            case FixedSizeBinaryVector values when type.equals(UUID) -> Optional.of(uuids(values, slots));
            case FixedSizeBinaryVector values when type.equals(REAL) -> Optional.of(brainFloats(values, slots));
            case TinyIntVector values when type.equals(BOOLEAN) -> Optional.of(booleans(values, slots));
            default -> Optional.empty();
        };
    }

    // both have the bytes in the order in which a UUID is written
    private static Block uuids(FixedSizeBinaryVector vector, Slots slots)
    {
        return new Int128ArrayBlock(slots.count(), slots.validity(), ArrowBuffers.longPairs(vector.getDataBuffer(), slots.start(), slots.count()));
    }

    // the upper half of a float
    private static Block brainFloats(FixedSizeBinaryVector vector, Slots slots)
    {
        short[] halves = ArrowBuffers.shorts(vector.getDataBuffer(), slots.start(), slots.count());
        int[] values = new int[slots.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = halves[i] << Short.SIZE;
        }
        return new IntArrayBlock(slots.count(), slots.validity(), values);
    }

    private static Block booleans(TinyIntVector vector, Slots slots)
    {
        byte[] values = ArrowBuffers.bytes(vector.getDataBuffer(), slots.start(), slots.count());
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (values[i] == 0 ? 0 : 1);
        }
        return new ByteArrayBlock(slots.count(), slots.validity(), values);
    }
}
