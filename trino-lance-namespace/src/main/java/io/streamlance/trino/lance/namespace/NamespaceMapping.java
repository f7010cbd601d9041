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

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import io.trino.spi.ErrorCode;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static com.google.common.collect.Iterables.getOnlyElement;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_AMBIGUOUS_NAME;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_INVALID_MOUNT;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
import static io.trino.spi.StandardErrorCode.PERMISSION_DENIED;
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
    public static final String DEFAULT_SCHEMA = "default";

    // answers of a namespace that keeps tables only below its root
    private static final Set<ErrorCode> NOT_OFFERED = ImmutableSet.of(NOT_SUPPORTED.toErrorCode());
    // the same, or it keeps them to itself, which must not hide the rest of a catalog
    private static final Set<ErrorCode> LISTING_REFUSED = ImmutableSet.of(NOT_SUPPORTED.toErrorCode(), PERMISSION_DENIED.toErrorCode());

    private final LanceNamespaceClient client;
    private final List<String> mount;
    private final Function<List<String>, List<String>> namespaceLister;
    private final Function<List<String>, List<String>> tableLister;

    private NamespaceMapping(
            LanceNamespaceClient client,
            List<String> mount,
            Function<List<String>, List<String>> namespaceLister,
            Function<List<String>, List<String>> tableLister)
    {
        this.client = requireNonNull(client, "client is null");
        this.mount = ImmutableList.copyOf(mount);
        this.namespaceLister = requireNonNull(namespaceLister, "namespaceLister is null");
        this.tableLister = requireNonNull(tableLister, "tableLister is null");
    }

    /**
     * Mounts the root, or the namespace below it with the given dotted path, which must exist.
     */
    public static NamespaceMapping mount(LanceNamespaceClient client, Optional<String> parent)
    {
        if (parent.isEmpty()) {
            return mount(client, List.of());
        }
        List<List<String>> matches = findDescendants(client::listNamespaces, List.of(), parent.orElseThrow().toLowerCase(ENGLISH));
        if (matches.isEmpty()) {
            throw new TrinoException(LANCE_INVALID_MOUNT, "The namespace '%s' of lance.namespace.parent does not exist. Namespaces at the root: %s".formatted(parent.orElseThrow(), client.listNamespaces(List.of())));
        }
        return mount(client, getUnambiguous("namespace", parent.orElseThrow(), matches));
    }

    private static NamespaceMapping mount(LanceNamespaceClient client, List<String> mount)
    {
        return new NamespaceMapping(client, mount, client::listNamespaces, client::listTables);
    }

    /**
     * The same mapping, which asks for each listing once and then remembers it.
     */
    public NamespaceMapping withRememberedListings()
    {
        Map<List<String>, List<String>> namespaces = new ConcurrentHashMap<>();
        Map<List<String>, List<String>> tables = new ConcurrentHashMap<>();
        return new NamespaceMapping(
                client,
                mount,
                path -> namespaces.computeIfAbsent(path, client::listNamespaces),
                path -> tables.computeIfAbsent(path, client::listTables));
    }

    /**
     * Names of the namespaces directly in the mount, in the case in which they are stored.
     */
    public List<String> listChildren()
    {
        return client.listNamespaces(mount);
    }

    public Set<String> listSchemas()
    {
        return ImmutableSortedSet.copyOf(listNamespaces().values());
    }

    public boolean schemaExists(String schema)
    {
        // listing the tables of a schema asks the same next
        return schema.equals(DEFAULT_SCHEMA) || literalNamespace(schema).isPresent() || findNamespace(schema).isPresent();
    }

    /**
     * Tables of all schemas; of names that differ only by case, one. A mount whose own tables cannot be listed
     * shows those of its children.
     */
    public Set<SchemaTableName> listTables()
    {
        ImmutableSet.Builder<SchemaTableName> tables = ImmutableSet.builder();
        listNamespaces().forEach((namespace, schema) -> tables.addAll(
                namespace.equals(mount) ? toTableNames(listMountTables(LISTING_REFUSED), schema) : listTables(namespace, schema)));
        return tables.build();
    }

    /**
     * Tables of a schema as Trino names them; empty when there is no such schema.
     */
    public Set<SchemaTableName> listTables(String schema)
    {
        Optional<List<String>> namespace = schema.equals(DEFAULT_SCHEMA) ? Optional.empty() : literalNamespace(schema);
        if (namespace.isEmpty()) {
            namespace = findNamespace(schema);
        }
        if (namespace.equals(Optional.of(mount))) {
            return toTableNames(listMountTables(NOT_OFFERED), schema);
        }
        return namespace.map(path -> listTables(path, schema))
                .orElse(ImmutableSet.of());
    }

    /**
     * A table's path from the root in the case in which it is stored, and where its dataset is. A table whose name is
     * stored in lower case costs one request; others are looked for in the listings.
     */
    public Optional<NamespaceTable> findTable(SchemaTableName name)
    {
        Optional<NamespaceTable> table = literalPath(name).flatMap(this::describe);
        if (table.isPresent()) {
            return table;
        }
        return findListedPath(name).flatMap(this::describe);
    }

    private Optional<List<String>> findListedPath(SchemaTableName name)
    {
        return findNamespace(name.getSchemaName()).flatMap(namespace -> {
            List<String> tables = namespace.equals(mount) ? listMountTables(NOT_OFFERED) : tableLister.apply(namespace);
            List<List<String>> matches = tables.stream()
                    .filter(table -> table.toLowerCase(ENGLISH).equals(name.getTableName()))
                    .map(table -> append(namespace, table))
                    .collect(toImmutableList());
            return matches.isEmpty() ? Optional.empty() : Optional.of(getUnambiguous("table", name.toString(), matches));
        });
    }

    private Optional<NamespaceTable> describe(List<String> path)
    {
        try {
            return client.findTable(path);
        }
        catch (TrinoException e) {
            // a namespace that has no tables at its root may refuse to look for one
            if (path.size() == mount.size() + 1 && NOT_OFFERED.contains(e.getErrorCode())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Optional<List<String>> literalPath(SchemaTableName name)
    {
        if (!NamespaceNames.isPlain(name.getTableName())) {
            return Optional.empty();
        }
        return literalSchemaPath(name.getSchemaName()).map(namespace -> append(namespace, name.getTableName()));
    }

    // the namespace with the name of the schema, if it has tables; a missing one has none
    private Optional<List<String>> literalNamespace(String schema)
    {
        return literalSchemaPath(schema).filter(namespace -> !tableLister.apply(namespace).isEmpty());
    }

    private Optional<List<String>> literalSchemaPath(String schema)
    {
        if (schema.equals(DEFAULT_SCHEMA)) {
            return Optional.of(mount);
        }
        List<String> levels = Splitter.on('.').splitToList(schema);
        if (!levels.stream().allMatch(NamespaceNames::isPlain)) {
            return Optional.empty();
        }
        return Optional.of(ImmutableList.<String>builder().addAll(mount).addAll(levels).build());
    }

    private Optional<List<String>> findNamespace(String schema)
    {
        List<List<String>> matches = findDescendants(namespaceLister, mount, schema);
        if (!schema.equals(DEFAULT_SCHEMA)) {
            return matches.isEmpty() ? Optional.empty() : Optional.of(getUnambiguous("schema", schema, matches));
        }
        // a child that is itself called "default" takes the place of a mount without tables
        if (matches.isEmpty()) {
            return Optional.of(mount);
        }
        if (listMountTables(NOT_OFFERED).isEmpty()) {
            return Optional.of(getUnambiguous("schema", schema, matches));
        }
        return Optional.of(getUnambiguous("schema", schema, ImmutableList.<List<String>>builder().add(mount).addAll(matches).build()));
    }

    private Set<SchemaTableName> listTables(List<String> namespace, String schema)
    {
        return toTableNames(tableLister.apply(namespace), schema);
    }

    private List<String> listMountTables(Set<ErrorCode> tolerated)
    {
        try {
            return tableLister.apply(mount);
        }
        catch (TrinoException e) {
            if (tolerated.contains(e.getErrorCode())) {
                return ImmutableList.of();
            }
            throw e;
        }
    }

    private static Set<SchemaTableName> toTableNames(List<String> tables, String schema)
    {
        return tables.stream()
                .map(table -> new SchemaTableName(schema, table.toLowerCase(ENGLISH)))
                .collect(toImmutableSet());
    }

    private Map<List<String>, String> listNamespaces()
    {
        ImmutableMap.Builder<List<String>, String> schemas = ImmutableMap.builder();
        schemas.put(mount, DEFAULT_SCHEMA);
        addDescendants(mount, schemas);
        return schemas.buildOrThrow();
    }

    private void addDescendants(List<String> namespace, ImmutableMap.Builder<List<String>, String> schemas)
    {
        for (String child : namespaceLister.apply(namespace)) {
            List<String> path = append(namespace, child);
            schemas.put(path, String.join(".", path.subList(mount.size(), path.size())).toLowerCase(ENGLISH));
            addDescendants(path, schemas);
        }
    }

    // visits only the branches whose names are a prefix of the wanted one; a name may itself contain dots
    private static List<List<String>> findDescendants(Function<List<String>, List<String>> namespaceLister, List<String> namespace, String dottedName)
    {
        ImmutableList.Builder<List<String>> matches = ImmutableList.builder();
        for (String child : namespaceLister.apply(namespace)) {
            String name = child.toLowerCase(ENGLISH);
            if (name.equals(dottedName)) {
                matches.add(append(namespace, child));
            }
            else if (dottedName.startsWith(name + ".")) {
                matches.addAll(findDescendants(namespaceLister, append(namespace, child), dottedName.substring(name.length() + 1)));
            }
        }
        return matches.build();
    }

    private static List<String> getUnambiguous(String kind, String name, List<List<String>> matches)
    {
        if (matches.size() > 1) {
            throw new TrinoException(LANCE_AMBIGUOUS_NAME, "The %s name '%s' is ambiguous, it stands for any of %s. Rename all but one of them in the Lance namespace".formatted(kind, name, matches));
        }
        return getOnlyElement(matches);
    }

    private static List<String> append(List<String> path, String name)
    {
        return ImmutableList.<String>builder().addAll(path).add(name).build();
    }
}
