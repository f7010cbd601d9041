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

import org.weakref.jmx.Managed;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// What the readers of a catalog did on this node, exported over JMX.
public final class ReaderStats
{
    private final AtomicLong openReaders = new AtomicLong();
    private final LongAdder messages = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder recoveries = new LongAdder();

    void opened()
    {
        openReaders.incrementAndGet();
    }

    void closed()
    {
        openReaders.decrementAndGet();
    }

    void received(long messageCount, long byteCount)
    {
        messages.add(messageCount);
        bytes.add(byteCount);
    }

    void recovered()
    {
        recoveries.increment();
    }

    @Managed(description = "Readers that have not been closed")
    public long getOpenReaders()
    {
        return openReaders.get();
    }

    @Managed(description = "Messages that the server has sent to scans")
    public long getMessages()
    {
        return messages.sum();
    }

    @Managed(description = "Bytes of the messages that the server has sent to scans: subjects, headers and payloads")
    public long getBytes()
    {
        return bytes.sum();
    }

    @Managed(description = "Times that a reader started again after a failure of the connection, the server or its consumer")
    public long getRecoveries()
    {
        return recoveries.sum();
    }
}
