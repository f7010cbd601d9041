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
package io.streamlance.trino.nats;

import com.google.inject.Inject;
import io.streamlance.trino.nats.function.InferColumnsHandle;
import io.streamlance.trino.nats.function.InferColumnsSplit;
import io.streamlance.trino.nats.summary.NatsSummaryHandle;
import io.streamlance.trino.nats.summary.NatsSummarySplit;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorSplitManager;
import io.trino.spi.connector.ConnectorSplitSource;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.connector.Constraint;
import io.trino.spi.connector.FixedSplitSource;
import io.trino.spi.function.table.ConnectorTableFunctionHandle;
import jakarta.annotation.PreDestroy;

import java.util.Set;
import java.util.concurrent.ExecutorService;

import static io.airlift.concurrent.Threads.daemonThreadsNamed;
import static io.streamlance.trino.nats.NatsSessionProperties.getDynamicFilteringWaitTimeout;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.Executors.newCachedThreadPool;

public class NatsSplitManager
        implements ConnectorSplitManager
{
    private final NatsSplitPlanner planner;
    private final ExecutorService executor = newCachedThreadPool(daemonThreadsNamed("nats-split-planner-%s"));

    @Inject
    public NatsSplitManager(NatsSplitPlanner planner)
    {
        this.planner = requireNonNull(planner, "planner is null");
    }

    @Override
    public ConnectorSplitSource getSplits(
            ConnectorTransactionHandle transaction,
            ConnectorSession session,
            ConnectorTableHandle table,
            Set<ColumnHandle> dynamicFilterColumns,
            Constraint constraint)
    {
        if (table instanceof NatsSummaryHandle) {
            return new FixedSplitSource(new NatsSummarySplit());
        }
        NatsTableHandle handle = (NatsTableHandle) table;
        boolean awaitsDynamicFilter = dynamicFilterColumns.stream()
                .map(NatsColumnHandle.class::cast)
                .anyMatch(MessageFilter::isFilterable);
        return new NatsSplitSource(
                dynamicFilter -> planner.plan(session, handle.narrowedBy(session, dynamicFilter.currentPredicate())),
                executor,
                awaitsDynamicFilter ? getDynamicFilteringWaitTimeout(session).toMillis() : 0);
    }

    @PreDestroy
    public void close()
    {
        executor.shutdownNow();
    }

    @Override
    public ConnectorSplitSource getSplits(ConnectorTransactionHandle transaction, ConnectorSession session, ConnectorTableFunctionHandle function)
    {
        return new FixedSplitSource(new InferColumnsSplit(((InferColumnsHandle) function).stream()));
    }
}
