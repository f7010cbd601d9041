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

import io.trino.spi.connector.ConnectorPageSource;
import io.trino.spi.connector.SourcePage;

import java.util.concurrent.CompletableFuture;

import static io.airlift.concurrent.MoreFutures.getFutureValue;
import static java.lang.Math.min;
import static java.lang.Math.toIntExact;
import static java.util.Objects.requireNonNull;

/**
 * Rows without columns: without a filter their number is in the manifest, with one Lance counts them.
 */
final class RowCountPageSource
        implements ConnectorPageSource
{
    private static final int MAX_PAGE_ROWS = 1_000_000;

    private final CompletableFuture<Long> rows;

    private long returnedRows;
    private boolean finished;

    RowCountPageSource(CompletableFuture<Long> rows)
    {
        this.rows = requireNonNull(rows, "rows is null");
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
        return 0;
    }

    @Override
    public void close()
    {
        finished = true;
        // a count that is under way ends by itself, as Lance cannot be interrupted; one that waits is not begun
        rows.cancel(false);
    }
}
