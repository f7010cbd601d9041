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

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.nats.client.api.StreamState;

import static java.lang.Math.ceil;
import static java.lang.Math.clamp;
import static java.lang.Math.max;

/// Size of a stream when a query was planned.
///
/// @param bytes of the payloads, headers and subjects of all messages
/// @param sequences from the first to the last message, both counted
/// @param subjects how many different ones the messages have
/// @param deleted sequences between the first and the last message that have no message
public record StreamShape(long messages, long bytes, long sequences, long subjects, long deleted)
{
    public static StreamShape of(StreamState state)
    {
        long sequences = state.getMsgCount() == 0 ? 0 : state.getLastSequence() - state.getFirstSequence() + 1;
        return new StreamShape(state.getMsgCount(), state.getByteCount(), sequences, state.getSubjectCount(), state.getDeletedCount());
    }

    /// True when every sequence has a message.
    @JsonIgnore
    public boolean isGapless()
    {
        return deleted == 0;
    }

    /// At least 1.
    public long averageMessageBytes()
    {
        return messages == 0 ? 1 : max(1, bytes / messages);
    }

    /// Messages in a range of sequences, taken as evenly spread over the stream; at least 1.
    public long messagesIn(long sequences)
    {
        if (this.sequences == 0) {
            return 1;
        }
        return clamp((long) ceil((double) messages / this.sequences * sequences), 1, max(1, sequences));
    }
}
