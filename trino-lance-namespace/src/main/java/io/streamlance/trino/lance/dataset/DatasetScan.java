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
package io.streamlance.trino.lance.dataset;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.trino.spi.Page;
import org.apache.arrow.memory.BufferAllocator;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

import static com.google.common.base.Preconditions.checkState;
import static com.google.common.base.Throwables.throwIfUnchecked;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

/// Reads one range of a dataset version ahead of the engine: the connector's threads wait for Lance and copy what comes into
/// pages, until some megabytes of them wait here. When other scans wait for a slot and nobody asks for pages, the native scan
/// is closed, and opened again behind the rows that were copied.
@ThreadSafe
public final class DatasetScan
        implements ScanSlots.Scan, AutoCloseable
{
    // reading starts again before the last page is taken, so that neither side has to wait for the other
    private static final long LOW_BYTES = 2 << 20;
    private static final long HIGH_BYTES = 4 << 20;

    private final Supplier<DatasetLease> dataset;
    private final LanceRuntime runtime;
    private final BufferAllocator allocator;
    private final ReaderStage stage;

    @GuardedBy("this")
    private final PageQueue pages = new PageQueue();
    @GuardedBy("this")
    private final PageSignal awaited = new PageSignal();
    private final ReaderMemory readerMemory = new ReaderMemory();
    @GuardedBy("this")
    private ScanState state = ScanState.IDLE;
    @GuardedBy("this")
    private CompletableFuture<Void> admission;
    @GuardedBy("this")
    private Throwable failure;
    @GuardedBy("this")
    private boolean ended;
    // written under the lock
    private volatile boolean closed;
    @GuardedBy("this")
    private boolean hasSlot;
    @GuardedBy("this")
    private long idleSince;

    // only used by the thread that reads, or under the lock when none does
    private ScanRequest request;
    private RowReader reader;
    private long readRows;
    private volatile ScanProgress progress = ScanProgress.NONE;

    /// @param dataset opens the dataset, on the connector's threads
    /// @param stage what is done with the rows before they become pages of this scan
    public DatasetScan(Supplier<DatasetLease> dataset, LanceRuntime runtime, ScanRequest request, ReaderStage stage)
    {
        this.dataset = requireNonNull(dataset, "dataset is null");
        this.runtime = requireNonNull(runtime, "runtime is null");
        this.request = requireNonNull(request, "request is null");
        this.stage = requireNonNull(stage, "stage is null");
        this.allocator = runtime.allocator().newChildAllocator(request.table().toString(), 0, Long.MAX_VALUE);
    }

    /// The next page; empty if there is none yet, or no more. Of a request without columns, pages without blocks.
    ///
    /// @throws io.trino.spi.TrinoException if the scan has failed
    public synchronized Optional<Page> nextPage()
    {
        if (failure != null) {
            throwIfUnchecked(failure);
            throw new IllegalStateException(failure);
        }
        idleSince = System.nanoTime();
        Optional<Page> page = pages.poll();
        if (readerMemory.isUncounted()) {
            // the caller counts the retained bytes now, and comes again when there is memory for them
            readerMemory.markCounted();
        }
        else {
            readAhead();
        }
        return page;
    }

    /// Completes when [#nextPage()] has a page or a failure, or the last page has been taken.
    public synchronized CompletableFuture<Void> ready()
    {
        if (!pages.isEmpty() || ended || closed || failure != null || (readerMemory.isAnnounced() && state == ScanState.IDLE)) {
            return completedFuture(null);
        }
        CompletableFuture<Void> result = awaited.await();
        readAhead();
        return result;
    }

    /// Whether the last page has been taken.
    public synchronized boolean isEnded()
    {
        return ended && pages.isEmpty();
    }

    public ScanProgress progress()
    {
        return progress;
    }

    /// Arrow's memory, the pages that have not been taken, and what is about to be read into memory.
    public synchronized long retainedBytes()
    {
        return allocator.getAllocatedMemory() + pages.bytes() + readerMemory.bytes();
    }

    @Override
    public synchronized void suspendIfIdle()
    {
        if (state != ScanState.IDLE || !hasSlot || System.nanoTime() - idleSince < MILLISECONDS.toNanos(ScanSlots.IDLE_MILLIS)) {
            return;
        }
        runtime.scanSlots().countSuspension();
        closeReader();
    }

    /// Lance cannot be interrupted: the scan closes when the batch that is being read has come.
    @Override
    public void close()
    {
        CompletableFuture<Void> pending;
        CompletableFuture<Void> waiter;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            pages.clear();
            pending = admission;
            admission = null;
            waiter = awaited.take();
            if (state != ScanState.READING) {
                state = ScanState.IDLE;
                closeAll();
            }
        }
        if (pending != null && !pending.cancel(false)) {
            // it came, but no thread has begun to read
            runtime.scanSlots().release(this);
        }
        waiter.complete(null);
    }

    @GuardedBy("this")
    private void readAhead()
    {
        if (state != ScanState.IDLE || closed || ended || failure != null || pages.bytes() >= LOW_BYTES || readerMemory.isUncounted()) {
            return;
        }
        state = ScanState.WAITING;
        CompletableFuture<Void> ready = completedFuture(null);
        if (!hasSlot) {
            admission = runtime.scanSlots().acquire(this);
            ready = admission;
        }
        // fails if this scan, or the catalog, was closed
        ready.thenRunAsync(this::read, runtime.scanThreads()).exceptionally(e -> {
            finish(e instanceof CompletionException ? e.getCause() : e);
            return null;
        });
    }

    private void read()
    {
        synchronized (this) {
            if (closed) {
                return;
            }
            state = ScanState.READING;
            hasSlot = true;
            admission = null;
        }
        Throwable error = null;
        try {
            readPages();
        }
        // whoever asks for the next page gets it, whatever it is
        catch (Throwable e) {
            error = e;
        }
        finish(error);
    }

    private void readPages()
    {
        boolean more = true;
        while (more && wantsMore()) {
            if (request.topN().isPresent()) {
                TopNSearch search = TopNSearch.search(dataset.get(), allocator, request, progress);
                progress = search.progress();
                request = search.found();
                // the scan may have been closed meanwhile
                continue;
            }
            if (reader == null) {
                reader = openReader();
            }
            if (!readerMemory.announce(reader.announcedBytes())) {
                return;
            }
            RowReader.Batch batch = reader.read();
            progress = reader.progress();
            readerMemory.setHeld(reader.retainedBytes());
            more = add(batch, reader.isEnded());
            Optional<BatchPlan> smaller = reader.smallerBatches();
            if (more && smaller.isPresent()) {
                request = request.withBatches(smaller.orElseThrow());
                closeRows();
            }
        }
    }

    private RowReader openReader()
    {
        long start = System.nanoTime();
        DatasetLease lease = dataset.get();
        OpenScan scan = OpenScan.open(lease, allocator, request, readRows);
        PageReader rows = new PageReader(scan, request, progress.addNanos(System.nanoTime() - start));
        return stage.apply(lease.dataset(), rows, () -> closed);
    }

    private synchronized boolean wantsMore()
    {
        return !closed && pages.bytes() < HIGH_BYTES;
    }

    /// @return whether there are more rows to read
    private boolean add(RowReader.Batch batch, boolean last)
    {
        CompletableFuture<Void> waiter = completedFuture(null);
        boolean more;
        synchronized (this) {
            readRows += batch.rows();
            if (!closed) {
                batch.pages().forEach(pages::add);
            }
            readerMemory.allocated();
            ended = last || request.filter().isEnough(readRows);
            more = !ended;
            if (!pages.isEmpty()) {
                waiter = awaited.take();
            }
        }
        waiter.complete(null);
        return more;
    }

    private void finish(Throwable error)
    {
        CompletableFuture<Void> waiter;
        synchronized (this) {
            if (state == ScanState.IDLE) {
                return;
            }
            checkState(admission == null || admission.isDone(), "scan still waits for a slot");
            state = ScanState.IDLE;
            idleSince = System.nanoTime();
            failure = error;
            if (admission != null) {
                admission = null;
                hasSlot = true;
            }
            if (closed) {
                closeAll();
            }
            else if (ended || failure != null) {
                closeEndedReader();
            }
            else if (!readerMemory.isAnnounced()) {
                // pages may have been taken since the last one was added
                readAhead();
            }
            waiter = ended || failure != null || readerMemory.isAnnounced() ? awaited.take() : completedFuture(null);
        }
        waiter.complete(null);
    }

    @GuardedBy("this")
    private void closeEndedReader()
    {
        try {
            closeReader();
        }
        catch (RuntimeException e) {
            if (failure == null) {
                failure = e;
            }
        }
    }

    @GuardedBy("this")
    private void closeAll()
    {
        try {
            closeReader();
        }
        finally {
            allocator.close();
        }
    }

    @GuardedBy("this")
    private void closeReader()
    {
        try {
            closeRows();
        }
        finally {
            if (hasSlot) {
                hasSlot = false;
                runtime.scanSlots().release(this);
            }
        }
    }

    private void closeRows()
    {
        try (RowReader _ = reader) {
            reader = null;
            readerMemory.clear();
        }
    }
}
