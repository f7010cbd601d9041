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
import io.airlift.units.Duration;
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
import io.streamlance.trino.lance.namespace.directory.ObjectStoreUri;
import io.streamlance.trino.lance.planning.ListingConfig;
import io.streamlance.trino.lance.planning.TableListing;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;

import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_OPEN_ERROR;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_TABLE_NOT_WRITTEN;
import static io.trino.spi.StandardErrorCode.INVALID_ARGUMENTS;
import static java.util.Objects.requireNonNull;

/**
 * Finds a table in the namespace and reads the schema of one of its versions.
 */
public class LanceTableResolver
{
    private final NamespaceMapping namespaces;
    private final LanceNamespaceClient client;
    private final DatasetCache datasets;
    private final ArrowTypes types;
    private final LanceRuntime runtime;
    private final int listingThreads;
    private final Duration listingTimeout;

    @Inject
    public LanceTableResolver(NamespaceMapping namespaces, LanceNamespaceClient client, DatasetCache datasets, ArrowTypes types, LanceRuntime runtime, ListingConfig config)
    {
        this(namespaces, client, datasets, types, runtime, config.getMaxThreads(), config.getTableTimeout());
    }

    private LanceTableResolver(NamespaceMapping namespaces, LanceNamespaceClient client, DatasetCache datasets, ArrowTypes types, LanceRuntime runtime, int listingThreads, Duration listingTimeout)
    {
        this.namespaces = requireNonNull(namespaces, "namespaces is null");
        this.client = requireNonNull(client, "client is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.types = requireNonNull(types, "types is null");
        this.runtime = requireNonNull(runtime, "runtime is null");
        this.listingThreads = listingThreads;
        this.listingTimeout = requireNonNull(listingTimeout, "listingTimeout is null");
    }

    /// The same, which finds tables with what a transaction knows from its listings.
    LanceTableResolver withNamespaces(NamespaceMapping namespaces)
    {
        return new LanceTableResolver(namespaces, client, datasets, types, runtime, listingThreads, listingTimeout);
    }

    /// Asks the namespace where a table is, and with which credentials it is read.
    public Optional<NamespaceTable> describe(SchemaTableName name)
    {
        return runtime.planning().call(() -> namespaces.findTable(name));
    }

    /// Works on many tables, several at a time on the catalog's threads.
    ///
    /// @param late stands in for the work on a table that takes too long
    public <T> Iterator<T> inParallel(Set<SchemaTableName> names, Function<SchemaTableName, T> work, Function<SchemaTableName, T> late)
    {
        return new TableListing<>(names.iterator(), work, late, runtime.planning()::execute, listingThreads, listingTimeout);
    }

    /// @throws TrinoException `INVALID_ARGUMENTS` if the table has no such version
    public LanceTable read(SchemaTableName name, NamespaceTable table, TableVersion version)
    {
        return runtime.planning().call(() -> readTable(name, table, version));
    }

    private LanceTable readTable(SchemaTableName name, NamespaceTable table, TableVersion version)
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
            String hint = encodedNameHint(table.location());
            if (!e.getErrorCode().equals(INVALID_ARGUMENTS.toErrorCode()) && isOnlyDeclared(table, e)) {
                // a directory namespace says so of every table without a manifest; only of local files it shows which it is
                if (LocalPaths.isMissing(table.location())) {
                    throw new TrinoException(LANCE_OPEN_ERROR, "Table %s is in the Lance namespace, but its directory %s does not exist: it was removed, or this node does not see it. Restore it, or drop the table in Lance".formatted(name, table.location()), e);
                }
                throw new TrinoException(LANCE_TABLE_NOT_WRITTEN, "Table %s is declared in the Lance namespace but has no data at %s: either it was not written yet, then write to it with Lance first, or its files were removed%s".formatted(name, table.location(), hint), e);
            }
            if (!hint.isEmpty() && e.getErrorCode().equals(LANCE_OPEN_ERROR.toErrorCode())) {
                throw new TrinoException(LANCE_OPEN_ERROR, e.getMessage() + hint, e);
            }
            throw e;
        }
    }

    private static String encodedNameHint(String location)
    {
        return ObjectStoreUri.isEncoded(location) ? ". Newer versions of Lance write to other keys than %s: if one wrote the table, rename it to ASCII letters".formatted(ObjectStoreUri.encode(location)) : "";
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
