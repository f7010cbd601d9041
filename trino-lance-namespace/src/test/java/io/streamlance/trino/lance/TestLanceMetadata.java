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

import io.trino.spi.connector.Connector;
import io.trino.spi.connector.ConnectorMetadata;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.connector.SchemaTableName;
import io.trino.testing.TestingConnectorContext;
import io.trino.testing.TestingConnectorSession;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static io.trino.spi.transaction.IsolationLevel.READ_UNCOMMITTED;
import static io.trino.testing.TestingConnectorSession.SESSION;
import static org.assertj.core.api.Assertions.assertThat;

final class TestLanceMetadata
{
    private static final SchemaTableName TABLE = new SchemaTableName("default", "t");

    @TempDir
    private Path root;

    @Test
    void testVersionIsPinnedForTheTransaction()
    {
        try (LanceTestData data = new LanceTestData(root)) {
            data.writeTable(List.of("t"), new Schema(List.of(Field.nullable("id", new ArrowType.Int(64, true)))), List.of(batch -> {
                ((BigIntVector) batch.getVector("id")).setSafe(0, 1);
                batch.setRowCount(1);
            }));
            Connector connector = new LanceConnectorFactory().create(
                    "test", Map.of("lance.namespace.root", root.toString(), "bootstrap.quiet", "true"), new TestingConnectorContext());
            ConnectorTransactionHandle transaction = connector.beginTransaction(READ_UNCOMMITTED, true, true);
            ConnectorMetadata metadata = connector.getMetadata(SESSION, transaction);
            LanceTableHandle before = getTable(metadata);
            assertThat(before.version().version()).isEqualTo(1);

            data.changeTable(List.of("t"), dataset -> dataset.delete("id = 1"));

            assertThat(getTable(metadata)).isEqualTo(before);
            assertThat(metadata.getTableStatistics(session(connector), before).getRowCount().getValue()).isEqualTo(1);
            connector.commit(transaction);

            ConnectorMetadata laterMetadata = connector.getMetadata(SESSION, connector.beginTransaction(READ_UNCOMMITTED, true, true));
            LanceTableHandle after = getTable(laterMetadata);
            assertThat(after.version().version()).isEqualTo(2);
            assertThat(laterMetadata.getTableStatistics(session(connector), after).getRowCount().getValue()).isEqualTo(0);
            connector.shutdown();
        }
    }

    @Test
    void testLimitIsKeptIfItIsSmaller()
    {
        try (LanceTestData data = new LanceTestData(root)) {
            data.writeTable(List.of("t"), new Schema(List.of(Field.nullable("id", new ArrowType.Int(64, true)))), List.of());
        }
        Connector connector = new LanceConnectorFactory().create(
                "test", Map.of("lance.namespace.root", root.toString(), "bootstrap.quiet", "true"), new TestingConnectorContext());
        ConnectorMetadata metadata = connector.getMetadata(SESSION, connector.beginTransaction(READ_UNCOMMITTED, true, true));
        LanceTableHandle table = getTable(metadata);

        LanceTableHandle limited = (LanceTableHandle) metadata.applyLimit(SESSION, table, 10).orElseThrow().getHandle();
        assertThat(limited.limit()).hasValue(10);
        assertThat(metadata.applyLimit(SESSION, limited, 10)).isEmpty();
        assertThat(metadata.applyLimit(SESSION, limited, 20)).isEmpty();
        assertThat(metadata.applyLimit(SESSION, limited, 5).map(result -> ((LanceTableHandle) result.getHandle()).limit().orElseThrow())).hasValue(5L);
        connector.shutdown();
    }

    private static ConnectorSession session(Connector connector)
    {
        return TestingConnectorSession.builder()
                .setPropertyMetadata(connector.getSessionProperties())
                .build();
    }

    private static LanceTableHandle getTable(ConnectorMetadata metadata)
    {
        return (LanceTableHandle) metadata.getTableHandle(SESSION, TABLE, Optional.empty(), Optional.empty());
    }
}
