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

import com.google.common.collect.ImmutableSet;
import com.google.inject.Inject;
import io.airlift.bootstrap.LifeCycleManager;
import io.streamlance.trino.nats.client.StreamCatalog;
import io.streamlance.trino.nats.function.NatsFunctionProvider;
import io.streamlance.trino.nats.schema.NatsTables;
import io.streamlance.trino.nats.summary.NatsAggregation;
import io.trino.plugin.base.session.SessionPropertiesProvider;
import io.trino.spi.connector.Connector;
import io.trino.spi.connector.ConnectorMetadata;
import io.trino.spi.connector.ConnectorPageSourceProvider;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorSplitManager;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.connector.SystemTable;
import io.trino.spi.function.FunctionProvider;
import io.trino.spi.function.table.ConnectorTableFunction;
import io.trino.spi.procedure.Procedure;
import io.trino.spi.session.PropertyMetadata;
import io.trino.spi.transaction.IsolationLevel;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import static io.trino.spi.transaction.IsolationLevel.READ_COMMITTED;
import static io.trino.spi.transaction.IsolationLevel.checkConnectorSupports;
import static java.util.Objects.requireNonNull;

public class NatsConnector
        implements Connector
{
    private final LifeCycleManager lifeCycleManager;
    private final NatsTables tables;
    private final StreamCatalog streams;
    private final ScanBounds bounds;
    private final NatsAggregation aggregation;
    private final NatsSplitManager splitManager;
    private final NatsPageSourceProvider pageSourceProvider;
    private final List<PropertyMetadata<?>> sessionProperties;
    private final Set<SystemTable> systemTables;
    private final Set<Procedure> procedures;
    private final Set<ConnectorTableFunction> tableFunctions;
    private final NatsFunctionProvider functionProvider;
    /// One per transaction, since it holds the snapshot that the transaction reads.
    private final Map<ConnectorTransactionHandle, NatsMetadata> transactions = new ConcurrentHashMap<>();

    @Inject
    public NatsConnector(
            LifeCycleManager lifeCycleManager,
            NatsTables tables,
            StreamCatalog streams,
            ScanBounds bounds,
            NatsAggregation aggregation,
            NatsSplitManager splitManager,
            NatsPageSourceProvider pageSourceProvider,
            SessionPropertiesProvider sessionProperties,
            NatsConfig config,
            Set<SystemTable> systemTables,
            Set<Procedure> procedures,
            Set<ConnectorTableFunction> tableFunctions,
            NatsFunctionProvider functionProvider)
    {
        this.lifeCycleManager = requireNonNull(lifeCycleManager, "lifeCycleManager is null");
        this.tables = requireNonNull(tables, "tables is null");
        this.streams = requireNonNull(streams, "streams is null");
        this.bounds = requireNonNull(bounds, "bounds is null");
        this.aggregation = requireNonNull(aggregation, "aggregation is null");
        this.splitManager = requireNonNull(splitManager, "splitManager is null");
        this.pageSourceProvider = requireNonNull(pageSourceProvider, "pageSourceProvider is null");
        this.sessionProperties = sessionProperties.getSessionProperties();
        this.systemTables = config.isMetadataTablesEnabled() ? ImmutableSet.copyOf(systemTables) : ImmutableSet.of();
        this.procedures = ImmutableSet.copyOf(procedures);
        this.tableFunctions = ImmutableSet.copyOf(tableFunctions);
        this.functionProvider = requireNonNull(functionProvider, "functionProvider is null");
    }

    @Override
    public ConnectorTransactionHandle beginTransaction(IsolationLevel isolationLevel, boolean readOnly, boolean autoCommit)
    {
        checkConnectorSupports(READ_COMMITTED, isolationLevel);
        ConnectorTransactionHandle transaction = new NatsTransactionHandle(UUID.randomUUID());
        transactions.put(transaction, new NatsMetadata(tables, streams, bounds, aggregation));
        return transaction;
    }

    @Override
    public void commit(ConnectorTransactionHandle transaction)
    {
        transactions.remove(transaction);
    }

    @Override
    public void rollback(ConnectorTransactionHandle transaction)
    {
        transactions.remove(transaction);
    }

    @Override
    public ConnectorMetadata getMetadata(ConnectorSession session, ConnectorTransactionHandle transaction)
    {
        return requireNonNull(transactions.get(transaction), "the transaction has ended");
    }

    @Override
    public ConnectorSplitManager getSplitManager()
    {
        return splitManager;
    }

    @Override
    public ConnectorPageSourceProvider getPageSourceProvider()
    {
        return pageSourceProvider;
    }

    @Override
    public List<PropertyMetadata<?>> getSessionProperties()
    {
        return sessionProperties;
    }

    @Override
    public Set<SystemTable> getSystemTables()
    {
        return systemTables;
    }

    @Override
    public Set<Procedure> getProcedures()
    {
        return procedures;
    }

    @Override
    public Set<ConnectorTableFunction> getTableFunctions()
    {
        return tableFunctions;
    }

    @Override
    public Optional<FunctionProvider> getFunctionProvider()
    {
        return Optional.of(functionProvider);
    }

    @Override
    public void shutdown()
    {
        lifeCycleManager.stop();
    }
}
