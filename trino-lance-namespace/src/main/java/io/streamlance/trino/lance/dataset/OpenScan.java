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
import io.streamlance.trino.lance.arrow.UnreadableValueException;
import io.trino.spi.Page;
import io.trino.spi.TrinoException;
import io.trino.spi.block.Block;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanStats;

import java.io.IOException;
import java.util.Optional;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_READ_ERROR;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_VALUE_OUT_OF_RANGE;
import static java.lang.Math.min;
import static java.util.Objects.requireNonNull;

/// A scanner of Lance with the batch that it has read last.
///
/// This is Lance's synchronous scanner: the asynchronous one never answers in a plugin class loader.
final class OpenScan
        implements AutoCloseable
{
    private final ScanRequest request;
    private final DatasetLease lease;
    private LanceScanner scanner;
    private ArrowReader reader;
    private long skipRows;
    private int firstRow;

    private OpenScan(ScanRequest request, DatasetLease lease, long skipRows)
    {
        this.request = requireNonNull(request, "request is null");
        this.lease = requireNonNull(lease, "lease is null");
        this.skipRows = request.filter().countsInLance() ? 0 : skipRows;
    }

    /// @param lease is closed with the scan
    /// @param skipRows rows that were read before
    static OpenScan open(DatasetLease lease, BufferAllocator allocator, ScanRequest request, long skipRows)
    {
        OpenScan scan = new OpenScan(request, lease, skipRows);
        try {
            lease.checkFragments(request.range().fragments());
            if (request.filter().isFiltered() && request.filter().scalarIndex()) {
                lease.checkIndexes();
            }
            scan.scanner = LanceScanner.create(lease.dataset(), request.toScanOptions(skipRows, lease.columns(), lease.indexes()), allocator);
            return scan;
        }
        catch (Exception e) {
            try (scan) {
                throw scan.readError(e);
            }
        }
        catch (Throwable e) {
            scan.close();
            throw e;
        }
    }

    /// Counts the rows that pass the filter. Only the columns of the filter are read, or an index.
    long countRows()
    {
        try {
            return scanner.countRows();
        }
        // the native code throws IOException too, although the method does not declare it
        catch (Exception e) {
            throw readError(e);
        }
    }

    /// Waits for the next batch, which replaces the last one.
    ///
    /// @return false at the end
    boolean loadBatch()
    {
        try {
            if (reader == null) {
                reader = scanner.scanBatches();
            }
            while (reader.loadNextBatch()) {
                int rows = batch().getRowCount();
                firstRow = (int) min(skipRows, rows);
                skipRows -= firstRow;
                if (firstRow < rows) {
                    return true;
                }
                clearBatch();
            }
            return false;
        }
        // the native code throws whatever it has for the error
        catch (IOException | RuntimeException e) {
            throw readError(e);
        }
    }

    int batchRows()
    {
        return batch().getRowCount() - firstRow;
    }

    long batchBytes()
    {
        return batch().getFieldVectors().stream()
                .mapToLong(FieldVector::getBufferSize)
                .sum();
    }

    /// Copies rows of the batch.
    Page toPage(int start, int count)
    {
        ArrowBlocks arrowBlocks = new ArrowBlocks(reader);
        Block[] blocks = new Block[request.columns().size()];
        for (int i = 0; i < blocks.length; i++) {
            LanceColumnHandle column = request.columns().get(i);
            try {
                blocks[i] = arrowBlocks.toBlock(batch().getVector(column.scanName()), column.type(), firstRow + start, count);
            }
            catch (ArithmeticException e) {
                throw new TrinoException(LANCE_VALUE_OUT_OF_RANGE, "Column %s of table %s version %s has a value that does not fit %s: %s".formatted(
                        column.path(),
                        request.table(),
                        request.version().version(),
                        column.type(),
                        e.getMessage()), e);
            }
            catch (UnreadableValueException e) {
                throw new TrinoException(LANCE_READ_ERROR, "Column %s of table %s version %s has a value that cannot be read as %s: %s".formatted(
                        column.path(),
                        request.table(),
                        request.version().version(),
                        column.type(),
                        e.getMessage()), e);
            }
        }
        return new Page(count, blocks);
    }

    /// Frees the batch.
    void clearBatch()
    {
        batch().clear();
    }

    /// What Lance read from the storage; known after the last batch.
    Optional<ScanStats> stats()
    {
        return scanner.getStats();
    }

    @Override
    public void close()
    {
        try (DatasetLease _ = lease; LanceScanner _ = scanner; ArrowReader _ = reader) {
            reader = null;
        }
        // the scanner's close method declares Exception
        catch (Exception e) {
            throw new TrinoException(LANCE_READ_ERROR, "Cannot close the scan of table %s: %s".formatted(request.table(), e.getMessage()), e);
        }
    }

    private VectorSchemaRoot batch()
    {
        try {
            return reader.getVectorSchemaRoot();
        }
        catch (IOException e) {
            throw readError(e);
        }
    }

    private TrinoException readError(Exception e)
    {
        String files = FileDiagnosis.describe(lease.dataset(), request.version().location(), request.range());
        return new TrinoException(LANCE_READ_ERROR, "Cannot read table %s version %s at %s: %s%s%s".formatted(
                request.table(),
                request.version().version(),
                request.version().location(),
                e.getMessage(),
                lease.credentialsHint(),
                files), e);
    }
}
