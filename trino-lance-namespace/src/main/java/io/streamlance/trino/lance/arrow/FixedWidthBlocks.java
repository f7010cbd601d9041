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
import io.trino.spi.block.LongArrayBlock;
import io.trino.spi.block.ShortArrayBlock;
import io.trino.spi.type.Int128;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;

import java.math.BigInteger;
import java.nio.ByteBuffer;

import static io.trino.spi.block.Bitmap.isSet;
import static io.trino.spi.block.Bitmap.wordsForBits;
import static io.trino.spi.type.Decimals.MAX_SHORT_PRECISION;
import static java.lang.Float.float16ToFloat;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Math.multiplyExact;

final class FixedWidthBlocks
{
    private FixedWidthBlocks() {}

    static Block read(FieldVector vector, Slots slots)
    {
        int start = slots.start();
        int count = slots.count();
        return switch (vector) {
            case BitVector bits -> new ByteArrayBlock(count, slots.validity(), booleans(bits.getDataBuffer(), start, count));
            case TinyIntVector values -> new ByteArrayBlock(count, slots.validity(), ArrowBuffers.bytes(values.getDataBuffer(), start, count));
            case SmallIntVector values -> new ShortArrayBlock(count, slots.validity(), ArrowBuffers.shorts(values.getDataBuffer(), start, count));
            case IntVector _, DateDayVector _, Float4Vector _ -> new IntArrayBlock(count, slots.validity(), ArrowBuffers.ints(vector.getDataBuffer(), start, count));
            case BigIntVector _, Float8Vector _ -> readLongs(vector, slots);
            case UInt1Vector values -> new ShortArrayBlock(count, slots.validity(), unsignedBytes(values.getDataBuffer(), start, count));
            case UInt2Vector values -> new IntArrayBlock(count, slots.validity(), unsignedShorts(values.getDataBuffer(), start, count));
            case UInt4Vector values -> new LongArrayBlock(count, slots.validity(), unsignedInts(values.getDataBuffer(), start, count));
            case UInt8Vector values -> new Int128ArrayBlock(count, slots.validity(), unsignedLongs(values.getDataBuffer(), start, count));
            case Float2Vector values -> new IntArrayBlock(count, slots.validity(), halfFloats(values.getDataBuffer(), start, count));
            case DecimalVector values when values.getScale() < 0 -> wholeNumbers(values.getPrecision(), values.getScale(), ArrowBuffers.longPairs(values.getDataBuffer(), start, count), slots);
            case Decimal256Vector values when values.getScale() < 0 -> wholeNumbers(values.getPrecision(), values.getScale(), lowPairs(values.getDataBuffer(), slots), slots);
            case DecimalVector values when values.getPrecision() <= MAX_SHORT_PRECISION -> new LongArrayBlock(count, slots.validity(), lowHalves(values.getDataBuffer(), start, count));
            case DecimalVector values -> decimals(values.getPrecision(), ArrowBuffers.longPairs(values.getDataBuffer(), start, count), slots);
            case Decimal256Vector values -> decimals(values.getPrecision(), lowPairs(values.getDataBuffer(), slots), slots);
            default -> TemporalBlocks.read(vector, slots);
        };
    }

    static Block readLongs(FieldVector vector, Slots slots)
    {
        return new LongArrayBlock(slots.count(), slots.validity(), ArrowBuffers.longs(vector.getDataBuffer(), slots.start(), slots.count()));
    }

    private static byte[] booleans(ArrowBuf buffer, int start, int count)
    {
        long[] words = ArrowBuffers.bits(buffer, start, count, wordsForBits(count));
        byte[] values = new byte[count];
        int full = count - count % Byte.SIZE;
        for (int i = 0; i < full; i += Byte.SIZE) {
            // eight bits become the lowest bits of eight bytes
            ArrowBuffers.LONGS.set(values, i, Long.expand(words[i / Long.SIZE] >>> (i % Long.SIZE), 0x0101_0101_0101_0101L));
        }
        for (int i = full; i < count; i++) {
            values[i] = (byte) (isSet(words, 0, i) ? 1 : 0);
        }
        return values;
    }

    private static short[] unsignedBytes(ArrowBuf buffer, int start, int count)
    {
        byte[] bytes = ArrowBuffers.bytes(buffer, start, count);
        short[] values = new short[count];
        for (int i = 0; i < count; i++) {
            values[i] = (short) Byte.toUnsignedInt(bytes[i]);
        }
        return values;
    }

    private static int[] unsignedShorts(ArrowBuf buffer, int start, int count)
    {
        short[] shorts = ArrowBuffers.shorts(buffer, start, count);
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = Short.toUnsignedInt(shorts[i]);
        }
        return values;
    }

    private static long[] unsignedInts(ArrowBuf buffer, int start, int count)
    {
        int[] ints = ArrowBuffers.ints(buffer, start, count);
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = Integer.toUnsignedLong(ints[i]);
        }
        return values;
    }

    // decimal(20,0): high half, low half
    private static long[] unsignedLongs(ArrowBuf buffer, int start, int count)
    {
        long[] longs = ArrowBuffers.longs(buffer, start, count);
        long[] values = new long[2 * count];
        for (int i = 0; i < count; i++) {
            values[2 * i + 1] = longs[i];
        }
        return values;
    }

    private static int[] halfFloats(ArrowBuf buffer, int start, int count)
    {
        short[] halves = ArrowBuffers.shorts(buffer, start, count);
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = floatToRawIntBits(float16ToFloat(halves[i]));
        }
        return values;
    }

    private static long[] lowHalves(ArrowBuf buffer, int start, int count)
    {
        long[] values = new long[count];
        ByteBuffer pairs = ArrowBuffers.slice(buffer, (long) start * 2 * Long.BYTES, (long) count * 2 * Long.BYTES);
        for (int i = 0; i < count; i++) {
            values[i] = pairs.getLong(i * 2 * Long.BYTES);
        }
        return values;
    }

    /**
     * The lower halves of 256-bit values, which hold all that a decimal of Trino can be.
     */
    private static long[] lowPairs(ArrowBuf buffer, Slots slots)
    {
        long[] words = ArrowBuffers.longs(buffer, multiplyExact(slots.start(), 4), multiplyExact(slots.count(), 4));
        long[] pairs = new long[2 * slots.count()];
        for (int i = 0; i < slots.count(); i++) {
            long sign = words[4 * i + 1] >> (Long.SIZE - 1);
            if (slots.isValid(i) && (words[4 * i + 2] != sign || words[4 * i + 3] != sign)) {
                throw new ArithmeticException("decimal has more than 38 digits");
            }
            pairs[2 * i] = words[4 * i];
            pairs[2 * i + 1] = words[4 * i + 1];
        }
        return pairs;
    }

    // 12 of scale -3 is 12,000
    private static Block wholeNumbers(int precision, int scale, long[] pairs, Slots slots)
    {
        BigInteger factor = BigInteger.TEN.pow(-scale);
        for (int i = 0; i < slots.count(); i++) {
            if (slots.isValid(i)) {
                Int128 value = Int128.valueOf(Int128.valueOf(pairs[2 * i + 1], pairs[2 * i]).toBigInteger().multiply(factor));
                pairs[2 * i] = value.getLow();
                pairs[2 * i + 1] = value.getHigh();
            }
        }
        return decimals(ArrowTypes.decimalPrecision(precision, scale), pairs, slots);
    }

    private static Block decimals(int precision, long[] pairs, Slots slots)
    {
        if (precision <= MAX_SHORT_PRECISION) {
            long[] values = new long[slots.count()];
            for (int i = 0; i < values.length; i++) {
                values[i] = pairs[2 * i];
            }
            return new LongArrayBlock(slots.count(), slots.validity(), values);
        }
        // Arrow stores the low half first, Trino the high half
        for (int i = 0; i < pairs.length; i += 2) {
            long low = pairs[i];
            pairs[i] = pairs[i + 1];
            pairs[i + 1] = low;
        }
        return new Int128ArrayBlock(slots.count(), slots.validity(), pairs);
    }
}
