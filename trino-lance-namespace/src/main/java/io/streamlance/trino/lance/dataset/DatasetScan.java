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
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import static com.google.common.base.Preconditions.checkState;
import static java.lang.Math.clamp;
import static java.lang.Math.max;
import static java.lang.Math.min;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

/// Reads one range of a dataset version: [#read()] waits for Lance on the connector's threads, [#nextPage()] copies what was
/// read. When other scans wait for a slot and nobody asks for pages, the native scan is closed, and opened again behind the
/// rows that were returned.
@ThreadSafe
public final class DatasetScan
        implements ScanSlots.Scan, AutoCloseable
{
    private static final int PAGE_BYTES = 1 << 20;
    private static final int MIN_PAGE_ROWS = 1024;
    // the arrays of a page stay below half a region of a small G1 heap, and in a processor's cache
    private static final int MAX_PAGE_ROWS = 16_384;

    private final Supplier<DatasetLease> dataset;
    private final LanceRuntime runtime;
    private final ScanRequest request;
    private final BufferAllocator allocator;

    @GuardedBy("this")
    private State state = State.IDLE;
    @GuardedBy("this")
    private boolean closed;
    @GuardedBy("this")
    private long idleSince;
    @GuardedBy("this")
    private CompletableFuture<Void> admission;

    // only used by the thread that reads, or under the lock when none does
    private boolean hasSlot;
    private OpenScan scan;
    private Optional<Page> mergedPage = Optional.empty();
    private int batchRows;
    private int batchPosition;
    private int pageRows;
    private long returnedRows;
    private boolean ended;
    private volatile long mergedBytes;
    private volatile ScanProgress progress = ScanProgress.NONE;

    /// @param dataset opens the dataset, on the connector's threads
    public DatasetScan(Supplier<DatasetLease> dataset, LanceRuntime runtime, ScanRequest request)
    {
        this.dataset = requireNonNull(dataset, "dataset is null");
        this.runtime = requireNonNull(runtime, "runtime is null");
        this.request = requireNonNull(request, "request is null");
        this.allocator = runtime.allocator().newChildAllocator(request.table().toString(), 0, Long.MAX_VALUE);
    }

    private enum State
    {
        IDLE,
        /// Waits for a slot or for Lance.
        READING,
    }

    /// Counts the rows that pass the filter.
    public CompletableFuture<Long> countRows()
    {
        return begin(() -> {
            long start = System.nanoTime();
            scan = open();
            long rows = scan.countRows();
            progress = new ScanProgress(0, rows, 0, System.nanoTime() - start, scan.stats());
            ended = true;
            return rows;
        });
    }

    /// Reads until there are pages or the range has ended. All pages of the last read must have been taken.
    public CompletableFuture<Void> read()
    {
        return begin(() -> {
            load();
            return null;
        });
    }

    /// The next page of what was read; empty if there is none, as all were taken or the scan had to give them up.
    public synchronized Optional<Page> nextPage()
    {
        if (state == State.READING || closed) {
            return Optional.empty();
        }
        idleSince = System.nanoTime();
        Optional<Page> page = mergedPage.isPresent() ? takeMergedPage() : copyRows();
        returnedRows += page.map(Page::getPositionCount).orElse(0);
        return page;
    }

    /// Whether pages can be taken without reading.
    public synchronized boolean hasPage()
    {
        return state == State.IDLE && !closed && (mergedPage.isPresent() || batchPosition < batchRows);
    }

    /// Whether the last page has been taken.
    public synchronized boolean isEnded()
    {
        return state == State.IDLE && ended && !hasPage();
    }

    public ScanProgress progress()
    {
        return progress;
    }

    /// Arrow's memory and the pages that have not been taken.
    public long allocatedBytes()
    {
        return allocator.getAllocatedMemory() + mergedBytes;
    }

    @Override
    public synchronized void suspendIfIdle()
    {
        if (state == State.READING || scan == null || System.nanoTime() - idleSince < MILLISECONDS.toNanos(ScanSlots.IDLE_MILLIS)) {
            return;
        }
        runtime.scanSlots().countSuspension();
        takeMergedPage();
        closeScan();
    }

    /// Lance cannot be interrupted: the scan closes when the batch that is being read has come.
    @Override
    public void close()
    {
        CompletableFuture<Void> waiting;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            waiting = admission;
            if (state == State.IDLE) {
                closeScan();
                allocator.close();
            }
        }
        if (waiting != null) {
            waiting.cancel(false);
        }
    }

    private <T> CompletableFuture<T> begin(Supplier<T> work)
    {
        CompletableFuture<Void> slot;
        synchronized (this) {
            checkState(!closed, "scan is closed");
            checkState(state == State.IDLE, "scan is being read");
            state = State.READING;
            slot = scan == null ? runtime.scanSlots().acquire(this) : completedFuture(null);
            admission = slot;
        }
        return slot.thenApplyAsync(_ -> run(work), runtime.executor())
                .whenComplete((_, _) -> finish());
    }

    private <T> T run(Supplier<T> work)
    {
        hasSlot = true;
        if (isClosed()) {
            throw new CancellationException("scan of table %s is closed".formatted(request.table()));
        }
        return work.get();
    }

    // a failed scan is not read again
    private synchronized void finish()
    {
        state = State.IDLE;
        admission = null;
        idleSince = System.nanoTime();
        if (closed || scan == null || ended) {
            closeScan();
        }
        if (closed) {
            allocator.close();
        }
    }

    private synchronized boolean isClosed()
    {
        return closed;
    }

    private OpenScan open()
    {
        return OpenScan.open(dataset.get(), allocator, request, returnedRows);
    }

    private void load()
    {
        long start = System.nanoTime();
        try {
            if (scan == null) {
                scan = open();
            }
            loadBatches();
        }
        finally {
            progress = progress.addNanos(System.nanoTime() - start);
        }
    }

    private void loadBatches()
    {
        PageMerger merger = new PageMerger(request.columns());
        while (!merger.isEnough() && !isClosed()) {
            if (!scan.loadBatch()) {
                progress = progress.addStats(scan.stats());
                ended = true;
                break;
            }
            int rows = scan.batchRows();
            long bytes = scan.batchBytes();
            progress = progress.addBatch(rows, bytes);
            if (!PageMerger.isSmall(rows, bytes)) {
                batchRows = rows;
                batchPosition = 0;
                pageRows = clamp(PAGE_BYTES / max(1, bytes / rows), MIN_PAGE_ROWS, MAX_PAGE_ROWS);
                break;
            }
            merger.add(scan.toPage(0, rows));
            scan.clearBatch();
        }
        mergedPage = merger.build();
        mergedBytes = mergedPage.map(Page::getRetainedSizeInBytes).orElse(0L);
    }

    private Optional<Page> takeMergedPage()
    {
        Optional<Page> page = mergedPage;
        mergedPage = Optional.empty();
        mergedBytes = 0;
        return page;
    }

    private Optional<Page> copyRows()
    {
        if (batchPosition == batchRows) {
            return Optional.empty();
        }
        int count = min(pageRows, batchRows - batchPosition);
        Page page = scan.toPage(batchPosition, count);
        batchPosition += count;
        if (batchPosition == batchRows) {
            scan.clearBatch();
        }
        return Optional.of(page);
    }

    @GuardedBy("this")
    private void closeScan()
    {
        batchRows = 0;
        batchPosition = 0;
        try (OpenScan _ = scan) {
            scan = null;
        }
        finally {
            if (hasSlot) {
                hasSlot = false;
                runtime.scanSlots().release(this);
            }
        }
    }
}
