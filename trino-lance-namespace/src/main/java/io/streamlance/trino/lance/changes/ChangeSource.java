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
package io.streamlance.trino.lance.changes;

import io.airlift.units.DataSize;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.LanceSchemaReader;
import io.streamlance.trino.lance.LanceTable;
import io.streamlance.trino.lance.MetadataColumn;
import io.streamlance.trino.lance.arrow.ArrowTypes;
import io.streamlance.trino.lance.blob.BlobScans;
import io.streamlance.trino.lance.dataset.BatchPlan;
import io.streamlance.trino.lance.dataset.DatasetCache;
import io.streamlance.trino.lance.dataset.DatasetLease;
import io.streamlance.trino.lance.dataset.DatasetScan;
import io.streamlance.trino.lance.dataset.DatasetVersion;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.streamlance.trino.lance.dataset.ScanFilter;
import io.streamlance.trino.lance.dataset.ScanRange;
import io.streamlance.trino.lance.dataset.ScanRequest;
import io.streamlance.trino.lance.filter.FieldPath;
import io.streamlance.trino.lance.filter.LanceFilter;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.predicate.TupleDomain;
import org.lance.FragmentMetadata;
import org.lance.fragment.DataFile;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongPredicate;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.lance.LanceSessionProperties.getBlobMaxSize;
import static io.streamlance.trino.lance.LanceSessionProperties.getScanBatchRows;
import static io.streamlance.trino.lance.LanceSessionProperties.getScanBatchSize;
import static io.streamlance.trino.lance.LanceSessionProperties.getScanReadahead;
import static java.util.Objects.requireNonNull;

/// Opens and scans versions of a table for one query.
record ChangeSource(DatasetCache datasets, LanceRuntime runtime, BlobScans scans, ArrowTypes types, VendedOptions vended, int maxBatchRows, DataSize batchSize, int readahead, DataSize maxBlobSize)
{
    // taking so many rows by their ids costs less than reading all of a large fragment
    private static final int MAX_TAKEN_ROWS = 10_000;

    ChangeSource
    {
        requireNonNull(datasets, "datasets is null");
        requireNonNull(runtime, "runtime is null");
        requireNonNull(scans, "scans is null");
        requireNonNull(types, "types is null");
        requireNonNull(vended, "vended is null");
        requireNonNull(batchSize, "batchSize is null");
        requireNonNull(maxBlobSize, "maxBlobSize is null");
    }

    static ChangeSource of(DatasetCache datasets, LanceRuntime runtime, BlobScans scans, ArrowTypes types, VendedOptions vended, ConnectorSession session)
    {
        return new ChangeSource(datasets, runtime, scans, types, vended, getScanBatchRows(session), getScanBatchSize(session), getScanReadahead(session), getBlobMaxSize(session));
    }

    DatasetLease openVersion(SchemaTableName table, DatasetVersion version)
    {
        return datasets.openVersion(table, version.location(), version.version(), vended);
    }

    List<LanceTable.Column> columns(SchemaTableName table, DatasetLease lease)
    {
        return LanceSchemaReader.readColumns(types, table, lease, columns -> datasets.open(table, lease.version(), vended, columns));
    }

    /// A filter that all changed rows pass.
    static LanceFilter filter(ChangedRows changes)
    {
        return changes.some()
                .filter(rows -> rows.size() <= MAX_TAKEN_ROWS)
                .<LanceFilter>map(rows -> new LanceFilter.In(
                        FieldPath.column(MetadataColumn.ROW_ID.handle().name()),
                        MetadataColumn.ROW_ID.handle().storage().name(),
                        rows.ids().stream().map(String::valueOf).collect(toImmutableList())))
                .orElse(LanceFilter.Constant.ALL);
    }

    /// @param wanted ids of the rows whose blobs are read; others may be left out
    DatasetScan scan(SchemaTableName table, DatasetVersion version, List<FragmentMetadata> fragments, LanceFilter filter, LongPredicate wanted, List<LanceColumnHandle> columns)
    {
        long rows = fragments.stream().mapToLong(FragmentMetadata::getNumRows).sum();
        long bytes = fragments.stream()
                .flatMap(fragment -> fragment.getFiles().stream())
                .map(DataFile::getFileSizeBytes)
                .filter(Objects::nonNull)
                .mapToLong(size -> size)
                .sum();
        ScanRange range = new ScanRange(ChangedFragments.ids(fragments), Optional.empty(), Optional.empty(), rows, bytes);
        BatchPlan batches = BatchPlan.of(range, columns, maxBatchRows, batchSize, readahead);
        ScanRequest request = new ScanRequest(table, version, range, new ScanFilter(filter, true, OptionalLong.empty()), Optional.empty(), columns, batches);
        return scans.open(names -> datasets.open(table, version, vended, names), request, TupleDomain.all(), wanted, maxBlobSize);
    }
}
