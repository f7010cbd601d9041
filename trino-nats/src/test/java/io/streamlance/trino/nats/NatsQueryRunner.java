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
package io.streamlance.trino.nats;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.airlift.log.Logger;
import io.airlift.log.Logging;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.api.PublishAck;
import io.trino.plugin.tpch.TpchPlugin;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.MaterializedResult;
import io.trino.testing.MaterializedRow;
import io.trino.testing.QueryRunner;
import io.trino.tpch.TpchTable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import static io.airlift.testing.Closeables.closeAllSuppress;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Locale.ENGLISH;

/// A Trino server with a catalog `nats`, and TPC-H tables published as JSON messages.
public final class NatsQueryRunner
{
    private static final Logger log = Logger.get(NatsQueryRunner.class);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int ACK_WINDOW = 4000;

    public static final String TPCH_SCHEMA = "tpch";

    private NatsQueryRunner() {}

    public static Builder builder(TestingNatsServer server)
    {
        return new Builder(server);
    }

    public static final class Builder
            extends DistributedQueryRunner.Builder<Builder>
    {
        private final TestingNatsServer server;
        private final Map<String, String> connectorProperties = new HashMap<>();
        private List<TpchTable<?>> tables = ImmutableList.of();

        private Builder(TestingNatsServer server)
        {
            super(testSessionBuilder().setCatalog("nats").setSchema(TPCH_SCHEMA).build());
            this.server = server;
        }

        @CanIgnoreReturnValue
        public Builder addConnectorProperty(String name, String value)
        {
            connectorProperties.put(name, value);
            return this;
        }

        @CanIgnoreReturnValue
        public Builder setTables(Iterable<TpchTable<?>> tables)
        {
            this.tables = ImmutableList.copyOf(tables);
            return this;
        }

        @Override
        public DistributedQueryRunner build()
                throws Exception
        {
            DistributedQueryRunner runner = super.build();
            try {
                runner.installPlugin(new TpchPlugin());
                runner.createCatalog("tpch", "tpch");
                if (!tables.isEmpty()) {
                    Path descriptions = server.createDirectory("tables");
                    try (Connection connection = server.connect()) {
                        for (TpchTable<?> table : tables) {
                            publish(runner, connection, table, descriptions);
                        }
                    }
                    connectorProperties.putIfAbsent("nats.table-description-dir", descriptions.toString());
                }
                connectorProperties.putIfAbsent("nats.servers", server.url());
                runner.installPlugin(new NatsPlugin());
                runner.createCatalog("nats", "nats", connectorProperties);
                return runner;
            }
            catch (Throwable e) {
                closeAllSuppress(e, runner);
                throw e;
            }
        }
    }

    /// One stream and one table description per TPC-H table; the rows are JSON objects.
    private static void publish(QueryRunner runner, Connection connection, TpchTable<?> table, Path descriptions)
            throws Exception
    {
        String name = table.getTableName();
        connection.jetStreamManagement().addStream(TestingNatsServer.stream(name.toUpperCase(ENGLISH), "tpch." + name).build());
        MaterializedResult rows = runner.execute("SELECT * FROM tpch.tiny." + name);
        List<String> columns = rows.getColumnNames();

        JetStream jetStream = connection.jetStream();
        List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
        for (MaterializedRow row : rows.getMaterializedRows()) {
            ObjectNode message = MAPPER.createObjectNode();
            for (int i = 0; i < columns.size(); i++) {
                Object value = row.getField(i);
                switch (value) {
                    case Long number -> message.put(columns.get(i), number);
                    case Integer number -> message.put(columns.get(i), number);
                    case Double number -> message.put(columns.get(i), number);
                    default -> message.put(columns.get(i), value.toString());
                }
            }
            acks.add(jetStream.publishAsync("tpch." + name, MAPPER.writeValueAsBytes(message)));
            if (acks.size() >= ACK_WINDOW) {
                acks.forEach(CompletableFuture::join);
                acks.clear();
            }
        }
        acks.forEach(CompletableFuture::join);

        ObjectNode description = MAPPER.createObjectNode()
                .put("schemaName", TPCH_SCHEMA)
                .put("tableName", name)
                .put("subject", "tpch." + name);
        ObjectNode payload = description.putObject("message").put("dataFormat", "json");
        for (int i = 0; i < columns.size(); i++) {
            payload.withArray("fields").addObject()
                    .put("name", columns.get(i))
                    .put("type", rows.getTypes().get(i).getDisplayName());
        }
        Files.write(descriptions.resolve(name + ".json"), MAPPER.writeValueAsString(description).getBytes(UTF_8));
        log.info("Published %s rows of %s", rows.getRowCount(), name);
    }

    /// Starts a server for trying things by hand.
    public static void main(String[] args)
            throws Exception
    {
        Logging.initialize();
        TestingNatsServer server = new TestingNatsServer();
        DistributedQueryRunner runner = builder(server)
                .setTables(TpchTable.getTables())
                .addCoordinatorProperty("http-server.http.port", "8080")
                .build();
        log.info("Trino is at %s, NATS at %s", runner.getCoordinator().getBaseUrl(), server.url());
    }
}
