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

import io.streamlance.trino.lance.namespace.NamespaceMapping;

import static java.util.Objects.requireNonNull;

/// What one transaction knows of the namespace of its catalog: listings and tables that it has asked for.
record TransactionNamespace(NamespaceMapping mapping, LanceTableResolver tableResolver, TransactionTables tables)
{
    TransactionNamespace
    {
        requireNonNull(mapping, "mapping is null");
        requireNonNull(tableResolver, "tableResolver is null");
        requireNonNull(tables, "tables is null");
    }

    static TransactionNamespace begin(NamespaceMapping namespaces, LanceTableResolver tableResolver)
    {
        NamespaceMapping mapping = namespaces.withRememberedListings();
        LanceTableResolver resolver = tableResolver.withNamespaces(mapping);
        return new TransactionNamespace(mapping, resolver, new TransactionTables(resolver));
    }
}
