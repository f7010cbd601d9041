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

import io.streamlance.trino.lance.dataset.DatasetVersion;
import io.streamlance.trino.lance.namespace.NamespaceTable;
import io.streamlance.trino.lance.namespace.OncePerKey;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.connector.TableNotFoundException;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import static java.util.Objects.requireNonNull;

/// The tables that a transaction has used. The namespace describes each of them once, and what a version stands for (the
/// newest one, a tag, a branch, a time) is decided on the first use.
final class TransactionTables
{
    private final LanceTableResolver resolver;
    private final TableCredentials credentials;
    private final OncePerKey<SchemaTableName, Optional<NamespaceTable>> origins;
    private final OncePerKey<Selection, Optional<LanceTable>> selections = new OncePerKey<>(this::read);
    private final Map<Pinned, LanceTable> tables = new ConcurrentHashMap<>();

    TransactionTables(LanceTableResolver resolver)
    {
        this.resolver = requireNonNull(resolver, "resolver is null");
        this.credentials = new TableCredentials(resolver::describe);
        this.origins = new OncePerKey<>(resolver::describe);
    }

    /// @return empty if the namespace has no such table
    Optional<LanceTable> find(SchemaTableName name, TableVersion version)
    {
        return selections.get(new Selection(name, version));
    }

    private Optional<LanceTable> read(Selection selection)
    {
        SchemaTableName name = selection.name();
        Optional<LanceTable> table = origins.get(name)
                .map(origin -> resolver.read(name, credentials.refresh(name, origin), selection.version()));
        table.ifPresent(found -> tables.putIfAbsent(new Pinned(name, found.version()), found));
        return table;
    }

    LanceTable get(LanceTableHandle handle)
    {
        LanceTable table = tables.get(new Pinned(handle.name(), handle.version()));
        if (table == null) {
            throw new TableNotFoundException(handle.name());
        }
        return table;
    }

    /// What the namespace vended for a table, with some time left before it expires.
    VendedOptions vendedOptions(SchemaTableName name)
    {
        NamespaceTable origin = origins.get(name).orElseThrow(() -> new TableNotFoundException(name));
        return credentials.refresh(name, origin).vended();
    }

    private record Selection(SchemaTableName name, TableVersion version)
    {
        // in a message for users
        @Override
        public String toString()
        {
            return "table " + name;
        }
    }

    private record Pinned(SchemaTableName name, DatasetVersion version) {}
}
