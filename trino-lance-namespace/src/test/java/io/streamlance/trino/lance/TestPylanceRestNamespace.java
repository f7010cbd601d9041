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

import com.google.common.collect.ImmutableMap;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.lang.ProcessBuilder.Redirect.INHERIT;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

/// A namespace that pylance wrote and that a process of pylance serves. Needs a Python with pylance.
@EnabledIfEnvironmentVariable(named = "PYLANCE_PYTHON", matches = ".+")
final class TestPylanceRestNamespace
        extends AbstractTestQueryFramework
{
    private DistributedQueryRunner queryRunner;
    private PylanceServer server;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        queryRunner = DistributedQueryRunner.builder(testSessionBuilder().build()).build();
        Path root = TestResources.copyDirectory("crm-retail", queryRunner.getCoordinator().getBaseDataDir().resolve("crm-retail"));
        queryRunner.installPlugin(new LancePlugin());
        server = closeAfterClass(new PylanceServer(root));
        for (String catalog : new String[] {"retail", "crm"}) {
            createCatalog(catalog, Map.of("lance.namespace.parent", catalog));
        }
        return queryRunner;
    }

    @Test
    void testJoinOfTwoCatalogs()
    {
        assertThat(query(
                """
                SELECT c.customer_id, c.name, dim.segment
                FROM retail.sales.customers c
                JOIN crm.dim.customers_dim dim ON c.customer_id = dim.customer_id
                """))
                .matches("VALUES (BIGINT '1', VARCHAR 'Ada', VARCHAR 'consumer'), (3, 'Edsger', NULL), (5, 'Barbara', 'enterprise')");
    }

    @Test
    void testSchemasAndTables()
    {
        assertQuery("SHOW SCHEMAS FROM crm", "VALUES 'default', 'dim', 'dim.emea', 'information_schema'");
        assertQuery("SHOW TABLES FROM crm.\"default\"", "VALUES 'owners'");
        assertThat(query("SELECT * FROM crm.\"dim.emea\".countries")).matches("VALUES (VARCHAR 'NO', BIGINT '5600000'), ('IT', NULL)");
        assertQueryFails("SELECT * FROM crm.dim.nothing", ".*Table 'crm.dim.nothing' does not exist");
    }

    @Test
    void testKilledServer()
            throws Exception
    {
        Path root = TestResources.copyDirectory("crm-retail", queryRunner.getCoordinator().getBaseDataDir().resolve("killed"));
        try (PylanceServer killed = new PylanceServer(root)) {
            queryRunner.createCatalog("killed", "lance", Map.of(
                    "lance.namespace.type", "rest",
                    "lance.namespace.uri", killed.uri(),
                    "lance.namespace.request-timeout", "2s"));
            assertQuery("SELECT count(*) FROM killed.\"retail.sales\".customers", "VALUES 5");
            killed.kill();
            assertQueryFails("SELECT * FROM killed.\"retail.sales\".customers", "Cannot describe the table \\[retail, sales, customers] .*does not answer.*");
        }
    }

    private void createCatalog(String name, Map<String, String> properties)
    {
        queryRunner.createCatalog(name, "lance", ImmutableMap.<String, String>builder()
                .put("lance.namespace.type", "rest")
                .put("lance.namespace.uri", server.uri())
                .putAll(properties)
                .buildOrThrow());
    }

    private static final class PylanceServer
            implements AutoCloseable
    {
        private final Process process;
        private final String port;

        private PylanceServer(Path root)
                throws IOException
        {
            process = new ProcessBuilder(System.getenv("PYLANCE_PYTHON"), "src/test/python/serve_rest.py", root.toString())
                    .redirectError(INHERIT)
                    .start();
            BufferedReader output = process.inputReader();
            port = output.readLine();
            assertThat(port).as("port of the server").isNotNull();
        }

        private String uri()
        {
            return "http://127.0.0.1:" + port;
        }

        private void kill()
                throws InterruptedException
        {
            process.destroyForcibly();
            assertThat(process.waitFor(20, SECONDS)).isTrue();
        }

        @Override
        public void close()
                throws InterruptedException
        {
            kill();
        }
    }
}
