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

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.airlift.log.Logger;
import io.airlift.log.Logging;
import io.trino.Session;
import io.trino.plugin.tpch.TpchPlugin;
import io.trino.testing.DistributedQueryRunner;
import io.trino.tpch.TpchTable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.util.Objects.requireNonNull;

/**
 * A cluster of three nodes with TPC-H tables as Lance datasets in {@code lance.tpch}.
 */
public final class LanceQueryRunner
{
    static final String CATALOG = "lance";
    static final String TPCH_SCHEMA = "tpch";

    private LanceQueryRunner() {}

    public static Builder builder()
    {
        return new Builder();
    }

    /// Of servers without a catalog yet, for tests that write their own namespace and mount it as the catalog `lance`.
    static DistributedQueryRunner.Builder<?> builderWithoutCatalog()
    {
        return DistributedQueryRunner.builder(testSessionBuilder()
                .setCatalog(CATALOG)
                .setSchema("default")
                .build());
    }

    /// @param name of a property of the catalog `lance`
    static Session withProperty(Session session, String name, String value)
    {
        return Session.builder(session).setCatalogSessionProperty(CATALOG, name, value).build();
    }

    public static final class Builder
            extends DistributedQueryRunner.Builder<Builder>
    {
        private final Map<String, String> connectorProperties = new HashMap<>();
        private List<TpchTable<?>> initialTables = ImmutableList.of();
        private boolean rest;

        private Builder()
        {
            super(testSessionBuilder()
                    .setCatalog(CATALOG)
                    .setSchema(TPCH_SCHEMA)
                    .build());
        }

        @CanIgnoreReturnValue
        public Builder addConnectorProperty(String key, String value)
        {
            connectorProperties.put(key, value);
            return this;
        }

        /// The catalog reads the namespace through Lance's REST server.
        @CanIgnoreReturnValue
        public Builder useRest()
        {
            rest = true;
            return this;
        }

        @CanIgnoreReturnValue
        public Builder setInitialTables(Iterable<TpchTable<?>> initialTables)
        {
            this.initialTables = ImmutableList.copyOf(requireNonNull(initialTables, "initialTables is null"));
            return this;
        }

        @Override
        public DistributedQueryRunner build()
                throws Exception
        {
            DistributedQueryRunner queryRunner = super.build();
            try {
                queryRunner.installPlugin(new TpchPlugin());
                queryRunner.createCatalog("tpch", "tpch");

                Path root = Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve("lance"));
                writeTables(root);
                queryRunner.installPlugin(new LancePlugin());
                queryRunner.createCatalog(CATALOG, "lance", ImmutableMap.<String, String>builder()
                        .putAll(rest ? startServer(queryRunner, root) : Map.of("lance.namespace.root", root.toString()))
                        .putAll(connectorProperties)
                        .buildOrThrow());
                return queryRunner;
            }
            catch (Throwable e) {
                queryRunner.close();
                throw e;
            }
        }

        private static Map<String, String> startServer(DistributedQueryRunner queryRunner, Path root)
        {
            RestNamespaceServer server = new RestNamespaceServer(root);
            queryRunner.registerResource(server);
            return Map.of("lance.namespace.type", "rest", "lance.namespace.uri", server.uri().toString());
        }

        private void writeTables(Path root)
        {
            try (LanceTestData data = new LanceTestData(root)) {
                data.createNamespace(TPCH_SCHEMA);
                initialTables.forEach(table -> TpchLanceTables.writeTable(data, TPCH_SCHEMA, table));
            }
        }
    }

    /**
     * Serves the tables on port 8080 until the process is stopped.
     */
    static void main()
            throws Exception
    {
        Logging.initialize();
        DistributedQueryRunner queryRunner = builder()
                .addCoordinatorProperty("http-server.http.port", "8080")
                .setInitialTables(TpchTable.getTables())
                .build();
        Logger.get(LanceQueryRunner.class).info("Running at %s", queryRunner.getCoordinator().getBaseUrl());
    }
}
