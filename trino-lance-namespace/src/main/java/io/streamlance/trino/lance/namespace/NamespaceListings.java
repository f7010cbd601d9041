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
import io.trino.spi.TrinoException;

import java.util.List;
import java.util.function.Function;

import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
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
        return new NamespaceListings(path -> listNamespaces(client, path), client::listTables);
    }

    /// The same, which asks for each listing once and then remembers it.
    NamespaceListings remembered()
    {
        return new NamespaceListings(new OncePerKey<>(namespaces)::get, new OncePerKey<>(tables)::get);
    }

    private static List<String> listNamespaces(LanceNamespaceClient client, List<String> path)
    {
        try {
            return client.listNamespaces(path);
        }
        catch (TrinoException e) {
            // a namespace that cannot have children; of the root, it would rather be a server of something else
            if (!path.isEmpty() && e.getErrorCode().equals(NOT_SUPPORTED.toErrorCode())) {
                return ImmutableList.of();
            }
            throw e;
        }
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
