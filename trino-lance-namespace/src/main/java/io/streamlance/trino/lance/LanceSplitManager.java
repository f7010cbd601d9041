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

import com.google.inject.Inject;
import io.streamlance.trino.lance.dataset.DatasetCache;
import io.streamlance.trino.lance.dataset.DatasetLease;
import io.streamlance.trino.lance.dataset.ScanRange;
import io.streamlance.trino.lance.dataset.SplitPlanner;
import io.trino.spi.SplitWeight;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorSplitManager;
import io.trino.spi.connector.ConnectorSplitSource;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.connector.Constraint;
import io.trino.spi.connector.FixedSplitSource;

import java.util.List;
import java.util.Set;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.lance.LanceSessionProperties.getSplitTargetRows;
import static io.streamlance.trino.lance.LanceSessionProperties.getSplitTargetSize;
import static java.lang.Math.clamp;
import static java.util.Objects.requireNonNull;

public class LanceSplitManager
        implements ConnectorSplitManager
{
    private static final double MINIMUM_WEIGHT = 0.05;

    private final DatasetCache datasets;
    private final LanceTransactions transactions;

    @Inject
    public LanceSplitManager(DatasetCache datasets, LanceTransactions transactions)
    {
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.transactions = requireNonNull(transactions, "transactions is null");
    }

    @Override
    public ConnectorSplitSource getSplits(
            ConnectorTransactionHandle transaction,
            ConnectorSession session,
            ConnectorTableHandle tableHandle,
            Set<ColumnHandle> dynamicFilterColumns,
            Constraint constraint)
    {
        LanceTableHandle table = (LanceTableHandle) tableHandle;
        long targetRows = getSplitTargetRows(session);
        try (DatasetLease lease = datasets.open(table.name(), table.version(), transactions.get(transaction).vendedOptions(table))) {
            List<LanceSplit> splits = SplitPlanner.plan(lease.dataset(), targetRows, getSplitTargetSize(session), table.limit()).stream()
                    .map(range -> new LanceSplit(range, weight(range, targetRows, getSplitTargetSize(session).toBytes())))
                    .collect(toImmutableList());
            return new FixedSplitSource(splits);
        }
    }

    private static SplitWeight weight(ScanRange range, long targetRows, long targetBytes)
    {
        double proportion = Math.max((double) range.rows() / targetRows, (double) range.dataBytes() / targetBytes);
        return SplitWeight.fromProportion(clamp(proportion, MINIMUM_WEIGHT, 1.0));
    }
}
