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
import io.streamlance.trino.lance.filter.FieldPath;
import io.streamlance.trino.lance.filter.FilterSql;
import io.streamlance.trino.lance.filter.LanceFilter;
import io.streamlance.trino.lance.index.DatasetIndexes;
import io.streamlance.trino.lance.topn.TopN;
import io.streamlance.trino.lance.wide.DatasetColumns;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.type.RowType;
import org.lance.ipc.ScanOptions;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.util.Objects.requireNonNull;

/**
 * What to read of a table.
 *
 * @param topN those of the rows that pass the filter to read; not with a row range
 */
public record ScanRequest(SchemaTableName table, DatasetVersion version, ScanRange range, ScanFilter filter, Optional<TopN> topN, List<LanceColumnHandle> columns, BatchPlan batches)
{
    public ScanRequest
    {
        requireNonNull(table, "table is null");
        requireNonNull(version, "version is null");
        requireNonNull(range, "range is null");
        requireNonNull(filter, "filter is null");
        requireNonNull(topN, "topN is null");
        columns = ImmutableList.copyOf(columns);
        // Lance counts the rows of a range after filtering
        checkArgument(range.rowRange().isEmpty() || !filter.isFiltered(), "row range of a filtered scan: %s", range);
        checkArgument(range.rowRange().isEmpty() || topN.isEmpty(), "row range of the first rows of an order: %s", range);
        // Lance answers a batch size of 0 with no rows at all
        checkArgument(batches.rows() > 0, "batches without rows: %s", batches);
    }

    ScanRequest withBatches(BatchPlan batches)
    {
        return new ScanRequest(table, version, range, filter, topN, columns, batches);
    }

    ScanRequest withoutTopN()
    {
        return new ScanRequest(table, version, range, filter, Optional.empty(), columns, batches);
    }

    public ScanRequest withColumns(List<LanceColumnHandle> columns)
    {
        return new ScanRequest(table, version, range, filter, topN, columns, batches);
    }

    /// Only these of the rows.
    ///
    /// @param ids that pass the filter
    ScanRequest withRows(List<Long> ids)
    {
        LanceColumnHandle rowId = MetadataColumn.ROW_ID.handle();
        List<String> literals = ids.stream()
                .sorted()
                .map(String::valueOf)
                .collect(toImmutableList());
        LanceFilter isOneOf = ids.isEmpty() ? LanceFilter.Constant.NONE : new LanceFilter.In(rowId.path(), rowId.storage().name(), literals);
        ScanRange fragments = new ScanRange(range.fragments(), Optional.empty(), Optional.empty(), range.rows(), range.dataBytes());
        return new ScanRequest(table, version, fragments, new ScanFilter(isOneOf, true, OptionalLong.empty()), Optional.empty(), columns, batches);
    }

    /// Names of the columns that the dataset must have, and of metadata columns.
    public Set<String> columnNames()
    {
        return Stream.of(
                        columns.stream().map(LanceColumnHandle::name),
                        filter.condition().fields().stream().map(FieldPath::column),
                        topN.stream().flatMap(wanted -> wanted.order().stream()).map(TopN.SortColumn::name))
                .flatMap(names -> names)
                .collect(toImmutableSet());
    }

    /// @param skipRows rows to leave out at the beginning, counted after filtering
    /// @param dataset columns of the dataset that is scanned
    /// @param indexes of the dataset
    ScanOptions toScanOptions(long skipRows, DatasetColumns dataset, DatasetIndexes indexes)
    {
        ScanOptions.Builder options = new ScanOptions.Builder()
                .batchSize(batches.rows())
                .batchReadahead(batches.readahead())
                .collectStats(true);
        addColumns(options, dataset);
        if (!range.fragments().isEmpty()) {
            options.fragmentIds(range.fragments());
        }
        readNullsOfStructs().addTo(options, indexes, range.addresses(), skipRows);
        // Lance does not count rows by their ids or addresses if it need not read any column
        if (columns.isEmpty() && (range.addresses().isPresent() || filter.condition().fields().stream().anyMatch(MetadataColumn::isMetadata))) {
            options.withRowId(true);
        }
        topN.ifPresent(wanted -> TopNSearch.addTo(options, wanted));
        if (!filter.isFiltered()) {
            addRowRange(options, skipRows);
        }
        return checkSurvivable(options.build());
    }

    private void addColumns(ScanOptions.Builder options, DatasetColumns dataset)
    {
        boolean whole = dataset.isReadWhole(columns.size(), columnNames()) && columns.stream()
                .allMatch(column -> column.path().isColumn() && (MetadataColumn.isMetadata(column.path()) || dataset.contains(column.name())));
        if (whole) {
            options.withRowId(columns.contains(MetadataColumn.ROW_ID.handle()));
            options.withRowAddress(columns.contains(MetadataColumn.ROW_ADDRESS.handle()));
            return;
        }
        options.columns(columns.stream()
                .map(LanceColumnHandle::scanName)
                .collect(toImmutableList()));
    }

    // Lance shows null structs as structs of nulls if a batch of a filtered scan has no others, unless the filter reads them
    private ScanFilter readNullsOfStructs()
    {
        List<LanceFilter> terms = columns.stream()
                .filter(column -> column.type() instanceof RowType && FilterSql.canWrite(column.path()) && !column.storage().hasBlobs())
                .map(column -> new LanceFilter.IsNull(column.path()))
                .<LanceFilter>map(isNull -> new LanceFilter.Or(ImmutableList.of(isNull, new LanceFilter.Not(isNull))))
                .collect(toImmutableList());
        if (terms.isEmpty() || !filter.isFiltered()) {
            return filter;
        }
        return new ScanFilter(
                LanceFilter.and(ImmutableList.<LanceFilter>builder().add(filter.condition()).addAll(terms).build()),
                filter.scalarIndex(),
                filter.limit());
    }

    // a search that reads row addresses ends the whole JVM
    private ScanOptions checkSurvivable(ScanOptions options)
    {
        boolean search = options.getNearest().isPresent() || options.getFullTextQuery().isPresent();
        checkArgument(!search || !columns.contains(MetadataColumn.ROW_ADDRESS.handle()), "search with row addresses: %s", options);
        return options;
    }

    private void addRowRange(ScanOptions.Builder options, long skipRows)
    {
        if (range.rowRange().isPresent() || skipRows > 0) {
            options.offset(range.rowRange().map(RowRange::offset).orElse(0L) + skipRows);
            options.limit(range.rows() - skipRows);
        }
    }
}
