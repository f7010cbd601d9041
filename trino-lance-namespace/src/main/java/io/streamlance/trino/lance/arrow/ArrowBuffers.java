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

import org.apache.arrow.memory.ArrowBuf;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;

import static java.lang.Math.ceilDiv;
import static java.lang.Math.min;
import static java.lang.Math.multiplyExact;
import static java.lang.Math.toIntExact;
import static java.lang.invoke.MethodHandles.byteArrayViewVarHandle;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Copies runs of fixed-width values out of Arrow's off-heap buffers with one move each.
 */
final class ArrowBuffers
{
    /// Eight bytes of an array at a time, the lowest first as in Arrow.
    static final VarHandle LONGS = byteArrayViewVarHandle(long[].class, LITTLE_ENDIAN);

    private ArrowBuffers() {}

    static byte[] bytes(ArrowBuf buffer, long offset, long length)
    {
        byte[] result = new byte[toIntExact(length)];
        slice(buffer, offset, length).get(result);
        return result;
    }

    static short[] shorts(ArrowBuf buffer, int start, int count)
    {
        short[] result = new short[count];
        slice(buffer, (long) start * Short.BYTES, (long) count * Short.BYTES).asShortBuffer().get(result);
        return result;
    }

    static int[] ints(ArrowBuf buffer, int start, int count)
    {
        int[] result = new int[count];
        slice(buffer, (long) start * Integer.BYTES, (long) count * Integer.BYTES).asIntBuffer().get(result);
        return result;
    }

    static long[] longs(ArrowBuf buffer, int start, int count)
    {
        long[] result = new long[count];
        slice(buffer, (long) start * Long.BYTES, (long) count * Long.BYTES).asLongBuffer().get(result);
        return result;
    }

    /**
     * Pairs of longs, as 128-bit values are stored: the low half first.
     */
    static long[] longPairs(ArrowBuf buffer, int start, int count)
    {
        return longs(buffer, multiplyExact(start, 2), multiplyExact(count, 2));
    }

    /**
     * Moves a run of bits to the start of the given number of words. Bits after the run are unspecified.
     */
    static long[] bits(ArrowBuf buffer, int start, int count, int wordCount)
    {
        int firstByte = start / Byte.SIZE;
        int shift = start % Byte.SIZE;
        int byteCount = ceilDiv(shift + count, Byte.SIZE);
        ByteBuffer source = slice(buffer, firstByte, byteCount);
        // one word more than needed if shifted: a word takes its last bits from the next one
        long[] words = new long[shift == 0 ? wordCount : wordCount + 1];
        int fullWords = min(words.length, byteCount / Long.BYTES);
        source.asLongBuffer().get(words, 0, fullWords);
        for (int i = fullWords * Long.BYTES; i < byteCount; i++) {
            words[i / Long.BYTES] |= Byte.toUnsignedLong(source.get(i)) << (i % Long.BYTES * Byte.SIZE);
        }
        if (shift == 0) {
            return words;
        }
        for (int i = 0; i < wordCount; i++) {
            words[i] = (words[i] >>> shift) | (words[i + 1] << (Long.SIZE - shift));
        }
        return Arrays.copyOf(words, wordCount);
    }

    /// A view of the buffer, for reading in place.
    static ByteBuffer slice(ArrowBuf buffer, long offset, long length)
    {
        // an empty vector may have no buffer behind it
        if (length == 0) {
            return ByteBuffer.allocate(0).order(LITTLE_ENDIAN);
        }
        return buffer.nioBuffer(offset, toIntExact(length)).order(LITTLE_ENDIAN);
    }
}
