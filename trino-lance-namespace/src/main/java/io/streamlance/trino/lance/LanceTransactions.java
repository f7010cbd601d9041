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
import io.streamlance.trino.lance.namespace.NamespaceMapping;
import io.streamlance.trino.lance.namespace.NamespaceMount;
import io.streamlance.trino.lance.planning.PlanningThreads;
import io.streamlance.trino.lance.system.LanceMetadataTables;
import io.trino.spi.connector.ConnectorTransactionHandle;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Suppliers.memoize;
import static java.util.Objects.requireNonNull;

/// The open transactions. Each has one metadata, which pins the version of every table on first use.
public class LanceTransactions
{
    private final NamespaceMount mount;
    private final Provider<LanceTableResolver> tableResolver;
    private final LanceMetadataTables metadataTables;
    private final LanceStatistics statistics;
    private final PlanningThreads planning;
    private final Map<ConnectorTransactionHandle, LanceMetadata> transactions = new ConcurrentHashMap<>();

    @Inject
    public LanceTransactions(NamespaceMount mount, Provider<LanceTableResolver> tableResolver, LanceMetadataTables metadataTables, LanceStatistics statistics, PlanningThreads planning)
    {
        this.mount = requireNonNull(mount, "mount is null");
        this.tableResolver = requireNonNull(tableResolver, "tableResolver is null");
        this.metadataTables = requireNonNull(metadataTables, "metadataTables is null");
        this.statistics = requireNonNull(statistics, "statistics is null");
        this.planning = requireNonNull(planning, "planning is null");
    }

    /// Works without the namespace, as its metadata does until it is asked for something: Trino wants both also to create
    /// a catalog, whose namespace may come later.
    public ConnectorTransactionHandle begin()
    {
        LanceTransactionHandle transaction = new LanceTransactionHandle(UUID.randomUUID());
        transactions.put(transaction, new LanceMetadata(memoize(this::beginNamespace), metadataTables, statistics, planning));
        return transaction;
    }

    private TransactionNamespace beginNamespace()
    {
        // first, as the resolver needs it too and would fail with less to say
        NamespaceMapping namespaces = mount.namespaces();
        return TransactionNamespace.begin(namespaces, tableResolver.get());
    }

    public LanceMetadata get(ConnectorTransactionHandle transaction)
    {
        LanceMetadata metadata = transactions.get(transaction);
        checkArgument(metadata != null, "no such transaction: %s", transaction);
        return metadata;
    }

    public void end(ConnectorTransactionHandle transaction)
    {
        transactions.remove(transaction);
    }
}
