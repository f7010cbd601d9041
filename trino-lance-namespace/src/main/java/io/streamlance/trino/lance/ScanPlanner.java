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
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.inject.Inject;
import io.airlift.units.DataSize;
import io.streamlance.trino.lance.dataset.DatasetCache;
import io.streamlance.trino.lance.dataset.DatasetLease;
import io.streamlance.trino.lance.dataset.DatasetStatistics;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.streamlance.trino.lance.dataset.ScalarIndexes;
import io.streamlance.trino.lance.dataset.ScalarIndexes.Choice;
import io.streamlance.trino.lance.dataset.ScalarIndexes.Use;
import io.streamlance.trino.lance.dataset.ScanRange;
import io.streamlance.trino.lance.dataset.SplitPlanner;
import io.streamlance.trino.lance.dataset.StatisticsCache;
import io.streamlance.trino.lance.filter.FieldPath;
import io.streamlance.trino.lance.filter.FilterPushdown;
import io.streamlance.trino.lance.filter.LanceFilter;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.SplitWeight;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorSplit;
import io.trino.spi.predicate.TupleDomain;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_READ_ERROR;
import static io.streamlance.trino.lance.LanceSessionProperties.getSplitTargetRows;
import static io.streamlance.trino.lance.LanceSessionProperties.getSplitTargetSize;
import static java.lang.Math.clamp;
import static java.util.Objects.requireNonNull;

/// Decides what splits a scan has and what indexes it uses.
public class ScanPlanner
{
    private static final double MINIMUM_WEIGHT = 0.05;
    // all splits are sent with these, and workers get the other values of a dynamic filter from the engine
    private static final int MAX_VALUES_IN_SPLIT = 100;

    private final DatasetCache datasets;
    private final StatisticsCache statistics;
    private final LanceRuntime runtime;

    @Inject
    public ScanPlanner(DatasetCache datasets, StatisticsCache statistics, LanceRuntime runtime)
    {
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.statistics = requireNonNull(statistics, "statistics is null");
        this.runtime = requireNonNull(runtime, "runtime is null");
    }

    /// @param dynamicFilterColumns those that dynamic filters may come for later
    /// @param dynamicFilter what is known of them now
    /// @param cancelled whether nobody waits for the splits any more
    SplitPlan plan(
            ConnectorSession session,
            LanceTableHandle table,
            VendedOptions vended,
            Set<ColumnHandle> dynamicFilterColumns,
            TupleDomain<ColumnHandle> dynamicFilter,
            BooleanSupplier cancelled)
    {
        LanceFilter filter = LanceFilter.and(ImmutableList.of(table.filter(), FilterPushdown.toFilter(dynamicFilter)));
        if (filter.equals(LanceFilter.Constant.NONE) || cancelled.getAsBoolean()) {
            return SplitPlan.NOTHING;
        }
        long targetRows = getSplitTargetRows(session);
        DataSize targetSize = getSplitTargetSize(session);
        try (DatasetLease lease = datasets.open(table.name(), table.version(), vended, columnNames(filter, dynamicFilterColumns))) {
            ScalarIndexes indexes = new ScalarIndexes(lease, filter, statistics.find(table.version()).map(DatasetStatistics::columns).orElseGet(ImmutableMap::of));
            Choice choice = orReadError(table, "look into the indexes", () -> chooseIndex(indexes, filter, targetRows, cancelled));
            Set<String> unfilteredColumns = orReadError(table, "look into the indexes", () -> unfilteredColumns(indexes, choice, dynamicFilterColumns));
            List<ScanRange> ranges = orReadError(table, "plan the scan", () -> planRanges(table, lease, filter, indexes, choice, targetRows, targetSize));
            // a lookup is one split, which depends on the values
            LanceFilter inSplit = FilterPushdown.toFilter(choice.use() == Use.LOOKUP ? dynamicFilter : dynamicFilter.simplify(MAX_VALUES_IN_SPLIT));
            List<ConnectorSplit> splits = ranges.stream()
                    .<ConnectorSplit>map(range -> new LanceSplit(
                            range,
                            inSplit,
                            choice.use() != Use.NONE,
                            unfilteredColumns,
                            choice.use() == Use.LOOKUP ? choice.rows() : OptionalLong.empty(),
                            weight(range, targetRows, targetSize.toBytes())))
                    .collect(toImmutableList());
            return new SplitPlan(splits, choice.search());
        }
    }

    private static Set<String> columnNames(LanceFilter filter, Set<ColumnHandle> dynamicFilterColumns)
    {
        return Stream.concat(
                        filter.fields().stream(),
                        dynamicFilterColumns.stream().map(column -> ((LanceColumnHandle) column).path()))
                .map(FieldPath::column)
                .collect(toImmutableSet());
    }

    private Choice chooseIndex(ScalarIndexes indexes, LanceFilter filter, long maxRows, BooleanSupplier cancelled)
            throws Exception
    {
        return filter.equals(LanceFilter.Constant.ALL) ? Choice.NONE : indexes.choose(runtime.allocator(), maxRows, cancelled);
    }

    private static List<ScanRange> planRanges(LanceTableHandle table, DatasetLease lease, LanceFilter filter, ScalarIndexes indexes, Choice choice, long targetRows, DataSize targetSize)
    {
        return switch (choice.use()) {
            case LOOKUP -> SplitPlanner.planLookup(lease, choice.fragments());
            // of few rows an index finds the place faster than several splits
            case PRUNE -> SplitPlanner.planFiltered(lease, targetRows, targetSize, () -> indexes.passingShare().orElse(0));
            case NONE -> filter.equals(LanceFilter.Constant.ALL) && table.topN().isEmpty()
                    ? SplitPlanner.plan(lease, targetRows, targetSize, table.limit())
                    : SplitPlanner.planFiltered(lease, targetRows, targetSize, () -> 1);
        };
    }

    private static Set<String> unfilteredColumns(ScalarIndexes indexes, Choice choice, Set<ColumnHandle> columns)
    {
        if (choice.use() == Use.NONE) {
            return ImmutableSet.of();
        }
        return columns.stream()
                .map(column -> ((LanceColumnHandle) column).path())
                .filter(indexes::isLeftToJoin)
                .map(FieldPath::toString)
                .collect(toImmutableSet());
    }

    private static <T> T orReadError(LanceTableHandle table, String action, Callable<T> call)
    {
        try {
            return call.call();
        }
        // the native code throws IOException too, although the methods do not declare it
        catch (Exception e) {
            throw new TrinoException(LANCE_READ_ERROR, "Cannot %s of table %s version %s at %s: %s".formatted(action, table.name(), table.version().version(), table.version().location(), e.getMessage()), e);
        }
    }

    private static SplitWeight weight(ScanRange range, long targetRows, long targetBytes)
    {
        double proportion = Math.max((double) range.rows() / targetRows, (double) range.dataBytes() / targetBytes);
        return SplitWeight.fromProportion(clamp(proportion, MINIMUM_WEIGHT, 1.0));
    }
}
