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
package io.streamlance.trino.lance.planning;

import com.google.common.collect.AbstractIterator;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.airlift.units.Duration;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import static com.google.common.base.Throwables.throwIfUnchecked;
import static io.trino.spi.StandardErrorCode.USER_CANCELED;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

/// Works on many tables, some of them at once, and gives the results in order. A table that takes too long is left to end on
/// its own, so that it does not hold up the others.
public final class TableListing<T>
        extends AbstractIterator<T>
{
    // enough to keep the threads busy, and little to have done in vain
    private static final int LOOKAHEAD = 64;

    private final Iterator<SchemaTableName> names;
    private final Function<SchemaTableName, T> work;
    private final Function<SchemaTableName, T> late;
    private final Executor executor;
    private final int parallelism;
    private final Duration timeout;

    // only used by the thread that iterates
    private final Queue<Table> tables = new ArrayDeque<>();

    @GuardedBy("this")
    private final Queue<Table> waiting = new ArrayDeque<>();
    @GuardedBy("this")
    private int running;

    /// @param late stands in for the work on a table that has taken too long
    /// @param parallelism most tables to work on at once
    /// @param timeout longest time for one table
    public TableListing(Iterator<SchemaTableName> names, Function<SchemaTableName, T> work, Function<SchemaTableName, T> late, Executor executor, int parallelism, Duration timeout)
    {
        this.names = requireNonNull(names, "names is null");
        this.work = requireNonNull(work, "work is null");
        this.late = requireNonNull(late, "late is null");
        this.executor = requireNonNull(executor, "executor is null");
        this.parallelism = parallelism;
        this.timeout = requireNonNull(timeout, "timeout is null");
    }

    @Override
    protected T computeNext()
    {
        while (tables.size() < LOOKAHEAD && names.hasNext()) {
            Table table = new Table(names.next());
            tables.add(table);
            synchronized (this) {
                waiting.add(table);
            }
        }
        startWaiting();
        return tables.isEmpty() ? endOfData() : await(tables.remove());
    }

    private T await(Table table)
    {
        try {
            return table.result.get(table.nanosLeft(), NANOSECONDS);
        }
        catch (TimeoutException e) {
            table.end();
            return late.apply(table.name);
        }
        catch (InterruptedException e) {
            cancelWaiting();
            Thread.currentThread().interrupt();
            throw new TrinoException(USER_CANCELED, "The query was cancelled while it was listing tables", e);
        }
        catch (ExecutionException e) {
            cancelWaiting();
            throwIfUnchecked(e.getCause());
            throw new IllegalStateException("reading metadata throws no checked exceptions", e);
        }
    }

    private void startWaiting()
    {
        for (Table table = nextToStart(); table != null; table = nextToStart()) {
            try {
                executor.execute(table::run);
            }
            catch (RuntimeException e) {
                table.result.completeExceptionally(e);
                table.end();
            }
        }
    }

    private synchronized Table nextToStart()
    {
        if (running >= parallelism || waiting.isEmpty()) {
            return null;
        }
        running++;
        Table table = waiting.remove();
        table.startNanos = System.nanoTime();
        return table;
    }

    private synchronized void cancelWaiting()
    {
        waiting.clear();
    }

    private synchronized void countEnded()
    {
        running--;
    }

    private final class Table
    {
        private final SchemaTableName name;
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private final AtomicBoolean ended = new AtomicBoolean();
        // the first table is never waiting: those before it have ended
        private volatile long startNanos;

        private Table(SchemaTableName name)
        {
            this.name = requireNonNull(name, "name is null");
        }

        private void run()
        {
            try {
                result.complete(work.apply(name));
            }
            // whoever waits for it gets it, whatever it is
            catch (Throwable e) {
                result.completeExceptionally(e);
            }
            end();
        }

        // a table that is late has ended before its work has
        private void end()
        {
            if (!ended.getAndSet(true)) {
                countEnded();
                startWaiting();
            }
        }

        private long nanosLeft()
        {
            return startNanos + timeout.roundTo(NANOSECONDS) - System.nanoTime();
        }
    }
}
