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
import com.google.inject.Binder;
import com.google.inject.Module;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import io.trino.Session;
import io.trino.connector.CatalogStoreManager;
import io.trino.plugin.tpch.TpchPlugin;
import io.trino.spi.catalog.CatalogStore;
import io.trino.spi.catalog.CatalogStoreFactory;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static com.google.common.io.MoreFiles.deleteRecursively;
import static com.google.common.io.RecursiveDeleteOption.ALLOW_INSECURE;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.nio.file.Files.createTempDirectory;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

/// Queries of the catalogs of a store, on a coordinator and a worker that has them from the coordinator.
final class TestLanceCatalogStoreQueries
        extends AbstractTestQueryFramework
{
    private static final Schema ID_SCHEMA = new Schema(List.of(Field.nullable("id", new ArrowType.Int(64, true))));

    private Path directory;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        directory = createTempDirectory("catalog_store");
        closeAfterClass(() -> deleteRecursively(directory, ALLOW_INSECURE));
        try (LanceTestData data = new LanceTestData(Files.createDirectory(directory.resolve("root")))) {
            data.createNamespace("Retail").createNamespace("Retail", "sales").createNamespace("hr").createNamespace("Web").createNamespace("web");
            write(data, 1, "Retail", "sales", "orders");
            write(data, 2, "hr", "people");
        }
        try (LanceTestData data = new LanceTestData(Files.createDirectory(directory.resolve("other")))) {
            data.createNamespace("prod").createNamespace("prod", "crm");
            write(data, 1, "prod", "crm", "accounts");
        }
        Files.createDirectory(directory.resolve("catalogs"));
        Files.writeString(directory.resolve("catalogs/tpch.properties"), "connector.name=tpch\n");

        return DistributedQueryRunner.builder(testSessionBuilder().build())
                .setWorkerCount(1)
                .addCoordinatorProperty("catalog.store", "test")
                .addCoordinatorProperty("node-scheduler.include-coordinator", "false")
                .setAdditionalModule(new CatalogStoreModule(ImmutableMap.<String, String>builder()
                        .put("catalog.config-dir", directory.resolve("catalogs").toString())
                        .put("lance.namespace.root", directory.resolve("root").toString())
                        .put("mount.crm.lance.namespace.root", directory.resolve("other").toString())
                        .put("mount.crm.lance.namespace.parent", "prod.crm")
                        .put("mount.late.lance.namespace.root", directory.resolve("late").toString())
                        .put("mount.mistyped.lance.namespace.rot", directory.resolve("other").toString())
                        .buildOrThrow()))
                .setAdditionalSetup(runner -> {
                    runner.installPlugin(new LancePlugin());
                    runner.installPlugin(new TpchPlugin());
                })
                .build();
    }

    @Test
    void testCatalogs()
    {
        assertQuery("SELECT catalog_name FROM system.metadata.catalogs WHERE catalog_name NOT IN ('created', 'to_come')", "VALUES 'crm', 'hr', 'late', 'mistyped', 'retail', 'system', 'tpch', 'web'");
        assertQuery("SHOW SCHEMAS FROM retail", "VALUES 'default', 'information_schema', 'sales'");
    }

    @Test
    void testJoinOverCatalogs()
    {
        assertQuery(
                """
                SELECT o.id, a.id, p.id, r.name
                FROM retail.sales.orders o
                JOIN crm."default".accounts a ON o.id = a.id
                JOIN hr."default".people p ON p.id = a.id + 1
                JOIN tpch.tiny.region r ON r.regionkey = a.id
                """,
                "VALUES (1, 1, 2, 'AMERICA')");
    }

    @Test
    void testDefaultCatalogAndSchemaOfSession()
    {
        Session session = Session.builder(getSession()).setCatalog("retail").setSchema("sales").build();
        assertQuery(session, "SELECT id FROM orders", "VALUES 1");
        assertQuery(session, "SELECT id FROM hr.\"default\".people", "VALUES 2");
    }

    @Test
    void testMountThatComesLate()
            throws IOException
    {
        assertQueryFails("SHOW SCHEMAS FROM late", ".*Catalog 'late' cannot be used: The directory .*late of lance.namespace.root does not exist.*");
        try (LanceTestData data = new LanceTestData(Files.createDirectory(directory.resolve("late")))) {
            write(data, 3, "arrivals");
        }
        // without a restart
        assertQuery("SELECT id FROM late.\"default\".arrivals", "VALUES 3");
    }

    @Test
    void testMistypedMount()
    {
        assertQueryFails("SHOW SCHEMAS FROM mistyped", ".*Catalog 'mistyped' failed to initialize and is disabled.*");
    }

    @Test
    void testNamespacesWhoseNamesDifferByCase()
    {
        assertQueryFails("SHOW SCHEMAS FROM web", ".*Catalog 'web' cannot be used: The namespace name 'web' is ambiguous, it stands for any of \\[\\[Web], \\[web]].*");
    }

    @Test
    void testCreateAndDropCatalog()
    {
        Path file = directory.resolve("catalogs/created.properties");
        assertUpdate("CREATE CATALOG created USING lance WITH (\"lance.namespace.root\" = '%s', \"lance.namespace.parent\" = 'retail')".formatted(directory.resolve("root")));
        assertThat(file).content().contains("connector.name=lance", "lance.namespace.parent=retail");
        assertQuery("SELECT id FROM created.sales.orders", "VALUES 1");
        assertQueryFails("CREATE CATALOG created USING tpch", ".*Catalog 'created' already exists");
        assertUpdate("DROP CATALOG created");
        assertThat(file).doesNotExist();
        assertQueryFails("SELECT id FROM created.sales.orders", ".*Catalog 'created' not found");
    }

    @Test
    void testCreateCatalogWhoseNamespaceComesLater()
            throws IOException
    {
        Path root = directory.resolve("to_come");
        assertUpdate("CREATE CATALOG to_come USING lance WITH (\"lance.namespace.root\" = '%s', \"lance.namespace.required\" = 'false')".formatted(root));
        assertQuery("SHOW CATALOGS LIKE 'to\\_come' ESCAPE '\\'", "VALUES 'to_come'");
        assertThat(directory.resolve("catalogs/to_come.properties")).exists();
        assertQueryFails("SELECT id FROM to_come.\"default\".t", "Catalog 'to_come' cannot be used: The directory .*to_come of lance.namespace.root does not exist.*");
        try (LanceTestData data = new LanceTestData(Files.createDirectory(root))) {
            write(data, 7, "t");
        }
        assertQuery("SELECT id FROM to_come.\"default\".t", "VALUES 7");
        assertUpdate("DROP CATALOG to_come");
    }

    @Test
    void testCatalogThatCannotBeCreatedLeavesNothing()
    {
        assertQueryFails(
                "CREATE CATALOG wrong USING lance WITH (\"lance.namespace.root\" = '%s')".formatted(directory.resolve("missing")),
                "Catalog 'wrong' cannot be used: The directory .*missing of lance.namespace.root does not exist.*");
        assertThat(directory.resolve("catalogs/wrong.properties")).doesNotExist();
        assertThat(directory.resolve("missing")).doesNotExist();
        assertQueryReturnsEmptyResult("SHOW CATALOGS LIKE 'wrong'");
    }

    @Test
    void testNamespacesCannotBeDropped()
    {
        assertQueryFails("DROP CATALOG hr", "Catalog 'hr' cannot be dropped, as it is the namespace 'hr' of the root.*");
        assertQueryFails("DROP CATALOG crm", "Catalog 'crm' cannot be dropped, as it is a mount.*");
        assertQuery("SELECT id FROM hr.\"default\".people", "VALUES 2");
    }

    private static void write(LanceTestData data, long id, String... path)
    {
        data.writeTable(List.of(path), ID_SCHEMA, List.of(batch -> {
            ((BigIntVector) batch.getVector("id")).setSafe(0, id);
            batch.setRowCount(1);
        }));
    }

    /// The store with properties of this test: a server reads them from `etc/catalog-store.properties`.
    private record CatalogStoreModule(Map<String, String> properties)
            implements Module, CatalogStoreFactory
    {
        private CatalogStoreModule
        {
            properties = ImmutableMap.copyOf(requireNonNull(properties, "properties is null"));
        }

        @Override
        public void configure(Binder binder) {}

        @Provides
        @Singleton
        CatalogStoreFactory register(Optional<CatalogStoreManager> manager)
        {
            // workers have none
            manager.ifPresent(stores -> stores.addCatalogStoreFactory(this));
            return this;
        }

        @Override
        public String getName()
        {
            return "test";
        }

        @Override
        public CatalogStore create(Map<String, String> config)
        {
            return new LanceCatalogStoreFactory().create(properties);
        }
    }
}
