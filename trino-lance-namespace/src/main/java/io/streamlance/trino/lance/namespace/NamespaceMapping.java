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
package io.streamlance.trino.lance.namespace;

import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Multimaps;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static com.google.common.collect.Multimaps.forMap;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_INVALID_MOUNT;
import static io.streamlance.trino.lance.namespace.MountedSchemas.DEFAULT_SCHEMA;
import static io.streamlance.trino.lance.namespace.NamespacePaths.append;
import static io.streamlance.trino.lance.namespace.NamespacePaths.findDescendants;
import static io.streamlance.trino.lance.namespace.NamespacePaths.requireUnambiguous;
import static java.util.Locale.ENGLISH;
import static java.util.Objects.requireNonNull;

/**
 * Maps the namespaces below a catalog's mount to Trino schemas, and back.
 * <ul>
 * <li>a child of the mount is a schema; deeper levels are schemas named with dots ({@code sales.emea})
 * <li>tables directly in the mount are in the schema {@code default}, which always exists
 * <li>names match without regard to case. A name that the namespace knows in exactly this spelling, dots being
 * levels, is used without a look at the others; of other names more than one match is an error that lists the candidates
 * </ul>
 */
public final class NamespaceMapping
{
    private final LanceNamespaceClient client;
    private final List<String> mount;
    private final NamespaceListings listings;
    private final MountedSchemas schemas;
    private final ListedTables listedTables = new ListedTables();

    private NamespaceMapping(LanceNamespaceClient client, List<String> mount, NamespaceListings listings)
    {
        this.client = requireNonNull(client, "client is null");
        this.mount = ImmutableList.copyOf(mount);
        this.listings = requireNonNull(listings, "listings is null");
        this.schemas = new MountedSchemas(listings, mount);
    }

    /**
     * Mounts the root, or the namespace below it with the given dotted path, which must exist.
     */
    public static NamespaceMapping mount(LanceNamespaceClient client, Optional<String> parent)
    {
        NamespaceListings listings = NamespaceListings.of(client);
        if (parent.isEmpty()) {
            return new NamespaceMapping(client, List.of(), listings);
        }
        List<List<String>> matches = findDescendants(listings, List.of(), parent.orElseThrow().toLowerCase(ENGLISH));
        if (matches.isEmpty()) {
            throw new TrinoException(LANCE_INVALID_MOUNT, "The namespace '%s' of lance.namespace.parent does not exist. Namespaces at the root: %s".formatted(parent.orElseThrow(), listings.namespaces(List.of())));
        }
        return new NamespaceMapping(client, requireUnambiguous("namespace", parent.orElseThrow(), matches), listings);
    }

    /**
     * The same mapping for one transaction: it asks for each listing once and then remembers it, with the spelling of
     * the tables in it.
     */
    public NamespaceMapping withRememberedListings()
    {
        return new NamespaceMapping(client, mount, listings.remembered());
    }

    /**
     * Names of the namespaces directly in the mount, in the case in which they are stored.
     */
    public List<String> listChildren()
    {
        return listings.namespaces(mount);
    }

    public Set<String> listSchemas()
    {
        return ImmutableSortedSet.copyOf(schemas.all().values());
    }

    public boolean schemaExists(String schema)
    {
        return schema.equals(DEFAULT_SCHEMA) || schemas.findForListing(schema).isPresent();
    }

    /**
     * Tables of all schemas, the same of each that a listing of this schema alone shows; of names of tables that differ
     * only by case, one. A namespace whose own tables cannot be listed shows those of its children.
     */
    public Set<SchemaTableName> listTables()
    {
        ImmutableSet.Builder<SchemaTableName> tables = ImmutableSet.builder();
        Multimaps.invertFrom(forMap(schemas.all()), ArrayListMultimap.<String, List<String>>create()).asMap().forEach((schema, namespaces) ->
                schemas.chooseForListing(schema, namespaces).ifPresent(namespace ->
                        toTableNames(namespace, schemas.tablesIfPermitted(namespace), schema).forEach(tables::add)));
        return tables.build();
    }

    /**
     * Tables of a schema as Trino names them; empty when there is no such schema.
     */
    public Set<SchemaTableName> listTables(String schema)
    {
        return schemas.findForListing(schema)
                .map(namespace -> toTableNames(namespace, schemas.tables(namespace), schema).collect(toImmutableSet()))
                .orElse(ImmutableSet.of());
    }

    /**
     * A table's path from the root in the case in which it is stored, and where its dataset is. A table whose name is
     * stored in lower case, or was listed before, costs one request; others are looked for in the listings.
     */
    public Optional<NamespaceTable> findTable(SchemaTableName name)
    {
        return listedTables.find(name).flatMap(client::findTable)
                .or(() -> findLiteralPath(name).flatMap(this::describeUnlessRefused))
                .or(() -> findListedPath(name).flatMap(client::findTable));
    }

    private Optional<List<String>> findLiteralPath(SchemaTableName name)
    {
        if (!NamespaceNames.isPlain(name.getTableName())) {
            return Optional.empty();
        }
        return schemas.literalPath(name.getSchemaName()).map(namespace -> append(namespace, name.getTableName()));
    }

    private Optional<List<String>> findListedPath(SchemaTableName name)
    {
        return schemas.find(name.getSchemaName()).flatMap(namespace -> {
            List<List<String>> matches = schemas.tables(namespace).stream()
                    .filter(table -> table.toLowerCase(ENGLISH).equals(name.getTableName()))
                    .map(table -> append(namespace, table))
                    .collect(toImmutableList());
            return matches.isEmpty() ? Optional.empty() : Optional.of(requireUnambiguous("table", name.toString(), matches));
        });
    }

    private Optional<NamespaceTable> describeUnlessRefused(List<String> path)
    {
        try {
            return client.findTable(path);
        }
        catch (TrinoException e) {
            // a namespace that has no tables at its root may refuse to look for one
            if (schemas.isRefusalOfMount(path, e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Stream<SchemaTableName> toTableNames(List<String> namespace, List<String> tables, String schema)
    {
        return tables.stream()
                .map(table -> {
                    SchemaTableName name = new SchemaTableName(schema, table.toLowerCase(ENGLISH));
                    listedTables.add(name, append(namespace, table));
                    return name;
                });
    }
}
