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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.TestInstance.Lifecycle.PER_CLASS;

/// A cluster whose catalogs come from the store `lance-namespace`, with `etc/catalog-store.properties`.
@TestInstance(PER_CLASS)
final class TestCatalogStore
{
    private static final int TIMEOUT_SECONDS = 200;
    private static final String[] CUSTOMERS = {"10 Ada public", "20 Grace corporate"};

    @TempDir
    private static Path directory;

    private Connection connection;

    @BeforeAll
    void startCluster()
            throws Exception
    {
        Result data = Program.run(TIMEOUT_SECONDS, Map.of(), LancePrograms.command(directory, CatalogStoreData.class, lake(), crm()));
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
        assertThat(query("SHOW SCHEMAS FROM crm")).containsExactly("default", "dim", "information_schema");
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
    void testDocumentedJoins()
            throws Exception
    {
        assertThat(query(DocumentedQueries.find("JOIN tpch.tiny.nation n"))).containsExactlyInAnyOrder("FRANCE", "JAPAN");
        assertThat(query(rowsOf(DocumentedQueries.find("JOIN crm.dim.customers_dim")))).containsExactlyInAnyOrder(CUSTOMERS);
    }

    @Test
    void testDocumentedJoinOverDirectoriesAndRestServers()
            throws Exception
    {
        String join = DocumentedQueries.find("JOIN crm.dim.customers_dim");
        try (RestServers servers = new RestServers(directory, lake(), crm())) {
            createCatalog("retail_dir", "dir", "root", lake(), "retail");
            createCatalog("crm_dir", "dir", "root", crm(), "crm");
            createCatalog("retail_rest", "rest", "uri", servers.uri(0), "retail");
            createCatalog("crm_rest", "rest", "uri", servers.uri(1), "crm");
            assertThat(query("SHOW TABLES FROM retail_rest.sales")).containsExactly("customers", "orders");
            // each kind by itself, and each with the others
            for (String retail : List.of("retail", "retail_dir", "retail_rest")) {
                for (String crm : List.of("crm", "crm_dir", "crm_rest")) {
                    String sql = join.replace("retail.sales.", retail + ".sales.").replace("crm.dim.", crm + ".dim.");
                    assertThat(query(rowsOf(sql))).as(sql).containsExactlyInAnyOrder(CUSTOMERS);
                }
            }
        }
        assertThatThrownBy(() -> query("SELECT * FROM crm_rest.dim.customers")).hasMessageContaining("Cannot describe the table [crm, dim, customers] in the Lance namespace http://127.0.0.1:").hasMessageContaining("does not answer");
        for (String catalog : List.of("retail_dir", "crm_dir", "retail_rest", "crm_rest")) {
            execute("DROP CATALOG " + catalog);
        }
        assertThat(query("SELECT count(*) FROM retail.sales.orders")).containsExactly("3");
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

    private void createCatalog(String name, String type, String property, Object value, String parent)
            throws SQLException
    {
        execute(
                """
                CREATE CATALOG %s USING lance WITH (
                    "lance.namespace.type" = '%s',
                    "lance.namespace.%s" = '%s',
                    "lance.namespace.parent" = '%s')
                """.formatted(name, type, property, value, parent));
    }

    /// A query whose one column has all of this one's.
    private static String rowsOf(String sql)
    {
        return "SELECT format('%%s %%s %%s', customer_id, name, segment) FROM (%s)".formatted(sql);
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
