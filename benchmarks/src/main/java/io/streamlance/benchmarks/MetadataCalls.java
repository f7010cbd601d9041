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
package io.streamlance.benchmarks;

import io.streamlance.trino.lance.LancePlugin;
import io.trino.spi.connector.Connector;
import io.trino.spi.connector.ConnectorMetadata;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.connector.SchemaTableName;
import io.trino.testing.TestingConnectorContext;
import io.trino.testing.TestingConnectorSession;

import java.util.Map;
import java.util.Optional;

import static com.google.common.collect.Iterables.getOnlyElement;
import static io.trino.spi.transaction.IsolationLevel.READ_UNCOMMITTED;

/// What Trino asks a catalog in a statement, without the parser, planner and scheduler around it.
final class MetadataCalls
        implements AutoCloseable
{
    private final Connector connector;
    private final ConnectorSession session;

    MetadataCalls(String catalog, Map<String, String> properties)
    {
        connector = getOnlyElement(new LancePlugin().getConnectorFactories()).create(catalog, properties, new TestingConnectorContext());
        session = TestingConnectorSession.builder()
                .setPropertyMetadata(connector.getSessionProperties())
                .build();
    }

    /// As SHOW TABLES does.
    ///
    /// @return number of tables
    long listTables(String schema)
    {
        return inTransaction(metadata -> metadata.schemaExists(session, schema) ? metadata.listTables(session, Optional.of(schema)).size() : 0);
    }

    /// As the analysis of a query does.
    ///
    /// @return number of columns
    long readTable(String schema, String table)
    {
        return inTransaction(metadata -> {
            ConnectorTableHandle handle = metadata.getTableHandle(session, new SchemaTableName(schema, table), Optional.empty(), Optional.empty());
            metadata.getTableMetadata(session, handle);
            metadata.getTableStatistics(session, handle);
            return metadata.getColumnHandles(session, handle).size();
        });
    }

    private long inTransaction(Work work)
    {
        ConnectorTransactionHandle transaction = connector.beginTransaction(READ_UNCOMMITTED, true, true);
        try {
            return work.run(connector.getMetadata(session, transaction));
        }
        finally {
            connector.commit(transaction);
        }
    }

    @Override
    public void close()
    {
        connector.shutdown();
    }

    private interface Work
    {
        long run(ConnectorMetadata metadata);
    }
}
