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
package io.streamlance.benchmarks;

import io.streamlance.trino.lance.dataset.ScanRange;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.lance.Dataset;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;

import java.util.List;

/// The physical limit of a scan: Lance's own scanner, whose batches are dropped as they come.
final class RawLanceScan
{
    private final BufferAllocator allocator;
    private final Dataset dataset;
    private final List<String> columns;
    private final int batchRows;

    RawLanceScan(BufferAllocator allocator, Dataset dataset, List<String> columns, int batchRows)
    {
        this.allocator = allocator;
        this.dataset = dataset;
        this.columns = columns;
        this.batchRows = batchRows;
    }

    long readAll()
            throws Exception
    {
        return read(options());
    }

    long read(ScanRange range)
            throws Exception
    {
        ScanOptions.Builder options = options();
        if (!range.fragments().isEmpty()) {
            options.fragmentIds(range.fragments());
        }
        range.rowRange().ifPresent(rows -> options.offset(rows.offset()).limit(rows.length()));
        return read(options);
    }

    /// @param filter in Lance's SQL
    long count(String filter)
            throws Exception
    {
        try (LanceScanner scanner = LanceScanner.create(dataset, options().filter(filter).build(), allocator)) {
            return scanner.countRows();
        }
    }

    private ScanOptions.Builder options()
    {
        return new ScanOptions.Builder()
                .columns(columns)
                .batchSize(batchRows);
    }

    private long read(ScanOptions.Builder options)
            throws Exception
    {
        long rows = 0;
        try (LanceScanner scanner = LanceScanner.create(dataset, options.build(), allocator);
                ArrowReader reader = scanner.scanBatches()) {
            while (reader.loadNextBatch()) {
                rows += reader.getVectorSchemaRoot().getRowCount();
                reader.getVectorSchemaRoot().clear();
            }
        }
        return rows;
    }
}
