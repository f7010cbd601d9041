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
import io.airlift.units.DataSize;
import io.streamlance.trino.lance.changes.TableChangesHandle;
import io.streamlance.trino.lance.changes.TableChangesSplits;
import io.streamlance.trino.lance.dataset.DatasetCache;
import io.streamlance.trino.lance.dataset.DatasetLease;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.streamlance.trino.lance.dataset.ScalarIndexes;
import io.streamlance.trino.lance.dataset.ScalarIndexes.Choice;
import io.streamlance.trino.lance.dataset.ScalarIndexes.Use;
import io.streamlance.trino.lance.dataset.ScanRange;
import io.streamlance.trino.lance.dataset.SplitPlanner;
import io.streamlance.trino.lance.filter.FilterPushdown;
import io.streamlance.trino.lance.filter.LanceFilter;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.SplitWeight;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorSplitManager;
import io.trino.spi.connector.ConnectorSplitSource;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.connector.Constraint;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_READ_ERROR;
import static io.streamlance.trino.lance.LanceSessionProperties.getDynamicFilteringWaitTimeout;
import static io.streamlance.trino.lance.LanceSessionProperties.getSplitTargetRows;
import static io.streamlance.trino.lance.LanceSessionProperties.getSplitTargetSize;
import static io.streamlance.trino.lance.LanceSessionProperties.isFilterPushdownEnabled;
import static java.lang.Math.clamp;
import static java.util.Objects.requireNonNull;

public class LanceSplitManager
        implements ConnectorSplitManager
{
    private static final double MINIMUM_WEIGHT = 0.05;

    private final DatasetCache datasets;
    private final LanceRuntime runtime;
    private final LanceTransactions transactions;
    private final TableChangesSplits tableChanges;

    @Inject
    public LanceSplitManager(DatasetCache datasets, LanceRuntime runtime, LanceTransactions transactions, TableChangesSplits tableChanges)
    {
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.runtime = requireNonNull(runtime, "runtime is null");
        this.transactions = requireNonNull(transactions, "transactions is null");
        this.tableChanges = requireNonNull(tableChanges, "tableChanges is null");
    }

    @Override
    public ConnectorSplitSource getSplits(
            ConnectorTransactionHandle transaction,
            ConnectorSession session,
            ConnectorTableHandle tableHandle,
            Set<ColumnHandle> dynamicFilterColumns,
            Constraint constraint)
    {
        if (tableHandle instanceof TableChangesHandle changes) {
            VendedOptions changesVended = transactions.get(transaction).vendedOptions(changes.name());
            return new LanceSplitSource(_ -> tableChanges.plan(changes, changesVended), 0, runtime.executor());
        }
        LanceTableHandle table = (LanceTableHandle) tableHandle;
        // later the transaction may be gone
        VendedOptions vended = transactions.get(transaction).vendedOptions(table.name());
        boolean dynamicFilters = acceptsDynamicFilters(session, table) && !dynamicFilterColumns.isEmpty();
        return new LanceSplitSource(
                dynamicFilter -> planSplits(session, table, vended, dynamicFilters ? FilterPushdown.toFilter(dynamicFilter) : LanceFilter.ALL),
                dynamicFilters ? getDynamicFilteringWaitTimeout(session).toMillis() : 0,
                runtime.executor());
    }

    /**
     * Rows that a limit has selected must not be filtered again: there may be others in their place.
     */
    static boolean acceptsDynamicFilters(ConnectorSession session, LanceTableHandle table)
    {
        return isFilterPushdownEnabled(session) && table.limit().isEmpty();
    }

    private List<LanceSplit> planSplits(ConnectorSession session, LanceTableHandle table, VendedOptions vended, LanceFilter dynamicFilter)
    {
        LanceFilter filter = LanceFilter.and(ImmutableList.of(table.filter(), dynamicFilter));
        if (filter.equals(LanceFilter.NONE)) {
            return ImmutableList.of();
        }
        long targetRows = getSplitTargetRows(session);
        DataSize targetSize = getSplitTargetSize(session);
        try (DatasetLease lease = datasets.open(table.name(), table.version(), vended)) {
            Choice index = chooseIndex(table, lease, filter, targetRows);
            Use use = index.use();
            List<ScanRange> ranges = planRanges(table, lease, filter, index, targetRows, targetSize);
            return ranges.stream()
                    .map(range -> new LanceSplit(range, dynamicFilter, use != Use.NONE, use == Use.LOOKUP ? index.rows() : OptionalLong.empty(), weight(range, targetRows, targetSize.toBytes())))
                    .collect(toImmutableList());
        }
    }

    private static List<ScanRange> planRanges(LanceTableHandle table, DatasetLease lease, LanceFilter filter, Choice index, long targetRows, DataSize targetSize)
    {
        try {
            return switch (index.use()) {
                case LOOKUP -> SplitPlanner.planLookup(lease, index.fragments());
                case PRUNE -> SplitPlanner.planFiltered(lease, targetRows, targetSize, false);
                case NONE -> filter.equals(LanceFilter.ALL)
                        ? SplitPlanner.plan(lease, targetRows, targetSize, table.limit())
                        : SplitPlanner.planFiltered(lease, targetRows, targetSize, !lease.dataset().hasStableRowIds());
            };
        }
        // the native code throws IOException too, although the methods do not declare it
        catch (Exception e) {
            throw new TrinoException(LANCE_READ_ERROR, "Cannot plan the scan of table %s version %s at %s: %s".formatted(table.name(), table.version().version(), table.version().location(), e.getMessage()), e);
        }
    }

    private Choice chooseIndex(LanceTableHandle table, DatasetLease lease, LanceFilter filter, long maxRows)
    {
        if (filter.equals(LanceFilter.ALL)) {
            return Choice.NONE;
        }
        try {
            return ScalarIndexes.choose(lease.dataset(), runtime.allocator(), filter, maxRows);
        }
        // the native code throws IOException too, although the methods do not declare it
        catch (Exception e) {
            throw new TrinoException(LANCE_READ_ERROR, "Cannot look into the indexes of table %s version %s at %s: %s".formatted(table.name(), table.version().version(), table.version().location(), e.getMessage()), e);
        }
    }

    private static SplitWeight weight(ScanRange range, long targetRows, long targetBytes)
    {
        double proportion = Math.max((double) range.rows() / targetRows, (double) range.dataBytes() / targetBytes);
        return SplitWeight.fromProportion(clamp(proportion, MINIMUM_WEIGHT, 1.0));
    }
}
