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

import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.arrow.ArrowBlocks;
import io.trino.spi.Page;
import io.trino.spi.TrinoException;
import io.trino.spi.block.Block;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanStats;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

import static com.google.common.base.Preconditions.checkState;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_READ_ERROR;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_VALUE_OUT_OF_RANGE;
import static java.util.Objects.requireNonNull;

/**
 * Reads one range of a dataset version batch by batch. The methods wait for Lance and must not run
 * concurrently, except {@link #allocatedBytes()}.
 * <p>
 * This is Lance's synchronous scanner: the asynchronous one never answers in a plugin class loader.
 */
public final class DatasetScan
        implements AutoCloseable
{
    private final Supplier<DatasetLease> dataset;
    private final ScanRequest request;
    private final BufferAllocator allocator;

    private DatasetLease lease;
    private LanceScanner scanner;
    private ArrowReader reader;
    private boolean closed;

    /// @param dataset opens the dataset; called at most once, on the first read
    public DatasetScan(Supplier<DatasetLease> dataset, BufferAllocator parentAllocator, ScanRequest request)
    {
        this.dataset = requireNonNull(dataset, "dataset is null");
        this.request = requireNonNull(request, "request is null");
        this.allocator = parentAllocator.newChildAllocator(request.table().toString(), 0, Long.MAX_VALUE);
    }

    /**
     * Counts the rows that pass the filter. Only the columns of the filter are read, or an index.
     */
    public static long countRows(Supplier<DatasetLease> dataset, BufferAllocator parentAllocator, ScanRequest request)
    {
        try (DatasetScan scan = new DatasetScan(dataset, parentAllocator, request)) {
            return scan.countRows();
        }
    }

    /**
     * Reads the next batch; the dataset is opened on the first call.
     *
     * @return empty at the end
     */
    public Optional<Page> readPage()
    {
        checkState(!closed, "scan is closed");
        VectorSchemaRoot batch;
        try {
            if (reader == null) {
                open();
            }
            if (!reader.loadNextBatch()) {
                return Optional.empty();
            }
            batch = reader.getVectorSchemaRoot();
        }
        catch (TrinoException e) {
            throw e;
        }
        // the native code throws whatever it has for the error
        catch (IOException | RuntimeException e) {
            throw readError(e);
        }
        Page page = toPage(batch);
        batch.clear();
        return Optional.of(page);
    }

    /**
     * What Lance read from the storage; known after the last batch.
     */
    public Optional<ScanStats> stats()
    {
        return scanner == null || closed ? Optional.empty() : scanner.getStats();
    }

    public long allocatedBytes()
    {
        return allocator.getAllocatedMemory();
    }

    @Override
    public void close()
    {
        if (closed) {
            return;
        }
        closed = true;
        try (allocator; DatasetLease _ = lease; LanceScanner _ = scanner; ArrowReader _ = reader) {
            reader = null;
        }
        catch (Exception e) {
            throw new TrinoException(LANCE_READ_ERROR, "Cannot close the scan of table %s: %s".formatted(request.table(), e.getMessage()), e);
        }
    }

    private void open()
    {
        openScanner();
        reader = scanner.scanBatches();
    }

    private void openScanner()
    {
        lease = dataset.get();
        scanner = LanceScanner.create(lease.dataset(), request.toScanOptions(), allocator);
    }

    private long countRows()
    {
        try {
            openScanner();
            return scanner.countRows();
        }
        catch (TrinoException e) {
            throw e;
        }
        // the native code throws IOException too, although the method does not declare it
        catch (Exception e) {
            throw readError(e);
        }
    }

    private TrinoException readError(Exception e)
    {
        String files = lease == null ? "" : FileDiagnosis.describe(lease.dataset(), request.version().location(), request.range());
        return new TrinoException(LANCE_READ_ERROR, "Cannot read table %s version %s at %s: %s%s".formatted(request.table(), request.version().version(), request.version().location(), e.getMessage(), files), e);
    }

    private Page toPage(VectorSchemaRoot batch)
    {
        ArrowBlocks arrowBlocks = new ArrowBlocks(reader);
        Block[] blocks = new Block[request.columns().size()];
        for (int i = 0; i < blocks.length; i++) {
            LanceColumnHandle column = request.columns().get(i);
            try {
                blocks[i] = arrowBlocks.toBlock(batch.getVector(column.name()), column.type(), batch.getRowCount());
            }
            catch (ArithmeticException e) {
                throw new TrinoException(LANCE_VALUE_OUT_OF_RANGE, "Column %s of table %s version %s has a value that does not fit %s: %s".formatted(
                        column.name(),
                        request.table(),
                        request.version().version(),
                        column.type(),
                        e.getMessage()), e);
            }
        }
        return new Page(batch.getRowCount(), blocks);
    }
}
