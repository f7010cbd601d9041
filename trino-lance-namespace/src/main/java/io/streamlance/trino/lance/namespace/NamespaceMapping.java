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

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static com.google.common.collect.Iterables.getOnlyElement;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_AMBIGUOUS_NAME;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_INVALID_MOUNT;
import static java.util.Locale.ENGLISH;
import static java.util.Objects.requireNonNull;

/**
 * Maps the namespaces below a catalog's mount to Trino schemas, and back.
 * <ul>
 * <li>a child of the mount is a schema; deeper levels are schemas named with dots ({@code sales.emea})
 * <li>tables directly in the mount are in the schema {@code default}, which always exists
 * <li>names match without regard to case; more than one match is an error that lists the candidates
 * </ul>
 */
public final class NamespaceMapping
{
    public static final String DEFAULT_SCHEMA = "default";

    private final LanceNamespaceClient client;
    private final List<String> mount;

    private NamespaceMapping(LanceNamespaceClient client, List<String> mount)
    {
        this.client = requireNonNull(client, "client is null");
        this.mount = ImmutableList.copyOf(mount);
    }

    /**
     * Mounts the root, or the namespace below it with the given dotted path, which must exist.
     */
    public static NamespaceMapping mount(LanceNamespaceClient client, Optional<String> parent)
    {
        if (parent.isEmpty()) {
            return new NamespaceMapping(client, List.of());
        }
        List<List<String>> matches = findDescendants(client, List.of(), parent.orElseThrow().toLowerCase(ENGLISH));
        if (matches.isEmpty()) {
            throw new TrinoException(LANCE_INVALID_MOUNT, "The namespace '%s' of lance.namespace.parent does not exist. Namespaces at the root: %s".formatted(parent.orElseThrow(), client.listNamespaces(List.of())));
        }
        return new NamespaceMapping(client, getUnambiguous("namespace", parent.orElseThrow(), matches));
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

    /**
     * Tables of all schemas; of names that differ only by case, one.
     */
    public Set<SchemaTableName> listTables()
    {
        ImmutableSet.Builder<SchemaTableName> tables = ImmutableSet.builder();
        listNamespaces().forEach((namespace, schema) -> tables.addAll(listTables(namespace, schema)));
        return tables.build();
    }

    /**
     * Tables of a schema as Trino names them; empty when there is no such schema.
     */
    public Set<SchemaTableName> listTables(String schema)
    {
        return findNamespace(schema)
                .map(namespace -> listTables(namespace, schema))
                .orElse(ImmutableSet.of());
    }

    /**
     * Path of a table from the root, in the case in which it is stored.
     */
    public Optional<List<String>> findTable(SchemaTableName name)
    {
        return findNamespace(name.getSchemaName()).flatMap(namespace -> {
            List<List<String>> matches = client.listTables(namespace).stream()
                    .filter(table -> table.toLowerCase(ENGLISH).equals(name.getTableName()))
                    .map(table -> append(namespace, table))
                    .collect(toImmutableList());
            return matches.isEmpty() ? Optional.empty() : Optional.of(getUnambiguous("table", name.toString(), matches));
        });
    }

    private Optional<List<String>> findNamespace(String schema)
    {
        List<List<String>> matches = findDescendants(client, mount, schema);
        if (!schema.equals(DEFAULT_SCHEMA)) {
            return matches.isEmpty() ? Optional.empty() : Optional.of(getUnambiguous("schema", schema, matches));
        }
        // a child that is itself called "default" takes the place of a mount without tables
        if (matches.isEmpty()) {
            return Optional.of(mount);
        }
        if (client.listTables(mount).isEmpty()) {
            return Optional.of(getUnambiguous("schema", schema, matches));
        }
        return Optional.of(getUnambiguous("schema", schema, ImmutableList.<List<String>>builder().add(mount).addAll(matches).build()));
    }

    private Set<SchemaTableName> listTables(List<String> namespace, String schema)
    {
        return client.listTables(namespace).stream()
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
        for (String child : client.listNamespaces(namespace)) {
            List<String> path = append(namespace, child);
            schemas.put(path, String.join(".", path.subList(mount.size(), path.size())).toLowerCase(ENGLISH));
            addDescendants(path, schemas);
        }
    }

    // visits only the branches whose names are a prefix of the wanted one; a name may itself contain dots
    private static List<List<String>> findDescendants(LanceNamespaceClient client, List<String> namespace, String dottedName)
    {
        ImmutableList.Builder<List<String>> matches = ImmutableList.builder();
        for (String child : client.listNamespaces(namespace)) {
            String name = child.toLowerCase(ENGLISH);
            if (name.equals(dottedName)) {
                matches.add(append(namespace, child));
            }
            else if (dottedName.startsWith(name + ".")) {
                matches.addAll(findDescendants(client, append(namespace, child), dottedName.substring(name.length() + 1)));
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
