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
package io.streamlance.trino.lance;

import com.google.common.collect.ImmutableMap;
import io.streamlance.trino.lance.dataset.DatasetScan;
import io.trino.plugin.base.metrics.LongCount;
import io.trino.spi.Page;
import io.trino.spi.connector.ConnectorPageSource;
import io.trino.spi.connector.MemoryContext;
import io.trino.spi.connector.SourcePage;
import io.trino.spi.metrics.Metric;
import io.trino.spi.metrics.Metrics;
import org.lance.ipc.ScanStats;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

import static io.airlift.concurrent.MoreFutures.getFutureValue;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.supplyAsync;

/**
 * Reads batches on the connector's threads, one ahead of the driver.
 */
public class LancePageSource
        implements ConnectorPageSource
{
    private final DatasetScan scan;
    private final Executor executor;
    private final MemoryContext memoryContext;
    private final AtomicLong readTimeNanos = new AtomicLong();

    private CompletableFuture<Optional<Page>> nextPage;
    private boolean finished;
    private long batches;
    private long rows;
    private long bytes;
    private volatile Optional<ScanStats> stats = Optional.empty();

    public LancePageSource(DatasetScan scan, Executor executor, MemoryContext memoryContext)
    {
        this.scan = requireNonNull(scan, "scan is null");
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
            memoryContext.setBytes(scan.allocatedBytes());
            return null;
        }
        Optional<Page> page = getFutureValue(nextPage);
        if (page.isEmpty()) {
            close();
            return null;
        }
        batches++;
        rows += page.orElseThrow().getPositionCount();
        bytes += page.orElseThrow().getSizeInBytes();
        // the batch being read ahead will be about as large as this one, in Arrow's memory and as a page
        memoryContext.setBytes(scan.allocatedBytes() + 2 * page.orElseThrow().getRetainedSizeInBytes());
        nextPage = supplyAsync(this::readPage, executor);
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
    public OptionalLong getCompletedPositions()
    {
        return OptionalLong.of(rows);
    }

    @Override
    public long getReadTimeNanos()
    {
        return readTimeNanos.get();
    }

    @Override
    public Metrics getMetrics()
    {
        ImmutableMap.Builder<String, Metric<?>> metrics = ImmutableMap.<String, Metric<?>>builder()
                .put("lanceBatches", new LongCount(batches))
                .put("lanceRows", new LongCount(rows))
                .put("lanceReadNanos", new LongCount(readTimeNanos.get()));
        stats.ifPresent(value -> metrics
                .put("lanceStorageBytes", new LongCount(value.getBytesRead()))
                .put("lanceStorageRequests", new LongCount(value.getRequests()))
                .put("lanceIndexComparisons", new LongCount(value.getIndexComparisons())));
        return new Metrics(metrics.buildOrThrow());
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
            scan.close();
            return;
        }
        // Lance cannot be interrupted: the batch being read is the last
        nextPage.whenComplete((_, _) -> scan.close());
    }

    private Optional<Page> readPage()
    {
        long start = System.nanoTime();
        try {
            Optional<Page> page = scan.readPage();
            if (page.isEmpty()) {
                stats = scan.stats();
            }
            return page;
        }
        finally {
            readTimeNanos.addAndGet(System.nanoTime() - start);
        }
    }
}
