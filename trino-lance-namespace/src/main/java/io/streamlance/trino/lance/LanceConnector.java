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
import com.google.inject.Provider;
import io.airlift.bootstrap.LifeCycleManager;
import io.streamlance.trino.lance.namespace.NamespaceMapping;
import io.streamlance.trino.lance.namespace.NamespaceMount;
import io.trino.spi.connector.Connector;
import io.trino.spi.connector.ConnectorMetadata;
import io.trino.spi.connector.ConnectorPageSourceProvider;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorSplitManager;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.session.PropertyMetadata;
import io.trino.spi.transaction.IsolationLevel;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

public class LanceConnector
        implements Connector
{
    private final LifeCycleManager lifeCycleManager;
    private final NamespaceMount mount;
    private final Provider<LanceTableResolver> tableResolver;
    private final LanceSplitManager splitManager;
    private final LancePageSourceProvider pageSourceProvider;
    private final LanceSessionProperties sessionProperties;

    // one metadata per transaction: it pins the version of each table on first use
    private final Map<ConnectorTransactionHandle, LanceMetadata> transactions = new ConcurrentHashMap<>();

    @Inject
    public LanceConnector(
            LifeCycleManager lifeCycleManager,
            NamespaceMount mount,
            Provider<LanceTableResolver> tableResolver,
            LanceSplitManager splitManager,
            LancePageSourceProvider pageSourceProvider,
            LanceSessionProperties sessionProperties)
    {
        this.lifeCycleManager = requireNonNull(lifeCycleManager, "lifeCycleManager is null");
        this.mount = requireNonNull(mount, "mount is null");
        this.tableResolver = requireNonNull(tableResolver, "tableResolver is null");
        this.splitManager = requireNonNull(splitManager, "splitManager is null");
        this.pageSourceProvider = requireNonNull(pageSourceProvider, "pageSourceProvider is null");
        this.sessionProperties = requireNonNull(sessionProperties, "sessionProperties is null");
    }

    @Override
    public ConnectorTransactionHandle beginTransaction(IsolationLevel isolationLevel, boolean readOnly, boolean autoCommit)
    {
        NamespaceMapping namespaces = mount.namespaces();
        LanceTransactionHandle transaction = new LanceTransactionHandle(UUID.randomUUID());
        transactions.put(transaction, new LanceMetadata(namespaces, tableResolver.get()));
        return transaction;
    }

    @Override
    public ConnectorMetadata getMetadata(ConnectorSession session, ConnectorTransactionHandle transaction)
    {
        LanceMetadata metadata = transactions.get(transaction);
        checkArgument(metadata != null, "no such transaction: %s", transaction);
        return metadata;
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
        return sessionProperties.getSessionProperties();
    }

    @Override
    public void shutdown()
    {
        lifeCycleManager.stop();
    }
}
