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
import com.google.common.collect.ImmutableMap;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.MetadataColumn;
import io.streamlance.trino.lance.dataset.ReaderStage;
import io.streamlance.trino.lance.dataset.RowReader;
import io.trino.spi.predicate.Domain;
import io.trino.spi.predicate.TupleDomain;
import org.lance.Dataset;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.partitioningBy;

/// A scan of columns with blobs: what it reads instead of them, and how the blobs that the query needs are read then.
///
/// @param columns those of the result
/// @param lengths of the blobs in the rows of the result, by the columns from [BlobColumns#length]
/// @param rows those of the result, by their ids
/// @param scanColumns what the scan reads, with the row id
/// @param takenColumns descriptors of blobs that are read by the ids of the rows that the scan has found
record BlobScan(BlobSource source, List<LanceColumnHandle> columns, Map<LanceColumnHandle, Domain> lengths, LongPredicate rows, List<LanceColumnHandle> scanColumns, List<LanceColumnHandle> takenColumns)
        implements ReaderStage
{
    BlobScan
    {
        requireNonNull(source, "source is null");
        columns = ImmutableList.copyOf(columns);
        lengths = ImmutableMap.copyOf(lengths);
        requireNonNull(rows, "rows is null");
        scanColumns = ImmutableList.copyOf(scanColumns);
        takenColumns = ImmutableList.copyOf(takenColumns);
    }

    /// @param filtered whether the scan has a filter
    static BlobScan of(BlobSource source, List<LanceColumnHandle> columns, TupleDomain<LanceColumnHandle> lengths, LongPredicate rows, boolean filtered)
    {
        Map<LanceColumnHandle, Domain> domains = lengths.getDomains().orElseThrow();
        Set<LanceColumnHandle> read = Stream.of(columns, domains.keySet(), ImmutableList.of(MetadataColumn.ROW_ID.handle()))
                .flatMap(Collection::stream)
                .map(BlobColumns::descriptors)
                .collect(toImmutableSet());
        // scans that read blobs of the second version and have a filter, on whatever columns, may end the whole JVM in Lance 7.0.0
        Map<Boolean, List<LanceColumnHandle>> byTaken = read.stream()
                .collect(partitioningBy(column -> filtered && column.storage().hasBlobs()));
        return new BlobScan(source, columns, domains, rows, byTaken.get(false), byTaken.get(true));
    }

    /// Index of a column of the result in what was read, first by the scan and then by the ids of its rows.
    int channel(LanceColumnHandle column)
    {
        LanceColumnHandle read = BlobColumns.descriptors(column);
        int channel = scanColumns.indexOf(read);
        return channel >= 0 ? channel : scanColumns.size() + takenColumns.indexOf(read);
    }

    int rowIdChannel()
    {
        return scanColumns.indexOf(MetadataColumn.ROW_ID.handle());
    }

    @Override
    public RowReader apply(Dataset dataset, RowReader rows, BooleanSupplier cancelled)
    {
        return new BlobReader(this, rows, new DescriptorTake(dataset, source, takenColumns), new BlobFiles(dataset, source, cancelled));
    }
}
