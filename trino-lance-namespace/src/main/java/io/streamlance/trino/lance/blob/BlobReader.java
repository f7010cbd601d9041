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
package io.streamlance.trino.lance.blob;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.streamlance.trino.lance.dataset.BatchPlan;
import io.streamlance.trino.lance.dataset.RowReader;
import io.streamlance.trino.lance.dataset.ScanProgress;
import io.trino.spi.Page;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

import static java.util.Objects.requireNonNull;

/// Reads the blobs of rows that come with their descriptors. Pages end when they have a megabyte of blobs.
final class BlobReader
        implements RowReader
{
    private static final long PAGE_BYTES = 1 << 20;

    private final BlobScan scan;
    private final RowReader rows;
    private final DescriptorTake descriptors;
    private final BlobFiles files;
    private final Queue<Page> pages = new ArrayDeque<>();
    private BlobRows page;
    private int position;
    private Chunk chunk;
    private long nanos;

    BlobReader(BlobScan scan, RowReader rows, DescriptorTake descriptors, BlobFiles files)
    {
        this.scan = requireNonNull(scan, "scan is null");
        this.rows = requireNonNull(rows, "rows is null");
        this.descriptors = requireNonNull(descriptors, "descriptors is null");
        this.files = requireNonNull(files, "files is null");
    }

    @Override
    public Batch read()
    {
        long start = System.nanoTime();
        if (!findChunk()) {
            // what its blobs need is announced first
            rows.read().pages().stream()
                    .filter(rowsOfScan -> rowsOfScan.getPositionCount() > 0)
                    .forEach(pages::add);
            return new Batch(ImmutableList.of(), 0);
        }
        int[] positions = chunk.positions().toArray();
        int count = chunk.end() - position;
        ImmutableList<Page> read = positions.length == 0 ? ImmutableList.of() : ImmutableList.of(page.read(positions));
        position = chunk.end();
        chunk = null;
        nanos += System.nanoTime() - start;
        return new Batch(read, count);
    }

    @Override
    public boolean isEnded()
    {
        return rows.isEnded() && !hasRows();
    }

    @Override
    public ScanProgress progress()
    {
        return rows.progress().addBlobs(files.blobs(), files.bytes(), nanos);
    }

    @Override
    public Optional<BatchPlan> smallerBatches()
    {
        return hasRows() ? Optional.empty() : rows.smallerBatches();
    }

    @Override
    public long announcedBytes()
    {
        return findChunk() ? chunk.bytes() : rows.announcedBytes();
    }

    @Override
    public long retainedBytes()
    {
        return rows.retainedBytes()
                + pages.stream().mapToLong(Page::getRetainedSizeInBytes).sum()
                + (page == null ? 0 : page.retainedBytes());
    }

    @Override
    public void close()
    {
        rows.close();
    }

    private boolean hasRows()
    {
        return !pages.isEmpty() || (page != null && position < page.count());
    }

    /// @return false if there are no more rows that have been read
    private boolean findChunk()
    {
        if (chunk == null && hasRows()) {
            if (page == null || position == page.count()) {
                Page next = pages.remove();
                page = new BlobRows(scan, descriptors.add(next, next.getBlock(scan.rowIdChannel())), files);
                position = 0;
            }
            chunk = nextChunk();
        }
        return chunk != null;
    }

    private Chunk nextChunk()
    {
        ImmutableIntArray.Builder positions = ImmutableIntArray.builder();
        long bytes = 0;
        int end = position;
        while (end < page.count() && bytes < PAGE_BYTES) {
            if (page.isWanted(end)) {
                long rowBytes = page.contentBytes(end);
                if (bytes > 0 && bytes + rowBytes > PAGE_BYTES) {
                    break;
                }
                positions.add(end);
                bytes += rowBytes;
            }
            end++;
        }
        return new Chunk(positions.build(), end, bytes);
    }

    /// Rows that become one page.
    ///
    /// @param positions those that are wanted
    /// @param end position behind the last row
    /// @param bytes of their blobs
    private record Chunk(ImmutableIntArray positions, int end, long bytes) {}
}
