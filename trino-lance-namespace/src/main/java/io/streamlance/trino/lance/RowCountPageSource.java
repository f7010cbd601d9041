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
import io.trino.spi.connector.ConnectorPageSource;
import io.trino.spi.connector.SourcePage;
import io.trino.spi.metrics.Metrics;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import static io.airlift.concurrent.MoreFutures.getFutureValue;
import static java.lang.Math.min;
import static java.lang.Math.toIntExact;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;

/**
 * Rows without columns: without a filter their number is in the manifest, with one Lance counts them.
 */
final class RowCountPageSource
        implements ConnectorPageSource
{
    private static final int MAX_PAGE_ROWS = 1_000_000;

    private final CompletableFuture<Long> rows;
    private final Optional<DatasetScan> scan;

    private long returnedRows;
    private boolean finished;

    private RowCountPageSource(CompletableFuture<Long> rows, Optional<DatasetScan> scan)
    {
        this.rows = requireNonNull(rows, "rows is null");
        this.scan = requireNonNull(scan, "scan is null");
    }

    static RowCountPageSource of(long rows)
    {
        return new RowCountPageSource(completedFuture(rows), Optional.empty());
    }

    static RowCountPageSource of(DatasetScan scan)
    {
        return new RowCountPageSource(scan.countRows(), Optional.of(scan));
    }

    @Override
    public SourcePage getNextSourcePage()
    {
        if (finished || !rows.isDone()) {
            return null;
        }
        int pageRows = toIntExact(min(getFutureValue(rows) - returnedRows, MAX_PAGE_ROWS));
        if (pageRows == 0) {
            finished = true;
            return null;
        }
        returnedRows += pageRows;
        return SourcePage.create(pageRows);
    }

    @Override
    public CompletableFuture<?> isBlocked()
    {
        // a failure is thrown by getNextSourcePage
        return rows.isDone() ? NOT_BLOCKED : rows.handle((_, _) -> null);
    }

    @Override
    public boolean isFinished()
    {
        return finished;
    }

    @Override
    public long getCompletedBytes()
    {
        return 0;
    }

    @Override
    public long getReadTimeNanos()
    {
        return scan.map(value -> value.progress().nanos()).orElse(0L);
    }

    @Override
    public Metrics getMetrics()
    {
        return scan.map(value -> ScanMetrics.of(value.progress())).orElse(Metrics.EMPTY);
    }

    @Override
    public void close()
    {
        finished = true;
        scan.ifPresent(DatasetScan::close);
    }
}
