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
package io.streamlance.trino.lance.dataset;

import com.google.common.collect.ImmutableList;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Picks single fields out of an encoded protobuf message.
 */
final class ProtobufFields
{
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED_32 = 5;

    private ProtobufFields() {}

    /**
     * All values of a string, bytes or message field.
     */
    static List<ByteBuffer> lengthDelimited(ByteBuffer message, int wantedField)
    {
        ImmutableList.Builder<ByteBuffer> values = ImmutableList.builder();
        ByteBuffer input = message.duplicate();
        while (input.hasRemaining()) {
            long tag = readVarint(input);
            switch ((int) (tag & 7)) {
                case VARINT -> readVarint(input);
                case FIXED_64 -> skip(input, Long.BYTES);
                case FIXED_32 -> skip(input, Integer.BYTES);
                case LENGTH_DELIMITED -> {
                    int length = (int) readVarint(input);
                    if (tag >>> 3 == wantedField) {
                        values.add(input.slice(input.position(), length));
                    }
                    skip(input, length);
                }
                default -> throw new IllegalArgumentException("Unknown protobuf wire type in tag " + tag);
            }
        }
        return values.build();
    }

    private static long readVarint(ByteBuffer input)
    {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = input.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static void skip(ByteBuffer input, int length)
    {
        input.position(input.position() + length);
    }
}
