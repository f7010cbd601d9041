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
import com.google.common.collect.ImmutableSet;
import io.streamlance.trino.lance.filter.FilterSql;
import io.streamlance.trino.lance.filter.LanceFilter;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.lance.Dataset;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;
import org.lance.ipc.ScanStats;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

import static java.util.Objects.requireNonNull;
import static org.lance.MetadataColumns.ROWADDR;

/// Asks an index for the addresses of rows, of which the upper half is the fragment. A scan that is told the fragments takes
/// a quarter of the time of one that is not, in a dataset of a thousand.
///
/// @param rows number of rows that pass the filter
/// @param fragments that have such rows
/// @param complete whether these are all of them
/// @param stats what Lance read of the index, if it told
record IndexedRows(long rows, Set<Integer> fragments, boolean complete, Optional<ScanStats> stats)
{
    IndexedRows
    {
        fragments = ImmutableSet.copyOf(fragments);
        requireNonNull(stats, "stats is null");
    }

    /// @param maxRows most rows to look at
    /// @param cancelled whether nobody waits for the rows any more
    static IndexedRows find(Dataset dataset, BufferAllocator allocator, LanceFilter filter, long maxRows, BooleanSupplier cancelled)
            throws Exception
    {
        ScanOptions options = new ScanOptions.Builder()
                .columns(ImmutableList.of())
                .withRowAddress(true)
                .filter(FilterSql.toSql(filter))
                .collectStats(true)
                .build();
        Set<Integer> fragments = new HashSet<>();
        long rows = 0;
        try (LanceScanner scanner = LanceScanner.create(dataset, options, allocator)) {
            try (ArrowReader reader = scanner.scanBatches()) {
                // no limit: Lance would count rows that a condition without an index drops
                while (rows <= maxRows && !cancelled.getAsBoolean() && reader.loadNextBatch()) {
                    VectorSchemaRoot batch = reader.getVectorSchemaRoot();
                    UInt8Vector addresses = (UInt8Vector) batch.getVector(ROWADDR);
                    for (int i = 0; i < batch.getRowCount(); i++) {
                        fragments.add((int) (addresses.get(i) >>> Integer.SIZE));
                    }
                    rows += batch.getRowCount();
                }
            }
            return new IndexedRows(rows, fragments, rows <= maxRows && !cancelled.getAsBoolean(), scanner.getStats());
        }
    }
}
