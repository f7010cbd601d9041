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

import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import jakarta.annotation.Nullable;

import java.time.Instant;
import java.util.Optional;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;

/// A stored message.
///
/// @param timestampNanos time of storing, nanoseconds since the epoch
/// @param size payload bytes, also when only headers were read
/// @param data payload, empty when only headers were read
public record StreamMessage(String subject, long sequence, long timestampNanos, Optional<Headers> headers, long size, byte[] data)
{
    /// What an object of this size costs besides its payload; messages of a stream are mostly small.
    private static final int OVERHEAD_BYTES = 256;
    /// Added by the server to messages of a headers-only consumer.
    private static final String SIZE_HEADER = "Nats-Msg-Size";

    public StreamMessage
    {
        requireNonNull(subject, "subject is null");
        requireNonNull(headers, "headers is null");
        requireNonNull(data, "data is null");
    }

    /// The message of an answer to message get or direct get.
    static StreamMessage create(MessageInfo info)
    {
        Instant time = info.getTime().toInstant();
        return create(
                info.getSubject(),
                info.getSeq(),
                SECONDS.toNanos(time.getEpochSecond()) + time.getNano(),
                info.getHeaders(),
                info.getData());
    }

    static StreamMessage create(String subject, long sequence, long timestampNanos, @Nullable Headers headers, @Nullable byte[] data)
    {
        byte[] payload = data == null ? new byte[0] : data;
        if (headers == null || headers.isEmpty()) {
            return new StreamMessage(subject, sequence, timestampNanos, Optional.empty(), payload.length, payload);
        }
        return new StreamMessage(subject, sequence, timestampNanos, Optional.of(headers), payload.length, payload);
    }

    static StreamMessage headersOnly(String subject, long sequence, long timestampNanos, @Nullable Headers headers)
    {
        String size = headers == null ? null : headers.getFirst(SIZE_HEADER);
        if (size == null) {
            return create(subject, sequence, timestampNanos, headers, null);
        }
        Optional<Headers> own = headers.size() == 1 ? Optional.empty() : Optional.of(new Headers(headers, true, new String[] {SIZE_HEADER}));
        return new StreamMessage(subject, sequence, timestampNanos, own, Long.parseLong(size), new byte[0]);
    }

    long retainedBytes()
    {
        return OVERHEAD_BYTES + data.length;
    }
}
