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
package io.streamlance.trino.nats.system;

import com.google.common.collect.ImmutableList;
import io.trino.spi.PageBuilder;
import io.trino.spi.connector.ConnectorPageSource;
import io.trino.spi.connector.SourcePage;
import io.trino.spi.type.Type;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Objects.requireNonNull;

/// Rows of a system table. A call sends the requests of at most one part, so that the thread goes back to the engine between
/// them: the engine does not pass on that a page source of a system table is blocked.
final class SystemPageSource<T>
        implements ConnectorPageSource
{
    /// What the client library's object for a stream, consumer or subject takes, about.
    private static final long ROW_BYTES = 500;

    private final List<SystemColumn<T>> columns;
    private final List<Type> types;
    private final Supplier<Iterator<List<T>>> source;
    private Iterator<List<T>> parts;
    private Iterator<T> rows = Collections.emptyIterator();
    private long partBytes;
    private long completedBytes;
    private long readTimeNanos;
    private boolean finished;

    SystemPageSource(List<SystemColumn<T>> columns, Supplier<Iterator<List<T>>> source)
    {
        this.columns = ImmutableList.copyOf(columns);
        this.types = columns.stream().map(SystemColumn::type).collect(toImmutableList());
        this.source = requireNonNull(source, "source is null");
    }

    @Override
    public SourcePage getNextSourcePage()
    {
        if (!rows.hasNext()) {
            fetch();
        }
        if (!rows.hasNext()) {
            return null;
        }
        PageBuilder page = new PageBuilder(types);
        while (rows.hasNext() && !page.isFull()) {
            T row = rows.next();
            page.declarePosition();
            for (int i = 0; i < columns.size(); i++) {
                columns.get(i).write(row, page.getBlockBuilder(i));
            }
        }
        completedBytes += page.getSizeInBytes();
        return SourcePage.create(page.build());
    }

    private void fetch()
    {
        long start = System.nanoTime();
        if (parts == null) {
            parts = source.get();
        }
        if (parts.hasNext()) {
            List<T> part = parts.next();
            rows = part.iterator();
            partBytes = part.size() * ROW_BYTES;
        }
        else {
            finished = true;
        }
        readTimeNanos += System.nanoTime() - start;
    }

    @Override
    public boolean isFinished()
    {
        return finished;
    }

    @Override
    public long getCompletedBytes()
    {
        return completedBytes;
    }

    @Override
    public long getReadTimeNanos()
    {
        return readTimeNanos;
    }

    @Override
    public long getMemoryUsage()
    {
        return partBytes;
    }

    @Override
    public void close()
    {
        finished = true;
        rows = Collections.emptyIterator();
        partBytes = 0;
    }
}
