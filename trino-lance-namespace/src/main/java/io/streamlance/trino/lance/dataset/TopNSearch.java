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
import io.streamlance.trino.lance.MetadataColumn;
import io.streamlance.trino.lance.topn.TopN;
import io.trino.spi.Page;
import io.trino.spi.connector.SortOrder;
import org.apache.arrow.memory.BufferAllocator;
import org.lance.ipc.ColumnOrdering;
import org.lance.ipc.ScanOptions;
import org.lance.ipc.ScanStats;

import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.type.BigintType.BIGINT;

/// Finds the first rows of an order by the columns that are ordered, so that of the others only those rows are read.
///
/// @param rows ids
/// @param stats what Lance read
record TopNSearch(ImmutableList<Long> rows, Optional<ScanStats> stats)
{
    // the columns that are ordered are narrow, whatever the others are
    private static final int BATCH_ROWS = 8192;
    private static final int READAHEAD = 16;

    /// @param lease is closed
    static TopNSearch search(DatasetLease lease, BufferAllocator allocator, ScanRequest request)
    {
        BatchPlan batches = new BatchPlan(BATCH_ROWS, READAHEAD, request.batches().targetBytes());
        ScanRequest search = request.withColumns(ImmutableList.of(MetadataColumn.ROW_ID.handle())).withBatches(batches);
        ImmutableList.Builder<Long> rows = ImmutableList.builder();
        try (OpenScan scan = OpenScan.open(lease, allocator, search, 0)) {
            while (scan.loadBatch()) {
                Page page = scan.toPage(0, scan.batchRows());
                for (int i = 0; i < page.getPositionCount(); i++) {
                    rows.add(BIGINT.getLong(page.getBlock(0), i));
                }
                scan.clearBatch();
            }
            return new TopNSearch(rows.build(), scan.stats());
        }
    }

    static void addTo(ScanOptions.Builder options, TopN topN)
    {
        options.limit(topN.count());
        options.setColumnOrderings(topN.order().stream()
                .map(column -> ordering(column.name(), column.order()))
                .collect(toImmutableList()));
    }

    private static ColumnOrdering ordering(String column, SortOrder order)
    {
        ColumnOrdering.Builder ordering = new ColumnOrdering.Builder();
        ordering.setColumnName(column);
        ordering.setAscending(order.isAscending());
        ordering.setNullFirst(order.isNullsFirst());
        return ordering.build();
    }
}
