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

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import static java.util.Objects.requireNonNull;

/// Names of the namespaces and of the tables directly in a namespace, in the case in which they are stored.
final class NamespaceListings
{
    private final Function<List<String>, List<String>> namespaces;
    private final Function<List<String>, List<String>> tables;

    private NamespaceListings(Function<List<String>, List<String>> namespaces, Function<List<String>, List<String>> tables)
    {
        this.namespaces = requireNonNull(namespaces, "namespaces is null");
        this.tables = requireNonNull(tables, "tables is null");
    }

    static NamespaceListings of(LanceNamespaceClient client)
    {
        return new NamespaceListings(client::listNamespaces, client::listTables);
    }

    /// The same, which asks for each listing once and then remembers it.
    NamespaceListings remembered()
    {
        Map<List<String>, List<String>> knownNamespaces = new ConcurrentHashMap<>();
        Map<List<String>, List<String>> knownTables = new ConcurrentHashMap<>();
        return new NamespaceListings(
                path -> knownNamespaces.computeIfAbsent(path, namespaces),
                path -> knownTables.computeIfAbsent(path, tables));
    }

    List<String> namespaces(List<String> path)
    {
        return namespaces.apply(path);
    }

    List<String> tables(List<String> path)
    {
        return tables.apply(path);
    }
}
