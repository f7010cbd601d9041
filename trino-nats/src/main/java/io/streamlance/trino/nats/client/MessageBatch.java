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

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import static java.lang.Math.max;
import static java.util.Objects.requireNonNull;

/// Messages of a stream in the order of their sequences, column by column; headers and payloads stand in one array.
public final class MessageBatch
{
    private static final int INITIAL_CAPACITY = 1024;
    private static final int MAX_KEPT_BYTES = 4 * 1024 * 1024;
    private static final int BYTES_PER_MESSAGE = 2 * Long.BYTES + 4 * Integer.BYTES;

    private final MessageParts parts;
    private int count;
    private MessageSubject[] subjects = new MessageSubject[INITIAL_CAPACITY];
    private long[] sequences = new long[INITIAL_CAPACITY];
    private long[] timestamps = new long[INITIAL_CAPACITY];
    private int[] headerOffsets = new int[INITIAL_CAPACITY];
    private int[] payloadOffsets = new int[INITIAL_CAPACITY];
    private int[] sizes = new int[INITIAL_CAPACITY];
    private byte[] data = new byte[0];
    private int dataLength;

    MessageBatch(MessageParts parts)
    {
        this.parts = requireNonNull(parts, "parts is null");
    }

    void add(Frame frame, MessageSubject subject, long sequence, long timestampNanos)
    {
        add(subject, sequence, timestampNanos, frame.headers(), frame.buffer, frame.payloadOffset, frame.payloadLength, frame.size);
    }

    void add(StreamMessage message, MessageSubject subject)
    {
        add(subject, message.sequence(), message.timestampNanos(), message.headers(), message.data(), 0, message.data().length, message.data().length);
    }

    private void add(MessageSubject subject, long sequence, long timestampNanos, FrameHeaders headers, byte[] payload, int payloadOffset, int payloadLength, int size)
    {
        if (count == subjects.length) {
            grow();
        }
        int wantedHeaders = parts.headers() ? headers.length() : 0;
        int wantedPayload = parts.payload() ? payloadLength : 0;
        reserve(Math.addExact(wantedHeaders, wantedPayload));
        subjects[count] = subject;
        sequences[count] = sequence;
        timestamps[count] = timestampNanos;
        headerOffsets[count] = dataLength;
        payloadOffsets[count] = dataLength + wantedHeaders;
        sizes[count] = size;
        System.arraycopy(headers.buffer(), headers.offset(), data, dataLength, wantedHeaders);
        System.arraycopy(payload, payloadOffset, data, dataLength + wantedHeaders, wantedPayload);
        dataLength += wantedHeaders + wantedPayload;
        count++;
    }

    private void grow()
    {
        int capacity = count * 2;
        subjects = Arrays.copyOf(subjects, capacity);
        sequences = Arrays.copyOf(sequences, capacity);
        timestamps = Arrays.copyOf(timestamps, capacity);
        headerOffsets = Arrays.copyOf(headerOffsets, capacity);
        payloadOffsets = Arrays.copyOf(payloadOffsets, capacity);
        sizes = Arrays.copyOf(sizes, capacity);
    }

    private void reserve(int length)
    {
        if (length > data.length - dataLength) {
            data = Arrays.copyOf(data, max(Math.addExact(dataLength, length), (int) Math.min(Integer.MAX_VALUE - 8, data.length * 2L)));
        }
    }

    /// Makes room for other messages; the memory stays, unless a large message needed much.
    void clear()
    {
        if (data.length > MAX_KEPT_BYTES) {
            data = new byte[0];
        }
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
        return sizes[index];
    }

    /// The headers that the message was published with; none when they were not wanted.
    public Map<String, List<String>> headers(int index)
    {
        return new FrameHeaders(data, headerOffsets[index], payloadOffsets[index] - headerOffsets[index]).parse();
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
