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
import io.streamlance.trino.lance.arrow.ArrowTypes;
import io.streamlance.trino.lance.dataset.DatasetCache;
import io.streamlance.trino.lance.dataset.DatasetLease;
import io.streamlance.trino.lance.namespace.LanceNamespaceClient;
import io.streamlance.trino.lance.namespace.NamespaceMapping;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;

import java.util.List;
import java.util.Optional;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_TABLE_NOT_WRITTEN;
import static java.util.Objects.requireNonNull;

/**
 * Finds a table in the namespace and reads the schema of its newest version.
 */
public class LanceTableResolver
{
    private final NamespaceMapping namespaces;
    private final LanceNamespaceClient client;
    private final DatasetCache datasets;
    private final ArrowTypes types;

    @Inject
    public LanceTableResolver(NamespaceMapping namespaces, LanceNamespaceClient client, DatasetCache datasets, ArrowTypes types)
    {
        this.namespaces = requireNonNull(namespaces, "namespaces is null");
        this.client = requireNonNull(client, "client is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.types = requireNonNull(types, "types is null");
    }

    public Optional<LanceTable> resolve(SchemaTableName name)
    {
        return namespaces.findTable(name)
                .flatMap(path -> client.findTableLocation(path)
                        .map(location -> readTable(name, path, location)));
    }

    private LanceTable readTable(SchemaTableName name, List<String> path, String location)
    {
        try (DatasetLease lease = openLatest(name, path, location)) {
            return LanceSchemaReader.readTable(types, name, lease);
        }
    }

    private DatasetLease openLatest(SchemaTableName name, List<String> path, String location)
    {
        try {
            return datasets.openLatest(name, location);
        }
        catch (TrinoException e) {
            if (client.isOnlyDeclared(path)) {
                throw new TrinoException(LANCE_TABLE_NOT_WRITTEN, "Table %s is declared in the Lance namespace but has no data yet. Write to it with Lance first".formatted(name), e);
            }
            throw e;
        }
    }
}
