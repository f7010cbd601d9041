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
package io.streamlance.trino.nats.codec;

import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

import java.io.IOException;
import java.time.LocalDate;

/// The values of one payload, in order. Lengths and counts are checked before anything is allocated for them, so that a few
/// bad bytes cannot ask for gigabytes.
final class AvroInput
{
    /// Elements without bytes, such as nulls, that a payload may have beyond its length.
    private static final int EXTRA_ITEMS = 100_000;
    static final int MAX_DEPTH = 500;

    private final BinaryDecoder decoder;
    private long allowedItems;

    /// @param reuse input that is not used any more, or null
    AvroInput(byte[] buffer, int offset, int length, AvroInput reuse)
    {
        this.decoder = DecoderFactory.get().binaryDecoder(buffer, offset, length, reuse == null ? null : reuse.decoder);
        this.allowedItems = (long) length + EXTRA_ITEMS;
    }

    BinaryDecoder decoder()
    {
        return decoder;
    }

    boolean isEnd()
            throws IOException
    {
        return decoder.isEnd();
    }

    byte[] readBytes()
            throws IOException
    {
        return readFixed(length());
    }

    byte[] readFixed(int length)
            throws IOException
    {
        checkLength(length);
        byte[] bytes = new byte[length];
        decoder.readFixed(bytes);
        return bytes;
    }

    void skipBytes()
            throws IOException
    {
        skipFixed(length());
    }

    void skipFixed(int length)
            throws IOException
    {
        checkLength(length);
        decoder.skipFixed(length);
    }

    private int length()
            throws IOException
    {
        long length = decoder.readLong();
        checkLength(length);
        return (int) length;
    }

    private void checkLength(long length)
            throws IOException
    {
        if (length < 0 || length > decoder.inputStream().available()) {
            throw new DecodeException("a length of %s bytes is more than the payload has".formatted(length));
        }
    }

    /// Elements of the next block of an array or map; 0 at its end.
    long nextBlock()
            throws IOException
    {
        long items = decoder.readLong();
        if (items < 0) {
            // the size in bytes follows, for readers that skip the block
            decoder.readLong();
            items = -items;
        }
        if (items < 0 || items > allowedItems) {
            throw new DecodeException("an array or map of %s elements is more than the payload can have".formatted(items));
        }
        allowedItems -= items;
        return items;
    }

    /// @param size number of the branches or symbols
    int readIndex(int size)
            throws IOException
    {
        int index = decoder.readInt();
        if (index < 0 || index >= size) {
            throw new DecodeException("the schema has no branch or symbol " + index);
        }
        return index;
    }

    LocalDate readDate()
            throws IOException
    {
        return LocalDate.ofEpochDay(decoder.readInt());
    }
}
