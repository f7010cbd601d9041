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
package io.streamlance.benchmarks;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import io.streamlance.trino.lance.LancePlugin;
import io.streamlance.trino.lance.LanceSplit;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.Connector;
import io.trino.spi.connector.ConnectorMetadata;
import io.trino.spi.connector.ConnectorPageSource;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorSplit;
import io.trino.spi.connector.ConnectorSplitSource;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.connector.Constraint;
import io.trino.spi.connector.DynamicFilter;
import io.trino.spi.connector.DynamicFilterSnapshot;
import io.trino.spi.connector.MemoryContext;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.connector.SourcePage;
import io.trino.testing.TestingConnectorContext;
import io.trino.testing.TestingConnectorSession;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.transaction.IsolationLevel.READ_COMMITTED;

/// Reads tables in the way that Trino's drivers do, through the connector's interfaces and without an engine.
final class ConnectorScan
        implements AutoCloseable
{
    private final Connector connector;
    private final ConnectorSession session;

    ConnectorScan(String root, Map<String, String> properties)
    {
        connector = Iterables.getOnlyElement(new LancePlugin().getConnectorFactories())
                .create("lance", ImmutableMap.<String, String>builder()
                        .put("lance.namespace.root", root)
                        .put("bootstrap.quiet", "true")
                        .putAll(properties)
                        .buildOrThrow(), new TestingConnectorContext());
        session = TestingConnectorSession.builder()
                .setPropertyMetadata(connector.getSessionProperties())
                .build();
    }

    /// What a query has found out when its first split is read.
    PlannedTable plan(String name)
            throws Exception
    {
        ConnectorTransactionHandle transaction = connector.beginTransaction(READ_COMMITTED, true, true);
        ConnectorMetadata metadata = connector.getMetadata(session, transaction);
        ConnectorTableHandle table = metadata.getTableHandle(session, new SchemaTableName("default", name), Optional.empty(), Optional.empty());
        try (ConnectorSplitSource splits = connector.getSplitManager().getSplits(transaction, session, table, ImmutableSet.of(), Constraint.alwaysTrue())) {
            return new PlannedTable(
                    transaction,
                    table,
                    metadata.getColumnHandles(session, table),
                    splits.getNextBatch(100_000, DynamicFilterSnapshot.EMPTY).get().stream()
                            .map(LanceSplit.class::cast)
                            .collect(toImmutableList()));
        }
    }

    record PlannedTable(ConnectorTransactionHandle transaction, ConnectorTableHandle handle, Map<String, ColumnHandle> columns, List<LanceSplit> splits)
    {
        PlannedTable withSplits(List<LanceSplit> splits)
        {
            return new PlannedTable(transaction, handle, columns, splits);
        }
    }

    /// @return number of rows
    long read(PlannedTable table, List<String> columns, int threads)
            throws Exception
    {
        List<ColumnHandle> wanted = columns.stream()
                .map(table.columns()::get)
                .collect(toImmutableList());
        return Parallel.sum(threads, table.splits(), split -> read(table, wanted, split));
    }

    void end(PlannedTable table)
    {
        connector.commit(table.transaction());
    }

    @Override
    public void close()
    {
        connector.shutdown();
    }

    private long read(PlannedTable table, List<ColumnHandle> columns, ConnectorSplit split)
            throws Exception
    {
        long rows = 0;
        try (ConnectorPageSource source = connector.getPageSourceProvider()
                .createPageSource(table.transaction(), session, split, table.handle(), Optional.empty(), columns, DynamicFilter.EMPTY, MemoryContext.NO_LIMIT)) {
            while (!source.isFinished()) {
                source.isBlocked().get();
                SourcePage page = source.getNextSourcePage();
                if (page != null) {
                    rows += page.getPage().getPositionCount();
                }
            }
        }
        return rows;
    }
}
