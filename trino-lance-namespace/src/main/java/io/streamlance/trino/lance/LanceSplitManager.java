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
import io.streamlance.trino.lance.changes.TableChangesHandle;
import io.streamlance.trino.lance.changes.TableChangesSplits;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorSplitManager;
import io.trino.spi.connector.ConnectorSplitSource;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.connector.Constraint;
import io.trino.spi.predicate.TupleDomain;

import java.util.Set;

import static io.streamlance.trino.lance.LanceSessionProperties.getDynamicFilteringWaitTimeout;
import static io.streamlance.trino.lance.LanceSessionProperties.isFilterPushdownEnabled;
import static java.util.Objects.requireNonNull;

public class LanceSplitManager
        implements ConnectorSplitManager
{
    private final ScanPlanner planner;
    private final LanceRuntime runtime;
    private final LanceTransactions transactions;
    private final TableChangesSplits tableChanges;

    @Inject
    public LanceSplitManager(ScanPlanner planner, LanceRuntime runtime, LanceTransactions transactions, TableChangesSplits tableChanges)
    {
        this.planner = requireNonNull(planner, "planner is null");
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
            return new LanceSplitSource((_, _) -> SplitPlan.of(tableChanges.plan(changes, changesVended)), 0, runtime.planning()::execute);
        }
        LanceTableHandle table = (LanceTableHandle) tableHandle;
        // later the transaction may be gone
        VendedOptions vended = transactions.get(transaction).vendedOptions(table.name());
        boolean dynamicFilters = acceptsDynamicFilters(session, table) && !dynamicFilterColumns.isEmpty();
        return new LanceSplitSource(
                (dynamicFilter, cancelled) -> planner.plan(session, table, vended, dynamicFilterColumns, dynamicFilters ? dynamicFilter : TupleDomain.all(), cancelled),
                dynamicFilters ? getDynamicFilteringWaitTimeout(session).toMillis() : 0,
                runtime.planning()::execute);
    }

    /**
     * Rows that a limit has selected must not be filtered again: there may be others in their place.
     */
    static boolean acceptsDynamicFilters(ConnectorSession session, LanceTableHandle table)
    {
        return isFilterPushdownEnabled(session) && !table.isLimited();
    }
}
