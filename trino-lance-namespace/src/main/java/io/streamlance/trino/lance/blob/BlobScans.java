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

import com.google.inject.Inject;
import io.airlift.units.DataSize;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.dataset.DatasetLease;
import io.streamlance.trino.lance.dataset.DatasetScan;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.streamlance.trino.lance.dataset.ReaderStage;
import io.streamlance.trino.lance.dataset.ScanRequest;
import io.trino.spi.predicate.TupleDomain;

import java.util.Set;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.util.Objects.requireNonNull;

/// Opens scans, also of columns with blobs.
public final class BlobScans
{
    private final LanceRuntime runtime;
    private final BlobLocations locations;

    @Inject
    public BlobScans(LanceRuntime runtime, BlobLocations locations)
    {
        this.runtime = requireNonNull(runtime, "runtime is null");
        this.locations = requireNonNull(locations, "locations is null");
    }

    /// @param dataset opens the dataset with some columns, on the connector's threads
    /// @param lengths of the blobs in the rows to read, by the columns from [BlobColumns#length]
    /// @param rows those to read, by their ids; others may be read, too, if there are no blobs
    /// @param maxSize of one blob
    public DatasetScan open(Function<Set<String>, DatasetLease> dataset, ScanRequest request, TupleDomain<LanceColumnHandle> lengths, LongPredicate rows, DataSize maxSize)
    {
        if (lengths.isAll() && request.columns().stream().noneMatch(column -> column.storage().hasBlobs())) {
            return new DatasetScan(() -> dataset.apply(request.columnNames()), runtime, request, ReaderStage.NONE);
        }
        boolean filtered = request.filter().isFiltered() || request.range().addresses().isPresent() || request.topN().isPresent();
        BlobSource source = new BlobSource(request.table(), request.version(), locations, maxSize);
        BlobScan scan = BlobScan.of(source, request.columns(), lengths, rows, filtered);
        ScanRequest scanned = request.withColumns(scan.scanColumns());
        Set<String> names = Stream.concat(scanned.columnNames().stream(), scan.takenColumns().stream().map(LanceColumnHandle::name))
                .collect(toImmutableSet());
        return new DatasetScan(() -> dataset.apply(names), runtime, scanned, scan);
    }
}
