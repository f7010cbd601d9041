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

import io.airlift.log.Logger;
import io.streamlance.trino.lance.namespace.NamespaceTable;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.connector.TableNotFoundException;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_NAMESPACE_ERROR;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_TABLE_REPLACED;
import static java.util.Objects.requireNonNull;

/// What the namespace vended with the tables of one transaction. Before it expires, the namespace is asked again, so that
/// a query of many stages, or a long transaction, outlives its first credentials.
final class TableCredentials
{
    private static final Logger log = Logger.get(TableCredentials.class);

    private final Function<SchemaTableName, Optional<NamespaceTable>> namespace;
    private final Map<SchemaTableName, NamespaceTable> described = new ConcurrentHashMap<>();

    /// @param namespace describes a table anew
    TableCredentials(Function<SchemaTableName, Optional<NamespaceTable>> namespace)
    {
        this.namespace = requireNonNull(namespace, "namespace is null");
    }

    /// The table with credentials that do not expire soon.
    ///
    /// @param table as it was first described in the transaction
    NamespaceTable refresh(SchemaTableName name, NamespaceTable table)
    {
        NamespaceTable known = described.getOrDefault(name, table);
        if (known.vended().isDueForRefresh(known.describedAt(), Instant.now())) {
            known = renew(name, known);
            described.put(name, known);
        }
        return known;
    }

    private NamespaceTable renew(SchemaTableName name, NamespaceTable known)
    {
        try {
            return describe(name, known);
        }
        catch (TrinoException e) {
            // due some time before they expire, for the case that the namespace does not answer at once
            if (!e.getErrorCode().equals(LANCE_NAMESPACE_ERROR.toErrorCode()) || known.vended().isExpired(Instant.now())) {
                throw e;
            }
            log.warn(e, "The credentials of table %s were not renewed; the old ones are used until they expire", name);
            return known;
        }
    }

    private NamespaceTable describe(SchemaTableName name, NamespaceTable table)
    {
        NamespaceTable current = namespace.apply(name).orElseThrow(() -> new TableNotFoundException(name));
        // its new credentials are not for the place from where the query reads
        if (!current.location().equals(table.location())) {
            throw new TrinoException(LANCE_TABLE_REPLACED, "Table %s has moved from %s to %s since the query began. Run the query again".formatted(name, table.location(), current.location()));
        }
        return current;
    }
}
