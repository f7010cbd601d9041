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
package io.streamlance.trino.nats.client;

import io.nats.client.impl.Headers;

import java.util.Arrays;
import java.util.Optional;

import static java.lang.Math.max;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

/// Messages of a stream in the order of their sequences, column by column; headers and payloads stand in one array.
public final class MessageBatch
{
    private static final int INITIAL_CAPACITY = 1024;
    private static final int BYTES_PER_MESSAGE = 2 * Long.BYTES + 3 * Integer.BYTES;
    /// Added by the server to messages of a headers-only consumer.
    private static final byte[] SIZE_HEADER = "Nats-Msg-Size".getBytes(US_ASCII);

    private final MessageParts parts;
    private int count;
    private MessageSubject[] subjects = new MessageSubject[INITIAL_CAPACITY];
    private long[] sequences = new long[INITIAL_CAPACITY];
    private long[] timestamps = new long[INITIAL_CAPACITY];
    private int[] headerOffsets = new int[INITIAL_CAPACITY];
    private int[] payloadOffsets = new int[INITIAL_CAPACITY];
    private byte[] data = new byte[0];
    private int dataLength;

    MessageBatch(MessageParts parts)
    {
        this.parts = requireNonNull(parts, "parts is null");
    }

    void add(Frame frame, MessageSubject subject, long sequence, long timestampNanos)
    {
        int headerLength = parts.headers() ? frame.headerLength : 0;
        int payloadLength = parts.payload() ? frame.payloadLength : 0;
        int offset = add(subject, sequence, timestampNanos, headerLength, payloadLength);
        System.arraycopy(frame.buffer, frame.headerOffset, data, offset, headerLength);
        System.arraycopy(frame.buffer, frame.payloadOffset, data, offset + headerLength, payloadLength);
    }

    void add(StreamMessage message, MessageSubject subject)
    {
        byte[] headers = parts.headers() ? message.headers().map(Headers::getSerialized).orElse(new byte[0]) : new byte[0];
        int offset = add(subject, message.sequence(), message.timestampNanos(), headers.length, message.data().length);
        System.arraycopy(headers, 0, data, offset, headers.length);
        System.arraycopy(message.data(), 0, data, offset + headers.length, message.data().length);
    }

    private int add(MessageSubject subject, long sequence, long timestampNanos, int headerLength, int payloadLength)
    {
        if (count == subjects.length) {
            grow();
        }
        int offset = dataLength;
        reserve(headerLength + payloadLength);
        subjects[count] = subject;
        sequences[count] = sequence;
        timestamps[count] = timestampNanos;
        headerOffsets[count] = offset;
        payloadOffsets[count] = offset + headerLength;
        dataLength = offset + headerLength + payloadLength;
        count++;
        return offset;
    }

    private void grow()
    {
        int capacity = count * 2;
        subjects = Arrays.copyOf(subjects, capacity);
        sequences = Arrays.copyOf(sequences, capacity);
        timestamps = Arrays.copyOf(timestamps, capacity);
        headerOffsets = Arrays.copyOf(headerOffsets, capacity);
        payloadOffsets = Arrays.copyOf(payloadOffsets, capacity);
    }

    private void reserve(int length)
    {
        if (length > data.length - dataLength) {
            data = Arrays.copyOf(data, max(Math.addExact(dataLength, length), (int) Math.min(Integer.MAX_VALUE - 8, data.length * 2L)));
        }
    }

    /// Makes room for other messages; the memory stays.
    void clear()
    {
        count = 0;
        dataLength = 0;
    }

    public int count()
    {
        return count;
    }

    public MessageSubject subject(int index)
    {
        return subjects[index];
    }

    public long sequence(int index)
    {
        return sequences[index];
    }

    /// Time of storing, nanoseconds since the epoch; 0 when it was not wanted.
    public long timestampNanos(int index)
    {
        return timestamps[index];
    }

    /// Holds the payloads of all messages, see [#payloadOffset(int)]. Used again after the next messages were taken from the reader.
    public byte[] data()
    {
        return data;
    }

    public int payloadOffset(int index)
    {
        return payloadOffsets[index];
    }

    /// Zero when no payload was wanted.
    public int payloadLength(int index)
    {
        return (index + 1 < count ? headerOffsets[index + 1] : dataLength) - payloadOffsets[index];
    }

    /// Bytes of the payload, also when it was not read.
    public long size(int index)
    {
        if (parts.payload()) {
            return payloadLength(index);
        }
        return rawHeaders(index).first(SIZE_HEADER).map(Long::parseLong).orElse((long) payloadLength(index));
    }

    /// The headers that the message was published with.
    public Optional<Headers> headers(int index)
    {
        if (headerOffsets[index] == payloadOffsets[index]) {
            return Optional.empty();
        }
        Headers headers = rawHeaders(index).parse();
        if (!parts.payload()) {
            headers.remove(new String(SIZE_HEADER, US_ASCII));
        }
        return headers.isEmpty() ? Optional.empty() : Optional.of(headers);
    }

    private FrameHeaders rawHeaders(int index)
    {
        return new FrameHeaders(data, headerOffsets[index], payloadOffsets[index] - headerOffsets[index]);
    }

    /// Bytes of the messages, without what is reserved for more.
    public long bytes()
    {
        return dataLength + (long) count * BYTES_PER_MESSAGE;
    }

    public long retainedBytes()
    {
        return data.length + (long) subjects.length * BYTES_PER_MESSAGE;
    }
}
