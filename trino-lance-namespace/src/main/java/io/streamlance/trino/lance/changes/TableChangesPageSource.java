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

import static java.util.Objects.requireNonNull;

/// Reads the changes of a version on the connector's threads.
final class TableChangesPageSource
        implements ConnectorPageSource
{
    private final ChangeReader reader;
    private final MemoryContext memoryContext;

    private boolean finished;
    private long bytes;

    TableChangesPageSource(ChangeReader reader, MemoryContext memoryContext)
    {
        this.reader = requireNonNull(reader, "reader is null");
        this.memoryContext = requireNonNull(memoryContext, "memoryContext is null");
    }

    @Override
    public SourcePage getNextSourcePage()
    {
        if (finished) {
            return null;
        }
        Optional<Page> page = reader.nextPage().filter(rows -> rows.getPositionCount() > 0);
        if (reader.isEnded()) {
            close();
        }
        else {
            memoryContext.setBytes(reader.retainedBytes() + page.map(Page::getRetainedSizeInBytes).orElse(0L));
        }
        bytes += page.map(Page::getSizeInBytes).orElse(0L);
        return page.map(SourcePage::create).orElse(null);
    }

    @Override
    public CompletableFuture<?> isBlocked()
    {
        return finished ? NOT_BLOCKED : reader.ready();
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
        return reader.readNanos();
    }

    @Override
    public void close()
    {
        if (finished) {
            return;
        }
        finished = true;
        memoryContext.setBytes(0);
        reader.close();
    }
}
