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
package io.streamlance.trino.nats;

import com.google.common.collect.ImmutableMap;
import io.streamlance.trino.nats.client.RangeReader;
import io.streamlance.trino.nats.client.RangeReaderFactory;
import io.streamlance.trino.nats.client.StreamMessage;
import io.streamlance.trino.nats.client.SubjectRange;
import io.trino.plugin.base.metrics.LongCount;
import io.trino.spi.connector.ConnectorPageSource;
import io.trino.spi.connector.MemoryContext;
import io.trino.spi.connector.SourcePage;
import io.trino.spi.metrics.Metrics;
import jakarta.annotation.Nullable;

import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

import static java.util.Collections.emptyIterator;

/// Reads the ranges of a split one after the other.
public class NatsPageSource
        implements ConnectorPageSource
{
    private final RangeReaderFactory readerFactory;
    private final NatsTableHandle table;
    private final Iterator<SubjectRange> ranges;
    private final SubjectFilter subjectFilter;
    private final RowWriter rows;
    private final MemoryContext memoryContext;
    private final long limit;

    @Nullable
    private RangeReader reader;
    private Iterator<StreamMessage> messages = emptyIterator();
    private long messageBytes;
    private boolean finished;
    private long completedRows;
    private long receivedMessages;
    private long receivedBytes;
    private long readTimeNanos;

    NatsPageSource(RangeReaderFactory readerFactory, NatsTableHandle table, NatsSplit split, RowWriter rows, MemoryContext memoryContext)
    {
        this.readerFactory = readerFactory;
        this.table = table;
        this.ranges = split.ranges().iterator();
        this.subjectFilter = new SubjectFilter(split.wantedSubjects());
        this.rows = rows;
        this.memoryContext = memoryContext;
        this.limit = table.limit().orElse(Long.MAX_VALUE);
        openNext();
    }

    private void openNext()
    {
        if (!ranges.hasNext()) {
            finished = true;
            return;
        }
        reader = readerFactory.open(table.stream(), ranges.next(), table.readMethod(), table.averageMessageBytes(), !rows.needsPayload());
    }

    @Override
    public SourcePage getNextSourcePage()
    {
        long start = System.nanoTime();
        while (!finished && !rows.isFull()) {
            if (!messages.hasNext() && !receive()) {
                break;
            }
            writeRows();
        }
        readTimeNanos += System.nanoTime() - start;
        boolean flush = rows.isFull() || finished;
        SourcePage page = flush && rows.positionCount() > 0 ? SourcePage.create(rows.build()) : null;
        memoryContext.setBytes(rows.retainedBytes() + messageBytes + (reader == null ? 0 : reader.bufferedBytes()));
        return page;
    }

    /// Takes what has arrived; false when there is nothing to do now.
    private boolean receive()
    {
        if (reader.isFinished()) {
            reader.close();
            reader = null;
            messageBytes = 0;
            openNext();
            return !finished;
        }
        List<StreamMessage> drained = reader.drain();
        messageBytes = 0;
        for (StreamMessage message : drained) {
            messageBytes += message.data().length;
        }
        receivedMessages += drained.size();
        receivedBytes += messageBytes;
        messages = drained.iterator();
        return messages.hasNext() || reader.isFinished();
    }

    private void writeRows()
    {
        while (messages.hasNext() && !rows.isFull()) {
            StreamMessage message = messages.next();
            if (!subjectFilter.accepts(message.subject())) {
                continue;
            }
            int before = rows.positionCount();
            rows.write(message);
            completedRows += rows.positionCount() - before;
            if (completedRows >= limit) {
                finished = true;
                return;
            }
        }
    }

    @Override
    public CompletableFuture<?> isBlocked()
    {
        if (finished || messages.hasNext() || reader == null) {
            return NOT_BLOCKED;
        }
        return reader.isBlocked();
    }

    @Override
    public boolean isFinished()
    {
        return finished && rows.positionCount() == 0;
    }

    @Override
    public long getCompletedBytes()
    {
        return receivedBytes;
    }

    @Override
    public OptionalLong getCompletedPositions()
    {
        return OptionalLong.of(completedRows);
    }

    @Override
    public long getReadTimeNanos()
    {
        return readTimeNanos;
    }

    @Override
    public Metrics getMetrics()
    {
        return new Metrics(ImmutableMap.of(
                "natsMessagesReceived", new LongCount(receivedMessages),
                "natsBytesReceived", new LongCount(receivedBytes),
                "natsRowsSkipped", new LongCount(rows.skippedRows())));
    }

    @Override
    public void close()
    {
        finished = true;
        if (reader != null) {
            reader.close();
            reader = null;
        }
        memoryContext.setBytes(0);
    }
}
