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
package io.streamlance.trino.lance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;

import static com.google.common.primitives.Bytes.concat;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

/// Rewrites encoded protobuf messages as no library would.
final class ProtobufBytes
{
    private static final int LENGTH_DELIMITED = 2;
    private static final int FOOTER_SIZE = 16;

    private ProtobufBytes() {}

    /// Changes the message in a manifest.
    static void editManifest(Path file, UnaryOperator<byte[]> edit)
    {
        try {
            byte[] bytes = Files.readAllBytes(file);
            ByteBuffer input = ByteBuffer.wrap(bytes).order(LITTLE_ENDIAN);
            int position = (int) input.getLong(bytes.length - FOOTER_SIZE);
            byte[] message = edit.apply(Arrays.copyOfRange(bytes, position + Integer.BYTES, position + Integer.BYTES + input.getInt(position)));
            Files.write(file, concat(
                    Arrays.copyOf(bytes, position),
                    ByteBuffer.allocate(Integer.BYTES).order(LITTLE_ENDIAN).putInt(message.length).array(),
                    message,
                    Arrays.copyOfRange(bytes, bytes.length - FOOTER_SIZE, bytes.length)));
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Changes the content of all fields with a number.
    static UnaryOperator<byte[]> inField(int number, UnaryOperator<byte[]> edit)
    {
        return message -> {
            ByteBuffer input = ByteBuffer.wrap(message);
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            while (input.hasRemaining()) {
                int start = input.position();
                long tag = readVarint(input);
                if ((tag & 7) == LENGTH_DELIMITED) {
                    byte[] content = new byte[(int) readVarint(input)];
                    input.get(content);
                    if (tag >>> 3 == number) {
                        output.writeBytes(field(number, edit.apply(content)));
                        continue;
                    }
                }
                else {
                    readVarint(input);
                }
                output.write(message, start, input.position() - start);
            }
            return output.toByteArray();
        };
    }

    static UnaryOperator<byte[]> append(byte[] field)
    {
        return message -> concat(message, field);
    }

    static UnaryOperator<byte[]> prepend(byte[] field)
    {
        return message -> concat(field, message);
    }

    static UnaryOperator<byte[]> replaceBy(String value)
    {
        return _ -> value.getBytes(UTF_8);
    }

    static byte[] text(int number, String value)
    {
        return field(number, value.getBytes(UTF_8));
    }

    static byte[] number(int number, long value)
    {
        return concat(varint((long) number << 3), varint(value));
    }

    static byte[] field(int number, byte[] content)
    {
        return concat(varint((long) number << 3 | LENGTH_DELIMITED), varint(content.length), content);
    }

    private static byte[] varint(long value)
    {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            output.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        output.write((int) rest);
        return output.toByteArray();
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
}
