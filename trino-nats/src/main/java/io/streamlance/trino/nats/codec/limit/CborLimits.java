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
package io.streamlance.trino.nats.codec.limit;

import io.streamlance.trino.nats.codec.DecodeException;

import static java.lang.Math.max;

/// Checks of CBOR that the parser does not make. It takes a time that grows with the square of the tags of one value, and
/// copies a string for every reference to it.
public final class CborLimits
{
    private static final int MAX_TAGS = 100;
    private static final long MAX_REFERENCED_BYTES = 64L << 20;

    private static final int BYTES = 2;
    private static final int TEXT = 3;
    private static final int TAG = 6;
    private static final int INDEFINITE = 31;
    private static final int STRING_REFERENCE = 25;

    private final byte[] buffer;
    private final int end;
    private int position;

    private CborLimits(byte[] buffer, int offset, int length)
    {
        this.buffer = buffer;
        this.end = offset + length;
        this.position = offset;
    }

    /// Bytes that are not CBOR pass, for the parser to find out.
    public static void check(byte[] buffer, int offset, int length)
            throws DecodeException
    {
        new CborLimits(buffer, offset, length).check();
    }

    /// Arrays, maps and tags stand before what they contain, so that one pass over all heads sees every value.
    private void check()
            throws DecodeException
    {
        int tags = 0;
        long references = 0;
        long longestString = 0;
        while (position < end) {
            int head = buffer[position++] & 0xFF;
            int type = head >> 5;
            int info = head & 0x1F;
            long argument = argument(info);
            if (type != TAG) {
                tags = 0;
            }
            else if (++tags > MAX_TAGS) {
                throw new DecodeException("a value has more than %s tags".formatted(MAX_TAGS));
            }
            else if (argument == STRING_REFERENCE) {
                references++;
            }
            if ((type == BYTES || type == TEXT) && info != INDEFINITE) {
                if (argument < 0 || argument > end - position) {
                    return;
                }
                position += (int) argument;
                longestString = max(longestString, argument);
            }
        }
        if (references * longestString > MAX_REFERENCED_BYTES) {
            throw new DecodeException("%s string references to strings of up to %s bytes are more than %s bytes".formatted(references, longestString, MAX_REFERENCED_BYTES));
        }
    }

    /// What follows the head, or is a part of it: a number, a length or a tag.
    private long argument(int info)
    {
        // 24 to 27 stand for 1, 2, 4, 8 bytes
        if (info < 24 || info > 27) {
            return info;
        }
        long argument = 0;
        for (int i = 1 << (info - 24); i > 0 && position < end; i--) {
            argument = argument << Byte.SIZE | (buffer[position++] & 0xFF);
        }
        return argument;
    }
}
