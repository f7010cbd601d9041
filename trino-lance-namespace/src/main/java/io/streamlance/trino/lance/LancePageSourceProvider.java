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
package io.streamlance.trino.lance;

import com.google.common.collect.ImmutableList;
import com.google.inject.Inject;
import io.streamlance.trino.lance.blob.BlobScans;
import io.streamlance.trino.lance.changes.TableChangesHandle;
import io.streamlance.trino.lance.changes.TableChangesPageSources;
import io.streamlance.trino.lance.changes.TableChangesSplit;
import io.streamlance.trino.lance.dataset.BatchPlan;
import io.streamlance.trino.lance.dataset.DatasetCache;
import io.streamlance.trino.lance.dataset.DatasetScan;
import io.streamlance.trino.lance.dataset.RowCountPages;
import io.streamlance.trino.lance.dataset.ScanFilter;
import io.streamlance.trino.lance.dataset.ScanRange;
import io.streamlance.trino.lance.dataset.ScanRequest;
import io.streamlance.trino.lance.dataset.TopNSearch;
import io.streamlance.trino.lance.filter.FilterPushdown;
import io.streamlance.trino.lance.filter.LanceFilter;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.streamlance.trino.lance.topn.TopN;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ConnectorPageSource;
import io.trino.spi.connector.ConnectorPageSourceProvider;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorSplit;
import io.trino.spi.connector.ConnectorTableCredentials;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.connector.DynamicFilter;
import io.trino.spi.connector.EmptyPageSource;
import io.trino.spi.connector.FixedPageSource;
import io.trino.spi.connector.MemoryContext;
import io.trino.spi.predicate.TupleDomain;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.lance.LanceSessionProperties.getBlobMaxSize;
import static io.streamlance.trino.lance.LanceSessionProperties.getScanBatchRows;
import static io.streamlance.trino.lance.LanceSessionProperties.getScanBatchSize;
import static io.streamlance.trino.lance.LanceSessionProperties.getScanReadahead;
import static io.streamlance.trino.lance.LanceSplitManager.acceptsDynamicFilters;
import static java.util.Objects.requireNonNull;

public class LancePageSourceProvider
        implements ConnectorPageSourceProvider
{
    private final DatasetCache datasets;
    private final BlobScans scans;
    private final TableChangesPageSources tableChanges;

    @Inject
    public LancePageSourceProvider(DatasetCache datasets, BlobScans scans, TableChangesPageSources tableChanges)
    {
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.scans = requireNonNull(scans, "scans is null");
        this.tableChanges = requireNonNull(tableChanges, "tableChanges is null");
    }

    @Override
    public ConnectorPageSource createPageSource(
            ConnectorTransactionHandle transaction,
            ConnectorSession session,
            ConnectorSplit split,
            ConnectorTableHandle tableHandle,
            Optional<ConnectorTableCredentials> tableCredentials,
            List<ColumnHandle> columns,
            DynamicFilter dynamicFilter,
            MemoryContext memoryContext)
    {
        if (tableHandle instanceof TableChangesHandle changes) {
            return tableChanges.create(session, changes, (TableChangesSplit) split, LanceTableCredentials.toVendedOptions(tableCredentials), columns, memoryContext);
        }
        LanceTableHandle table = (LanceTableHandle) tableHandle;
        LanceSplit lanceSplit = (LanceSplit) split;
        ScanRange range = lanceSplit.range();
        // a row range cannot be filtered by Lance, and need not be: the join drops what a dynamic filter would
        LanceFilter newDynamicFilter = range.rowRange().isEmpty() && acceptsDynamicFilters(session, table)
                ? FilterPushdown.toFilter(withoutLateLookups(dynamicFilter.getCurrentPredicate(), lanceSplit))
                : LanceFilter.Constant.ALL;
        LanceFilter condition = LanceFilter.and(ImmutableList.of(table.filter(), lanceSplit.dynamicFilter(), newDynamicFilter));
        if (condition.equals(LanceFilter.Constant.NONE)) {
            return new EmptyPageSource();
        }
        // Lance cannot count up to a limit
        OptionalLong limit = columns.isEmpty() ? OptionalLong.empty() : table.limit();
        ScanFilter filter = new ScanFilter(condition, lanceSplit.scalarIndex(), limit);
        if (columns.isEmpty() && !filter.isFiltered() && table.blobLengths().isAll()) {
            return new FixedPageSource(RowCountPages.of(range.rows()));
        }
        boolean isPlannedCondition = condition.equals(LanceFilter.and(ImmutableList.of(table.filter(), lanceSplit.dynamicFilter())));
        if (columns.isEmpty() && isPlannedCondition && table.blobLengths().isAll() && lanceSplit.matchingRows().isPresent()) {
            return new FixedPageSource(RowCountPages.of(lanceSplit.matchingRows().getAsLong()));
        }
        List<LanceColumnHandle> lanceColumns = columns.stream()
                .map(LanceColumnHandle.class::cast)
                .collect(toImmutableList());
        BatchPlan batches = BatchPlan.of(range, lanceColumns, getScanBatchRows(session), getScanBatchSize(session), getScanReadahead(session));
        long rows = lanceSplit.matchingRows().orElse(range.rows());
        Optional<TopN> topN = table.topN().filter(wanted -> TopNSearch.isWorthwhile(wanted, table.version().location(), rows));
        ScanRequest request = new ScanRequest(table.name(), table.version(), range, filter, topN, lanceColumns, batches);
        VendedOptions vended = LanceTableCredentials.toVendedOptions(tableCredentials);
        DatasetScan scan = scans.open(names -> datasets.open(table.name(), table.version(), vended, names), request, table.blobLengths(), _ -> true, getBlobMaxSize(session));
        return new LancePageSource(scan, memoryContext);
    }

    // what comes after the splits were planned must not make each of them walk through an index, or read without the index that
    // was planned: the join drops the rows
    private static TupleDomain<ColumnHandle> withoutLateLookups(TupleDomain<ColumnHandle> dynamicFilter, LanceSplit split)
    {
        return dynamicFilter.filter((column, _) -> !split.unfilteredColumns().contains(((LanceColumnHandle) column).path().toString()));
    }
}
