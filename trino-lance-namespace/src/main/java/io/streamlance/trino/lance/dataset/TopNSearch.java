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
import io.streamlance.trino.lance.MetadataColumn;
import io.streamlance.trino.lance.topn.TopN;
import io.trino.spi.Page;
import io.trino.spi.connector.SortOrder;
import org.apache.arrow.memory.BufferAllocator;
import org.lance.ipc.ColumnOrdering;
import org.lance.ipc.ScanOptions;

import java.util.List;
import java.util.stream.Stream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.type.BigintType.BIGINT;

/// Finds the first rows of an order by the columns that are ordered, so that of the others only those rows are read.
///
/// Lance sorts in one call, which nothing can interrupt: a range should not have many millions of rows.
///
/// @param found what is left to read
/// @param progress with what was done before
public record TopNSearch(ScanRequest found, ScanProgress progress)
{
    // what it costs to read a row by its id, in rows that are read one after the other
    private static final int LOCAL_LOOKUP_ROWS = 10;
    private static final int REMOTE_LOOKUP_ROWS = 1_000;

    /// Whether the other columns of so many rows cost more than those of the rows that are found.
    public static boolean isWorthwhile(TopN topN, String location, long rows)
    {
        return topN.count() <= rows / (LocalPaths.find(location).isPresent() ? LOCAL_LOOKUP_ROWS : REMOTE_LOOKUP_ROWS);
    }

    /// @param lease is closed
    /// @param progress what was done before
    static TopNSearch search(DatasetLease lease, BufferAllocator allocator, ScanRequest request, ScanProgress progress)
    {
        // Lance does not read rows by their ids in its first format
        if (!DatasetFormat.hasFragmentMetadata(lease.dataset())) {
            lease.close();
            return new TopNSearch(request.withoutTopN(), progress);
        }
        TopN topN = request.topN().orElseThrow();
        // Lance looks up the columns that it sorts by if they are not read
        List<LanceColumnHandle> columns = Stream.concat(
                        Stream.of(MetadataColumn.ROW_ID.handle()),
                        request.columns().stream().filter(column -> column.path().isColumn() && topN.isOrderedBy(column.name())))
                .collect(toImmutableList());
        long start = System.nanoTime();
        ImmutableList.Builder<Long> rows = ImmutableList.builder();
        try (OpenScan scan = OpenScan.open(lease, allocator, request.withColumns(columns), 0)) {
            while (scan.loadBatch()) {
                Page page = scan.toPage(0, scan.batchRows());
                for (int i = 0; i < page.getPositionCount(); i++) {
                    rows.add(BIGINT.getLong(page.getBlock(0), i));
                }
                scan.clearBatch();
            }
            return new TopNSearch(request.withRows(rows.build()), progress.addStats(scan.stats()).addNanos(System.nanoTime() - start));
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
