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

import io.streamlance.trino.lance.dataset.DatasetScan;
import io.trino.spi.Page;
import io.trino.spi.connector.ConnectorPageSource;
import io.trino.spi.connector.MemoryContext;
import io.trino.spi.connector.SourcePage;
import io.trino.spi.metrics.Metrics;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

import static java.util.Objects.requireNonNull;

/// Takes the pages of a scan, or the number of its rows as pages without blocks.
public final class LancePageSource
        implements ConnectorPageSource
{
    private final DatasetScan scan;
    private final MemoryContext memoryContext;

    private boolean finished;
    private long rows;

    LancePageSource(DatasetScan scan, MemoryContext memoryContext)
    {
        this.scan = requireNonNull(scan, "scan is null");
        this.memoryContext = requireNonNull(memoryContext, "memoryContext is null");
    }

    @Override
    public SourcePage getNextSourcePage()
    {
        if (finished) {
            return null;
        }
        Optional<Page> page = scan.nextPage();
        if (scan.isEnded()) {
            close();
        }
        else {
            memoryContext.setBytes(scan.retainedBytes() + page.map(Page::getRetainedSizeInBytes).orElse(0L));
        }
        page.ifPresent(value -> rows += value.getPositionCount());
        return page.map(SourcePage::create).orElse(null);
    }

    @Override
    public CompletableFuture<?> isBlocked()
    {
        return finished ? NOT_BLOCKED : scan.ready();
    }

    @Override
    public boolean isFinished()
    {
        return finished;
    }

    @Override
    public long getCompletedBytes()
    {
        return scan.progress().bytes();
    }

    @Override
    public OptionalLong getCompletedPositions()
    {
        return OptionalLong.of(rows);
    }

    @Override
    public long getReadTimeNanos()
    {
        return scan.progress().nanos();
    }

    @Override
    public Metrics getMetrics()
    {
        return ScanMetrics.of(scan.progress());
    }

    @Override
    public void close()
    {
        if (finished) {
            return;
        }
        finished = true;
        memoryContext.setBytes(0);
        scan.close();
    }
}
