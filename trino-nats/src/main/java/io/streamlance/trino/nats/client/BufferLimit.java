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

import static java.lang.Math.clamp;
import static java.lang.Math.max;
import static java.lang.Math.min;

/// How much a reader asks for ahead of the driver, so that no more than the limit is ever held. Requests count messages,
/// whose sizes are only guessed at first, by the mean of the stream. Guarded by the reader.
final class BufferLimit
{
    /// Two batches take turns, and each has up to twice the memory that its messages need.
    private static final int BATCH_SHARE = 4;
    private static final int REQUESTS_PER_BATCH = 2;
    private static final int MAX_MESSAGES = 50_000;

    private final long batchBytes;
    private final int maxMessages;
    private int messages;

    /// @param bytes of all messages that may be held at a time
    /// @param messageBytes that a message is expected to take
    BufferLimit(long bytes, long messageBytes)
    {
        batchBytes = bytes / BATCH_SHARE;
        maxMessages = messagesPerRequest(messageBytes);
        messages = maxMessages;
    }

    private int messagesPerRequest(long messageBytes)
    {
        return (int) clamp(requestBytes() / messageBytes, 1L, MAX_MESSAGES);
    }

    /// Messages to ask for at a time.
    int messages()
    {
        return messages;
    }

    /// Bytes to ask for at a time, where the server can count them.
    long requestBytes()
    {
        return batchBytes / REQUESTS_PER_BATCH;
    }

    boolean isExceeded(Arrivals arrivals)
    {
        return arrivals.bytes() > batchBytes;
    }

    /// Sizes requests by the messages that came last; after large ones the requests grow slowly.
    void adapt(Arrivals arrivals)
    {
        if (arrivals.size() > 0) {
            int fitting = messagesPerRequest(max(1, arrivals.bytes() / arrivals.size()));
            messages = min(fitting, min(maxMessages, messages * 2));
        }
    }
}
