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

import com.google.common.base.Utf8;
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
/// @param data payload
public record StreamMessage(String subject, long sequence, long timestampNanos, Optional<Headers> headers, byte[] data)
{
    public StreamMessage
    {
        requireNonNull(subject, "subject is null");
        requireNonNull(headers, "headers is null");
        requireNonNull(data, "data is null");
    }

    /// Bytes of subject, headers and payload.
    int length()
    {
        return Utf8.encodedLength(subject) + headers.map(Headers::serializedLength).orElse(0) + data.length;
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
            return new StreamMessage(subject, sequence, timestampNanos, Optional.empty(), payload);
        }
        return new StreamMessage(subject, sequence, timestampNanos, Optional.of(headers), payload);
    }
}
