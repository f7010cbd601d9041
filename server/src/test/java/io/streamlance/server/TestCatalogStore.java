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
package io.streamlance.server;

import io.streamlance.server.Program.Result;
import io.streamlance.server.demo.CatalogStoreData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.TestInstance.Lifecycle.PER_CLASS;

/// A cluster whose catalogs come from the store `lance-namespace`, with `etc/catalog-store.properties`.
@TestInstance(PER_CLASS)
final class TestCatalogStore
{
    private static final int TIMEOUT_SECONDS = 200;

    @TempDir
    private static Path directory;

    private Connection connection;

    @BeforeAll
    void startCluster()
            throws Exception
    {
        Path server = Program.ROOT.resolve("server/target");
        // the plugin's own jars are the client library; what Trino gives to every plugin is in lib
        String classPath = Stream.of("test-classes", "classes", "server/plugin/lance/*", "server/lib/*")
                .map(entry -> server.resolve(entry).toString())
                .collect(joining(":"));
        Result data = Program.run(
                TIMEOUT_SECONDS,
                Map.of(),
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx512M",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.io.tmpdir=" + directory,
                "-cp",
                classPath,
                CatalogStoreData.class.getName(),
                lake().toString(),
                crm().toString());
        assertThat(data.exitCode()).as(data.output()).isZero();

        Path catalogs = Files.createDirectory(directory.resolve("catalogs"));
        Files.writeString(catalogs.resolve("tpch.properties"), "connector.name=tpch\n");
        Files.writeString(catalogs.resolve("nats.properties"), "connector.name=nats\nnats.servers=nats://127.0.0.1:1\n");
        start();
    }

    @AfterAll
    void stop()
            throws Exception
    {
        if (connection != null) {
            connection.close();
        }
        Program.run(TIMEOUT_SECONDS, Map.of(), "bin/cluster", "stop", "--run-dir", runDir().toString());
    }

    private void start()
            throws Exception
    {
        Map<String, String> environment = Map.of(
                "CATALOG_STORE", "lance-namespace",
                "CATALOG_DIR", directory.resolve("catalogs").toString(),
                "LANCE_ROOT", lake().toString(),
                "CRM_ROOT", crm().toString());
        Result result = Program.run(TIMEOUT_SECONDS, environment, "bin/cluster", "start", "--workers", "1", "--run-dir", runDir().toString());
        assertThat(result.exitCode()).as(result.output()).isZero();
        connection = connect("");
    }

    private void restart()
            throws Exception
    {
        stop();
        start();
    }

    @Test
    void testCatalogs()
            throws Exception
    {
        assertThat(query("SHOW CATALOGS")).contains("crm", "hr", "nats", "retail", "system", "tpch", "web");
        assertThat(query("SHOW SCHEMAS FROM web")).containsExactly("default", "information_schema", "sales");
        assertThat(query("SELECT name FROM hr.\"default\".people")).containsExactly("Ada");
    }

    @Test
    void testJoinOverCatalogs()
            throws Exception
    {
        assertThat(query(
                """
                SELECT format('%s %s %s', n.name, r.name, count(*))
                FROM retail.sales.orders o
                JOIN crm.dim.customers c ON o.customer_id = c.customer_id
                JOIN web.sales.visits v ON v.customer_id = c.customer_id
                JOIN tpch.tiny.nation n ON n.name = c.nation
                JOIN tpch.tiny.region r ON r.regionkey = n.regionkey
                GROUP BY n.name, r.name
                ORDER BY n.name
                """)).containsExactly("FRANCE EUROPE 2", "JAPAN ASIA 1");
    }

    @Test
    void testDefaultCatalogAndSchemaOfSession()
            throws Exception
    {
        try (Connection session = connect("/retail/sales")) {
            assertThat(query(session, "SELECT count(*) FROM orders")).containsExactly("3");
            assertThat(query(session, "SELECT count(*) FROM crm.dim.customers")).containsExactly("2");
        }
    }

    @Test
    void testCreatedCatalogIsThereAfterRestart()
            throws Exception
    {
        execute("CREATE CATALOG lake USING lance WITH (\"lance.namespace.root\" = '${ENV:LANCE_ROOT}')");
        assertThat(query("SELECT count(*) FROM lake.\"retail.sales\".orders")).containsExactly("3");
        assertThat(directory.resolve("catalogs/lake.properties")).content().contains("ENV", "LANCE_ROOT").doesNotContain(lake().toString());

        restart();
        assertThat(query("SELECT count(*) FROM lake.\"retail.sales\".orders")).containsExactly("3");
        execute("DROP CATALOG lake");
        assertThat(query("SHOW CATALOGS")).doesNotContain("lake");
        assertThatThrownBy(() -> execute("DROP CATALOG retail")).hasMessageContaining("Catalog 'retail' cannot be dropped, as it is the namespace 'retail' of the root in etc/catalog-store.properties");

        restart();
        assertThat(query("SHOW CATALOGS")).doesNotContain("lake").contains("retail", "crm");
        assertThat(query("SELECT count(*) FROM retail.sales.orders")).containsExactly("3");
    }

    @Test
    void testMountThatIsAwayDoesNotStopTheOthers()
            throws Exception
    {
        Path elsewhere = directory.resolve("elsewhere");
        Files.move(crm(), elsewhere);
        try {
            restart();
            assertThat(query("SELECT count(*) FROM retail.sales.orders")).containsExactly("3");
            assertThat(query("SHOW CATALOGS")).contains("crm");
            assertThatThrownBy(() -> query("SELECT * FROM crm.dim.customers"))
                    .hasMessageContaining("Catalog 'crm' cannot be used: The directory %s of lance.namespace.root does not exist".formatted(crm()));
            assertThat(runDir().resolve("coordinator/server.log")).content().contains("Catalog 'crm' cannot be used");
        }
        finally {
            Files.move(elsewhere, crm());
        }
        assertThat(query("SELECT count(*) FROM crm.dim.customers")).containsExactly("2");
    }

    private static Path lake()
    {
        return directory.resolve("lake");
    }

    private static Path crm()
    {
        return directory.resolve("crm");
    }

    private static Path runDir()
    {
        return directory.resolve("run");
    }

    private static Connection connect(String catalogAndSchema)
            throws IOException, SQLException
    {
        String port = Files.readString(runDir().resolve("port")).strip();
        return DriverManager.getConnection("jdbc:trino://127.0.0.1:" + port + catalogAndSchema, "test", null);
    }

    private void execute(String sql)
            throws SQLException
    {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> query(String sql)
            throws SQLException
    {
        return query(connection, sql);
    }

    /// The first column.
    private static List<String> query(Connection connection, String sql)
            throws SQLException
    {
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (results.next()) {
                values.add(results.getString(1));
            }
            return values;
        }
    }
}
