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

import com.google.common.collect.ImmutableList;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.trino.spi.Page;

import java.util.List;
import java.util.Optional;

import static com.google.common.base.Preconditions.checkState;
import static java.lang.Math.clamp;
import static java.lang.Math.max;
import static java.lang.Math.min;

/// Copies what a scan reads into pages of about a megabyte: large batches are cut, small ones put together.
final class PageReader
        implements RowReader
{
    private static final int PAGE_BYTES = 1 << 20;
    private static final int MIN_PAGE_ROWS = 1024;
    // the arrays of a page stay below half a region of a small G1 heap, and in a processor's cache
    private static final int MAX_PAGE_ROWS = 16_384;

    private final OpenScan scan;
    private final List<LanceColumnHandle> columns;
    private final BatchPlan batches;

    private ScanProgress progress;
    private Optional<BatchPlan> smallerBatches = Optional.empty();
    private boolean ended;

    /// @param progress what was done before
    PageReader(OpenScan scan, ScanRequest request, ScanProgress progress)
    {
        this.scan = scan;
        this.columns = request.columns();
        this.batches = request.batches();
        this.progress = progress;
    }

    @Override
    public Optional<BatchPlan> smallerBatches()
    {
        return smallerBatches;
    }

    /// Waits for a batch of Lance, or for some if they are small.
    @Override
    public Batch read()
    {
        checkState(!ended, "scan has ended");
        long start = System.nanoTime();
        List<Page> pages = columns.isEmpty() ? countRows() : readRows();
        progress = progress.addNanos(System.nanoTime() - start);
        return new Batch(pages, pages.stream().mapToLong(Page::getPositionCount).sum());
    }

    @Override
    public boolean isEnded()
    {
        return ended;
    }

    @Override
    public ScanProgress progress()
    {
        return progress;
    }

    // a batch takes Arrow's memory, which is counted by itself
    @Override
    public long announcedBytes()
    {
        return 0;
    }

    @Override
    public long retainedBytes()
    {
        return 0;
    }

    @Override
    public void close()
    {
        scan.close();
    }

    private List<Page> readRows()
    {
        PageMerger merger = new PageMerger(columns);
        while (!merger.isEnough()) {
            if (!scan.loadBatch()) {
                end();
                break;
            }
            int rows = scan.batchRows();
            long bytes = scan.batchBytes();
            progress = progress.addBatch(rows, bytes);
            smallerBatches = batches.shrink(rows, bytes);
            if (!PageMerger.isSmall(rows, bytes)) {
                return ImmutableList.<Page>builder()
                        .addAll(merger.build().stream().iterator())
                        .addAll(copyBatch(rows, bytes))
                        .build();
            }
            merger.add(scan.toPage(0, rows));
            scan.clearBatch();
        }
        return merger.build().map(ImmutableList::of).orElse(ImmutableList.of());
    }

    private List<Page> countRows()
    {
        long rows = scan.countRows();
        progress = progress.addRows(rows);
        end();
        return RowCountPages.of(rows);
    }

    private void end()
    {
        ended = true;
        progress = progress.addStats(scan.stats());
    }

    private List<Page> copyBatch(int rows, long bytes)
    {
        int pageRows = clamp(PAGE_BYTES / max(1, bytes / rows), MIN_PAGE_ROWS, MAX_PAGE_ROWS);
        ImmutableList.Builder<Page> pages = ImmutableList.builder();
        for (int start = 0; start < rows; start += pageRows) {
            pages.add(scan.toPage(start, min(pageRows, rows - start)));
        }
        scan.clearBatch();
        return pages.build();
    }
}
