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
import io.streamlance.trino.nats.client.MessageBatch;
import io.streamlance.trino.nats.client.RangeReader;
import io.streamlance.trino.nats.client.RangeReaderFactory;
import io.streamlance.trino.nats.client.SubjectRange;
import io.trino.plugin.base.metrics.LongCount;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.ConnectorPageSource;
import io.trino.spi.connector.MemoryContext;
import io.trino.spi.connector.SourcePage;
import io.trino.spi.metrics.Metrics;
import jakarta.annotation.Nullable;

import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

import static io.streamlance.trino.nats.NatsErrorCode.NATS_MESSAGES_EXPIRED;

/// Reads the ranges of a split one after the other.
public class NatsPageSource
        implements ConnectorPageSource
{
    private final RangeReaderFactory readerFactory;
    private final NatsTableHandle table;
    private final Iterator<SubjectRange> ranges;
    private final MessageFilter filter;
    private final RowWriter rows;
    private final NestedColumns nestedColumns;
    private final ExpiredPolicy expiredPolicy;
    private final MemoryContext memoryContext;
    private final long limit;
    /// The rows that are wanted are the last ones of a range.
    private final boolean wholeRanges;

    @Nullable
    private RangeReader reader;
    @Nullable
    private MessageBatch messages;
    /// Of the message in the batch that comes next.
    private int nextMessage;
    private boolean finished;
    private long completedRows;
    private long receivedMessages;
    private long receivedBytes;
    private long expiredSequences;
    private long readTimeNanos;

    NatsPageSource(RangeReaderFactory readerFactory, NatsTableHandle table, NatsSplit split, RowWriter rows, NestedColumns nestedColumns, ExpiredPolicy expiredPolicy, MemoryContext memoryContext)
    {
        this.readerFactory = readerFactory;
        this.table = table;
        this.ranges = split.ranges().iterator();
        this.filter = new MessageFilter(split.wantedSubjects(), table.filter(), rows.parts().time());
        this.rows = rows;
        this.nestedColumns = nestedColumns;
        this.expiredPolicy = expiredPolicy;
        this.memoryContext = memoryContext;
        this.limit = split.limit().orElse(Long.MAX_VALUE);
        this.wholeRanges = table.order().equals(Optional.of(ScanOrder.NEWEST_FIRST));
        openNext();
    }

    private void openNext()
    {
        if (!ranges.hasNext()) {
            finished = true;
            return;
        }
        reader = readerFactory.open(table.source(), ranges.next(), rows.parts());
    }

    @Override
    public SourcePage getNextSourcePage()
    {
        long start = System.nanoTime();
        while (!finished && !rows.isFull()) {
            if (!hasMessages() && !receive()) {
                break;
            }
            writeRows();
        }
        readTimeNanos += System.nanoTime() - start;
        boolean flush = rows.isFull() || finished;
        SourcePage page = flush && rows.positionCount() > 0 ? SourcePage.create(nestedColumns.project(rows.build())) : null;
        memoryContext.setBytes(rows.retainedBytes() + (reader == null ? 0 : reader.bufferedBytes()));
        return page;
    }

    /// Takes what has arrived; false when there is nothing to do now.
    private boolean receive()
    {
        if (reader.isFinished()) {
            countExpired();
            Optional<RangeReader> successor = reader.successor();
            closeReader();
            messages = null;
            if (successor.isPresent()) {
                reader = successor.orElseThrow();
            }
            else if (completedRows >= limit) {
                finished = true;
            }
            else {
                openNext();
            }
            return !finished;
        }
        messages = reader.drain();
        nextMessage = 0;
        return hasMessages() || reader.isFinished();
    }

    private void countExpired()
    {
        long expired = reader.expiredSequences();
        expiredSequences += expired;
        if (expired > 0 && expiredPolicy == ExpiredPolicy.FAIL) {
            throw new TrinoException(NATS_MESSAGES_EXPIRED, "%s sequences of stream %s were gone before they were read, the stream has dropped messages since the query was planned. Read less at a time, keep messages for longer, or set nats.on-expired or the session property on_expired to IGNORE".formatted(expired, table.source().stream()));
        }
    }

    private boolean hasMessages()
    {
        return messages != null && nextMessage < messages.count();
    }

    private void writeRows()
    {
        while (hasMessages() && !rows.isFull()) {
            int message = nextMessage++;
            if (!filter.accepts(messages, message)) {
                continue;
            }
            int before = rows.positionCount();
            rows.write(messages, message);
            completedRows += rows.positionCount() - before;
            if (completedRows >= limit && !wholeRanges) {
                finished = true;
                return;
            }
        }
    }

    private void closeReader()
    {
        receivedMessages += reader.receivedMessages();
        receivedBytes += reader.receivedBytes();
        reader.close();
        reader = null;
    }

    @Override
    public CompletableFuture<?> isBlocked()
    {
        if (finished || hasMessages() || reader == null) {
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
        return receivedBytes + (reader == null ? 0 : reader.receivedBytes());
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
                "natsMessagesReceived", new LongCount(receivedMessages + (reader == null ? 0 : reader.receivedMessages())),
                "natsBytesReceived", new LongCount(getCompletedBytes()),
                "natsSequencesExpired", new LongCount(expiredSequences),
                "natsRowsSkipped", new LongCount(rows.skippedRows())));
    }

    @Override
    public void close()
    {
        finished = true;
        if (reader != null) {
            closeReader();
        }
        memoryContext.setBytes(0);
    }
}
