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

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.MetadataColumn;
import io.streamlance.trino.lance.dataset.DatasetLease;
import io.streamlance.trino.lance.dataset.DatasetScan;
import io.streamlance.trino.lance.dataset.DatasetVersion;
import io.streamlance.trino.lance.filter.LanceFilter;
import io.streamlance.trino.lance.filter.StorageType;
import io.trino.spi.Page;
import io.trino.spi.TrinoException;
import io.trino.spi.block.Block;
import org.lance.FragmentMetadata;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import static com.google.common.base.Preconditions.checkState;
import static io.airlift.concurrent.MoreFutures.getFutureValue;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_READ_ERROR;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_TABLE_REPLACED;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
import static io.trino.spi.type.BigintType.BIGINT;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.runAsync;

/// Reads what one version changed. First the ids of the rows in changed fragments, before and after, with the version in
/// which each was last written; then the rows of which this differs. Lance is waited for on the connector's threads; all methods are
/// for one thread at a time.
final class ChangeReader
        implements AutoCloseable
{
    private static final LanceColumnHandle LAST_WRITTEN = new LanceColumnHandle("_row_last_updated_at_version", BIGINT, StorageType.OPAQUE);
    private static final Page NO_ROWS = new Page(0);

    private final TableChangesHandle table;
    private final TableChangesSplit change;
    private final List<LanceColumnHandle> columns;
    private final ChangeSource source;
    private final Deque<Supplier<Optional<Step>>> steps = new ArrayDeque<>();

    private CompletableFuture<Void> preparation = completedFuture(null);
    private Optional<DatasetLease> from = Optional.empty();
    private DatasetLease to;
    private volatile Optional<Step> step = Optional.empty();
    private volatile boolean closed;
    private volatile long mapBytes;
    @GuardedBy("this")
    private long endedNanos;

    ChangeReader(TableChangesHandle table, TableChangesSplit change, List<LanceColumnHandle> columns, ChangeSource source)
    {
        this.table = requireNonNull(table, "table is null");
        this.change = requireNonNull(change, "change is null");
        this.columns = requireNonNull(columns, "columns is null");
        this.source = requireNonNull(source, "source is null");
    }

    /// The next page; empty if there is none yet, or no more. It has no rows if it is not of changes.
    ///
    /// @throws TrinoException if the changes cannot be read
    Optional<Page> nextPage()
    {
        checkState(!closed, "reader is closed");
        if (!preparation.isDone()) {
            return Optional.empty();
        }
        getFutureValue(preparation);
        Optional<Page> page = step.flatMap(current -> current.scan().nextPage().map(current.output()));
        if (step.map(current -> current.scan().isEnded()).orElse(!isEnded())) {
            preparation = runAsync(this::prepareStep, source.runtime().scanThreads());
        }
        return page;
    }

    /// Completes when [#nextPage()] has something to do.
    CompletableFuture<?> ready()
    {
        if (preparation.isDone() && step.isPresent()) {
            return step.orElseThrow().scan().ready();
        }
        // a failure is thrown by the next page
        return preparation.handle((_, _) -> null);
    }

    /// Whether the last page has been taken.
    boolean isEnded()
    {
        return preparation.isDone() && to != null && step.isEmpty() && steps.isEmpty();
    }

    long retainedBytes()
    {
        return mapBytes + step.map(current -> current.scan().retainedBytes()).orElse(0L);
    }

    /// Time that was spent waiting for Lance; never less than before.
    synchronized long readNanos()
    {
        return endedNanos + step.map(current -> current.scan().progress().nanos()).orElse(0L);
    }

    /// What is being prepared ends first.
    @Override
    public void close()
    {
        if (!closed) {
            closed = true;
            preparation.whenComplete((_, _) -> release());
        }
    }

    private void release()
    {
        try {
            endStep();
        }
        finally {
            from.ifPresent(DatasetLease::close);
            if (to != null) {
                to.close();
            }
        }
    }

    private void prepareStep()
    {
        checkNotClosed();
        long start = System.nanoTime();
        endStep();
        if (to == null) {
            open();
        }
        while (step.isEmpty() && !steps.isEmpty()) {
            checkNotClosed();
            step = steps.remove().get();
        }
        addNanos(System.nanoTime() - start);
    }

    private void endStep()
    {
        removeStep().ifPresent(ended -> ended.scan().close());
    }

    private synchronized Optional<Step> removeStep()
    {
        Optional<Step> ended = step;
        step = Optional.empty();
        ended.ifPresent(current -> addNanos(current.scan().progress().nanos()));
        return ended;
    }

    private synchronized void addNanos(long nanos)
    {
        endedNanos += nanos;
    }

    // Lance cannot be interrupted, but need not be asked for more
    private void checkNotClosed()
    {
        if (closed) {
            throw new CancellationException("reading the changes of table %s was cancelled".formatted(table.name()));
        }
    }

    private void open()
    {
        from = change.from().map(this::openVersion);
        to = openVersion(change.to());
        ChangedFragments fragments;
        try {
            fragments = ChangedFragments.between(table.name(), from, to);
        }
        catch (TrinoException e) {
            throw e;
        }
        // the native code throws IOException too, although the methods do not declare it
        catch (Exception e) {
            throw new TrinoException(LANCE_READ_ERROR, "Cannot compare version %s of table %s with the one before: %s".formatted(change.to().version(), table.name(), e.getMessage()), e);
        }
        if (!fragments.haveWriteVersions()) {
            throw new TrinoException(NOT_SUPPORTED, "The changes of table %s up to version %s cannot be told, because the version of Lance that wrote them did not note which rows it updated. Begin with a later version".formatted(table.name(), change.to().version()));
        }
        if (fragments.before().isEmpty() || fragments.after().isEmpty()) {
            addRows(from, fragments.before(), () -> ChangedRows.all(ChangeType.DELETE));
            addRows(Optional.of(to), fragments.after(), () -> ChangedRows.all(ChangeType.INSERT));
            return;
        }
        RowIdMap before = new RowIdMap();
        RowIdMap after = new RowIdMap();
        addIds(from, fragments.before(), before);
        addIds(Optional.of(to), fragments.after(), after);
        addRows(from, fragments.before(), () -> ChangedRows.before(before, after));
        addRows(Optional.of(to), fragments.after(), () -> ChangedRows.after(after, before));
    }

    private DatasetLease openVersion(DatasetVersion version)
    {
        checkNotClosed();
        DatasetLease lease = source.openVersion(table.name(), version);
        if (!lease.version().equals(version)) {
            lease.close();
            throw new TrinoException(LANCE_TABLE_REPLACED, "Table %s was dropped and created again while the query was reading the changes of version %s. Run the query again".formatted(table.name(), version.version()));
        }
        return lease;
    }

    private void addIds(Optional<DatasetLease> lease, List<FragmentMetadata> fragments, RowIdMap rows)
    {
        steps.add(() -> Optional.of(new Step(
                source.scan(table.name(), lease.orElseThrow().version(), fragments, LanceFilter.Constant.ALL, _ -> true, List.of(MetadataColumn.ROW_ID.handle(), LAST_WRITTEN)),
                page -> collect(page, rows))));
    }

    private void addRows(Optional<DatasetLease> lease, List<FragmentMetadata> fragments, Supplier<ChangedRows> changes)
    {
        if (!fragments.isEmpty()) {
            steps.add(() -> rowsStep(lease.orElseThrow(), fragments, changes.get()));
        }
    }

    private Optional<Step> rowsStep(DatasetLease lease, List<FragmentMetadata> fragments, ChangedRows changes)
    {
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        mapBytes += changes.retainedBytes();
        ChangePages pages = new ChangePages(table, columns, change, source.columns(table.name(), lease));
        return Optional.of(new Step(
                source.scan(table.name(), lease.version(), fragments, ChangeSource.filter(changes), row -> changes.types().applyAsLong(row) != RowIdMap.NO_VALUE, pages.columnsToRead()),
                page -> pages.select(page, changes.types())));
    }

    private Page collect(Page page, RowIdMap rows)
    {
        Block ids = page.getBlock(0);
        Block versions = page.getBlock(1);
        long bytes = rows.retainedBytes();
        for (int position = 0; position < page.getPositionCount(); position++) {
            rows.put(BIGINT.getLong(ids, position), BIGINT.getLong(versions, position));
        }
        mapBytes += rows.retainedBytes() - bytes;
        return NO_ROWS;
    }

    private record Step(DatasetScan scan, UnaryOperator<Page> output) {}
}
