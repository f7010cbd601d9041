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

import static java.util.Objects.requireNonNull;

/// A stored message.
///
/// @param timestampNanos time of storing, nanoseconds since the epoch
/// @param headers as they were published
/// @param data payload
public record StreamMessage(String subject, long sequence, long timestampNanos, FrameHeaders headers, byte[] data)
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
        return Utf8.encodedLength(subject) + headers.length() + data.length;
    }
}
