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

/// How much a reader asks for ahead of the driver, so that no more than the limit is ever held. Requests name messages and
/// bytes: the server ends one that has either. Guarded by the reader.
final class BufferLimit
{
    /// One request that has been answered and two on their way may come together; the memory of a batch is up to twice what
    /// its messages need, and two batches take turns.
    private static final int REQUEST_SHARE = 3 * 2 * 2;
    /// By how much a request may have more messages than expected, so that it usually ends by its bytes.
    private static final int SLACK = 2;
    private static final int MAX_MESSAGES = 50_000;

    private final int messages;
    private final long usualRequestBytes;
    private long requestBytes;

    /// @param bytes of all messages that may be held at a time
    /// @param messageBytes that a message is expected to take
    BufferLimit(long bytes, long messageBytes)
    {
        usualRequestBytes = max(1, bytes / REQUEST_SHARE);
        requestBytes = usualRequestBytes;
        messages = (int) clamp(SLACK * requestBytes / messageBytes, 1L, MAX_MESSAGES);
    }

    /// Messages to ask for at a time.
    int messages()
    {
        return isGrown() ? 1 : messages;
    }

    /// Bytes to ask for at a time.
    long requestBytes()
    {
        return requestBytes;
    }

    boolean hasRoom(Arrivals arrivals)
    {
        return arrivals.bytes() <= usualRequestBytes;
    }

    /// A single message is larger than a request: it is asked for alone.
    void grow()
    {
        requestBytes *= 2;
    }

    boolean isGrown()
    {
        return requestBytes != usualRequestBytes;
    }

    /// The large message has come.
    void reset()
    {
        requestBytes = usualRequestBytes;
    }
}
