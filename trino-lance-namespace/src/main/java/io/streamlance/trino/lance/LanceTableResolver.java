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

import com.google.common.collect.Iterables;
import com.google.common.collect.Streams;
import com.google.inject.Inject;
import io.streamlance.trino.lance.arrow.ArrowTypes;
import io.streamlance.trino.lance.dataset.DatasetCache;
import io.streamlance.trino.lance.dataset.DatasetLease;
import io.streamlance.trino.lance.dataset.DatasetVersion;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.streamlance.trino.lance.dataset.LocalPaths;
import io.streamlance.trino.lance.namespace.LanceNamespaceClient;
import io.streamlance.trino.lance.namespace.NamespaceMapping;
import io.streamlance.trino.lance.namespace.NamespaceTable;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

import static com.google.common.base.Throwables.throwIfUnchecked;
import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_OPEN_ERROR;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_TABLE_NOT_WRITTEN;
import static io.trino.plugin.base.util.ExecutorUtil.processWithAdditionalThreads;
import static io.trino.spi.StandardErrorCode.INVALID_ARGUMENTS;
import static java.util.Objects.requireNonNull;

/**
 * Finds a table in the namespace and reads the schema of one of its versions.
 */
public class LanceTableResolver
{
    // enough to keep the threads busy, and little to have done in vain
    private static final int LISTING_BATCH = 64;

    private final NamespaceMapping namespaces;
    private final LanceNamespaceClient client;
    private final DatasetCache datasets;
    private final ArrowTypes types;
    private final LanceRuntime runtime;

    @Inject
    public LanceTableResolver(NamespaceMapping namespaces, LanceNamespaceClient client, DatasetCache datasets, ArrowTypes types, LanceRuntime runtime)
    {
        this.namespaces = requireNonNull(namespaces, "namespaces is null");
        this.client = requireNonNull(client, "client is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.types = requireNonNull(types, "types is null");
        this.runtime = requireNonNull(runtime, "runtime is null");
    }

    /// The same, which finds tables with what a transaction knows from its listings.
    LanceTableResolver withNamespaces(NamespaceMapping namespaces)
    {
        return new LanceTableResolver(namespaces, client, datasets, types, runtime);
    }

    /// Asks the namespace where a table is, and with which credentials it is read.
    public Optional<NamespaceTable> describe(SchemaTableName name)
    {
        return namespaces.findTable(name);
    }

    /// Works on many tables, several at a time on the catalog's threads, ahead of the consumer by no more than a batch.
    public <T> Iterator<T> inParallel(Set<SchemaTableName> names, Function<SchemaTableName, T> work)
    {
        return Streams.stream(Iterables.partition(names, LISTING_BATCH))
                .flatMap(batch -> process(batch, work).stream())
                .iterator();
    }

    private <T> List<T> process(List<SchemaTableName> names, Function<SchemaTableName, T> work)
    {
        List<Callable<T>> tasks = names.stream()
                .map(name -> (Callable<T>) () -> work.apply(name))
                .collect(toImmutableList());
        try {
            return processWithAdditionalThreads(tasks, runtime.executor());
        }
        catch (ExecutionException e) {
            throwIfUnchecked(e.getCause());
            throw new IllegalStateException("reading metadata throws no checked exceptions", e);
        }
    }

    /// @throws TrinoException `INVALID_ARGUMENTS` if the table has no such version
    public LanceTable read(SchemaTableName name, NamespaceTable table, TableVersion version)
    {
        try (DatasetLease lease = open(name, table, version)) {
            return LanceSchemaReader.readTable(types, name, table, lease, columns -> datasets.open(name, lease.version(), table.vended(), columns));
        }
    }

    /// Opens a version that was read before.
    public DatasetLease open(SchemaTableName name, DatasetVersion version, VendedOptions vended)
    {
        return datasets.open(name, version, vended);
    }

    private DatasetLease open(SchemaTableName name, NamespaceTable table, TableVersion version)
    {
        try {
            return new TableVersionFinder(datasets, name, table).open(version);
        }
        catch (TrinoException e) {
            if (!e.getErrorCode().equals(INVALID_ARGUMENTS.toErrorCode()) && isOnlyDeclared(table, e)) {
                // a directory namespace says so of every table without a manifest; only of local files it shows which it is
                if (LocalPaths.isMissing(table.location())) {
                    throw new TrinoException(LANCE_OPEN_ERROR, "Table %s is in the Lance namespace, but its directory %s does not exist: it was removed, or this node does not see it. Restore it, or drop the table in Lance".formatted(name, table.location()), e);
                }
                throw new TrinoException(LANCE_TABLE_NOT_WRITTEN, "Table %s is declared in the Lance namespace but has no data at %s: either it was not written yet, then write to it with Lance first, or its files were removed".formatted(name, table.location()), e);
            }
            throw e;
        }
    }

    // a namespace that cannot say so must not hide why the table cannot be opened
    private boolean isOnlyDeclared(NamespaceTable table, TrinoException openFailure)
    {
        try {
            return client.isOnlyDeclared(table.path());
        }
        catch (TrinoException e) {
            openFailure.addSuppressed(e);
            return false;
        }
    }
}
