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
package io.streamlance.trino.lance.changes;

import io.trino.spi.Page;
import io.trino.spi.connector.ConnectorPageSource;
import io.trino.spi.connector.MemoryContext;
import io.trino.spi.connector.SourcePage;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

import static io.airlift.concurrent.MoreFutures.getFutureValue;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.supplyAsync;

/// Reads the changes of a version on the connector's threads.
final class TableChangesPageSource
        implements ConnectorPageSource
{
    private final ChangeReader reader;
    private final Executor executor;
    private final MemoryContext memoryContext;
    private final AtomicLong readTimeNanos = new AtomicLong();

    private CompletableFuture<Optional<Page>> nextPage;
    private boolean finished;
    private long bytes;

    TableChangesPageSource(ChangeReader reader, Executor executor, MemoryContext memoryContext)
    {
        this.reader = requireNonNull(reader, "reader is null");
        this.executor = requireNonNull(executor, "executor is null");
        this.memoryContext = requireNonNull(memoryContext, "memoryContext is null");
    }

    @Override
    public SourcePage getNextSourcePage()
    {
        if (finished) {
            return null;
        }
        if (nextPage == null) {
            nextPage = supplyAsync(this::readPage, executor);
        }
        if (!nextPage.isDone()) {
            return null;
        }
        Optional<Page> page = getFutureValue(nextPage);
        nextPage = null;
        if (page.isEmpty()) {
            close();
            return null;
        }
        memoryContext.setBytes(reader.retainedBytes() + page.orElseThrow().getRetainedSizeInBytes());
        if (page.orElseThrow().getPositionCount() == 0) {
            return null;
        }
        bytes += page.orElseThrow().getSizeInBytes();
        return SourcePage.create(page.orElseThrow());
    }

    @Override
    public CompletableFuture<?> isBlocked()
    {
        if (nextPage == null || nextPage.isDone()) {
            return NOT_BLOCKED;
        }
        // a failure is thrown by getNextSourcePage
        return nextPage.handle((_, _) -> null);
    }

    @Override
    public boolean isFinished()
    {
        return finished;
    }

    @Override
    public long getCompletedBytes()
    {
        return bytes;
    }

    @Override
    public long getReadTimeNanos()
    {
        return readTimeNanos.get();
    }

    @Override
    public void close()
    {
        if (finished) {
            return;
        }
        finished = true;
        memoryContext.setBytes(0);
        if (nextPage == null) {
            reader.close();
            return;
        }
        // Lance cannot be interrupted: the batch being read is the last
        nextPage.whenComplete((_, _) -> reader.close());
    }

    private Optional<Page> readPage()
    {
        long start = System.nanoTime();
        try {
            return reader.readPage();
        }
        finally {
            readTimeNanos.addAndGet(System.nanoTime() - start);
        }
    }
}
