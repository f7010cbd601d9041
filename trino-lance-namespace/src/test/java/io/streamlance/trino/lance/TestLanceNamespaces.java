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
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static com.google.common.collect.MoreCollectors.onlyElement;
import static com.google.common.io.MoreFiles.deleteRecursively;
import static com.google.common.io.RecursiveDeleteOption.ALLOW_INSECURE;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_OPEN_ERROR;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * How namespaces and names of all kinds appear in Trino. Every table has one row that tells which table it is.
 */
final class TestLanceNamespaces
        extends AbstractTestQueryFramework
{
    private static final Schema ID_SCHEMA = new Schema(List.of(Field.nullable("id", new ArrowType.Int(64, true))));

    private DistributedQueryRunner queryRunner;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        queryRunner = DistributedQueryRunner.builder(testSessionBuilder().build())
                .setWorkerCount(0)
                .build();
        queryRunner.installPlugin(new LancePlugin());
        return queryRunner;
    }

    @Test
    void testRootMount()
    {
        Path root = newRoot("root_mount");
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("sales").createNamespace("sales", "EMEA").createNamespace("empty");
            write(data, 1, "at_root");
            write(data, 2, "sales", "orders");
            write(data, 3, "sales", "EMEA", "Orders");
        }
        createCatalog("root_mount", root, Map.of());

        assertQuery("SHOW SCHEMAS FROM root_mount", "VALUES 'default', 'empty', 'information_schema', 'sales', 'sales.emea'");
        assertQuery(
                "SELECT table_schema, table_name FROM root_mount.information_schema.tables WHERE table_schema <> 'information_schema'",
                "VALUES ('default', 'at_root'), ('sales', 'orders'), ('sales.emea', 'orders')");
        assertQuery("SELECT id FROM root_mount.\"default\".at_root", "VALUES 1");
        assertQuery("SELECT id FROM root_mount.sales.orders", "VALUES 2");
        assertQuery("SELECT id FROM root_mount.\"sales.emea\".ORDERS", "VALUES 3");
        assertQueryReturnsEmptyResult("SHOW TABLES FROM root_mount.empty");
        assertQueryFails("SELECT * FROM root_mount.sales.nothing", ".*Table 'root_mount.sales.nothing' does not exist");
        assertQueryFails("SELECT * FROM root_mount.nothing.orders", ".*Schema 'nothing' does not exist");
    }

    @Test
    void testParentMount()
    {
        Path root = newRoot("parent_mount");
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("Crm").createNamespace("Crm", "emea").createNamespace("Crm", "emea", "dim");
            write(data, 1, "outside");
            write(data, 2, "Crm", "accounts");
            write(data, 3, "Crm", "emea", "dim", "people");
        }
        createCatalog("parent", root, Map.of("lance.namespace.parent", "crm"));
        assertQuery("SHOW SCHEMAS FROM parent", "VALUES 'default', 'emea', 'emea.dim', 'information_schema'");
        assertQuery("SHOW TABLES FROM parent.\"default\"", "VALUES 'accounts'");
        assertQuery("SELECT id FROM parent.\"emea.dim\".people", "VALUES 3");

        createCatalog("deep_parent", root, Map.of("lance.namespace.parent", "crm.emea"));
        assertQuery("SELECT id FROM deep_parent.dim.people", "VALUES 3");
        assertQueryReturnsEmptyResult("SHOW TABLES FROM deep_parent.\"default\"");
    }

    @Test
    void testUnusualNames()
    {
        Path root = newRoot("unusual");
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("a.b");
            write(data, 1, "a.b", "with.dot");
            write(data, 2, "a.b", "With Space");
            write(data, 3, "a.b", "ünïcode");
            // the separator of the namespace's own keys: such a table exists, but Lance does not list it
            write(data, 4, "a.b", "dollar$sign");
        }
        createCatalog("unusual", root, Map.of());
        assertQuery("SHOW TABLES FROM unusual.\"a.b\"", "VALUES 'with.dot', 'with space', 'ünïcode'");
        assertQuery("SELECT id FROM unusual.\"a.b\".\"with.dot\"", "VALUES 1");
        assertQuery("SELECT id FROM unusual.\"a.b\".\"with space\"", "VALUES 2");
        assertQuery("SELECT id FROM unusual.\"a.b\".\"ünïcode\"", "VALUES 3");
        // nor must a name with the separator reach a table of another schema
        assertQueryFails("SELECT id FROM unusual.\"default\".\"a.b$with.dot\"", ".*does not exist");
        assertQueryFails("SELECT id FROM unusual.\"a.b\".\"dollar$sign\"", ".*does not exist");
    }

    @Test
    void testAmbiguousNames()
    {
        Path root = newRoot("ambiguous");
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("Sales").createNamespace("sales").createNamespace("x").createNamespace("x", "y").createNamespace("x.y").createNamespace("fine");
            write(data, 1, "Sales", "t");
            write(data, 2, "fine", "Same");
            write(data, 3, "fine", "SAME");
            write(data, 4, "fine", "other");
        }
        createCatalog("ambiguous", root, Map.of());
        assertQueryFails("SELECT * FROM ambiguous.sales.t", "The schema name 'sales' is ambiguous, it stands for any of \\[\\[Sales], \\[sales]].*");
        assertQueryFails("SHOW TABLES FROM ambiguous.\"x.y\"", ".*The schema name 'x.y' is ambiguous, it stands for any of \\[\\[x, y], \\[x.y]].*");
        assertQueryFails("SELECT * FROM ambiguous.fine.same", "The table name 'fine.same' is ambiguous, it stands for any of \\[\\[fine, SAME], \\[fine, Same]].*");
        // the other tables stay usable, and are listed
        assertQuery("SELECT id FROM ambiguous.fine.other", "VALUES 4");
        assertThat(query("SELECT table_name FROM ambiguous.information_schema.columns WHERE table_schema = 'fine'")).matches("VALUES VARCHAR 'other'");
        assertQuery(
                "SELECT table_schema, table_name FROM ambiguous.information_schema.tables WHERE table_schema <> 'information_schema'",
                "VALUES ('fine', 'same'), ('fine', 'other')");
    }

    @Test
    void testListingsShowTheSameOfSchemasThatDifferByCase()
    {
        Path root = newRoot("dup");
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("Dup").createNamespace("dup").createNamespace("default");
            write(data, 1, "Dup", "upper");
            write(data, 2, "dup", "lower");
            write(data, 3, "default", "in_child");
            write(data, 4, "direct");
        }
        createCatalog("dup", root, Map.of());
        // the one in exactly this spelling, as of the mount for "default"
        assertQuery("SHOW TABLES FROM dup.dup", "VALUES 'lower'");
        assertQuery("SHOW TABLES FROM dup.\"default\"", "VALUES 'direct'");
        assertQuery("SELECT table_name FROM dup.information_schema.tables WHERE table_schema = 'dup'", "VALUES 'lower'");
        assertQuery("SELECT table_name FROM dup.information_schema.tables WHERE table_schema = 'default'", "VALUES 'direct'");
        String all = "SELECT table_schema, table_name FROM dup.information_schema.%s WHERE table_schema <> 'information_schema'";
        assertQuery(all.formatted("tables"), "VALUES ('dup', 'lower'), ('default', 'direct')");
        assertQuery(all.formatted("columns"), "VALUES ('dup', 'lower'), ('default', 'direct')");
        assertQuery("SELECT * FROM dup.dup.lower", "VALUES 2");
        assertQuery("SELECT * FROM dup.\"default\".direct", "VALUES 4");
        // the others are named by the error
        assertQueryFails("SELECT * FROM dup.dup.upper", "The schema name 'dup' is ambiguous, it stands for any of \\[\\[Dup], \\[dup]].*");
        assertQueryFails("SELECT * FROM dup.\"default\".in_child", "The schema name 'default' is ambiguous, it stands for any of \\[\\[], \\[default]].*");
    }

    @Test
    void testChildNamedDefault()
    {
        Path root = newRoot("default_child");
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("default");
            write(data, 1, "default", "in_child");
        }
        createCatalog("default_child", root, Map.of());
        assertQuery("SELECT id FROM default_child.\"default\".in_child", "VALUES 1");

        try (LanceTestData data = new LanceTestData(root)) {
            write(data, 2, "at_root");
        }
        // directly in the mount, as its name says; what is not there could be in the child
        assertQuery("SELECT id FROM default_child.\"default\".at_root", "VALUES 2");
        assertQueryFails("SELECT id FROM default_child.\"default\".in_child", "The schema name 'default' is ambiguous, it stands for any of \\[\\[], \\[default]].*");
    }

    @Test
    void testDeclaredTable()
    {
        Path root = newRoot("declared");
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("s");
            data.declareTable("s", "promised");
            write(data, 1, "s", "written");
        }
        createCatalog("declared", root, Map.of());
        assertQuery("SHOW TABLES FROM declared.s", "VALUES 'promised', 'written'");
        assertQueryFails("SELECT * FROM declared.s.promised", "Table s.promised is declared in the Lance namespace but has no data at .*: either it was not written yet.*");
        assertQuery("SELECT table_name FROM declared.information_schema.columns WHERE table_schema = 's'", "VALUES 'written'");
    }

    @Test
    void testRemovedDataset()
            throws IOException
    {
        Path root = newRoot("removed");
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("s");
            data.declareTable("s", "promised");
            write(data, 1, "s", "gone");
        }
        createCatalog("removed", root, Map.of());
        assertQuery("SELECT id FROM removed.s.gone", "VALUES 1");
        try (Stream<Path> datasets = Files.list(root)) {
            delete(datasets.filter(directory -> directory.toString().endsWith("s$gone")).collect(onlyElement()));
        }
        assertThat(query("SELECT id FROM removed.s.gone")).failure()
                .hasErrorCode(LANCE_OPEN_ERROR)
                .hasMessageMatching("Table s.gone is in the Lance namespace, but its directory .*s\\$gone does not exist: it was removed.*");
    }

    @Test
    void testDroppedAndCreatedAgain()
    {
        Path root = newRoot("recreated");
        try (LanceTestData data = new LanceTestData(root)) {
            write(data, 1, "t");
            createCatalog("recreated", root, Map.of());
            assertQuery("SELECT id FROM recreated.\"default\".t", "VALUES 1");
            delete(root.resolve("t.lance"));
            assertQueryFails("SELECT id FROM recreated.\"default\".t", ".*(does not exist|Cannot open the newest version of table default.t).*");
        }
        // a new dataset with the same version number at the same location
        delete(root);
        newRoot("recreated");
        try (LanceTestData data = new LanceTestData(root)) {
            write(data, 2, "t");
        }
        assertQuery("SELECT id FROM recreated.\"default\".t", "VALUES 2");
    }

    @Test
    void testLostNamespaceIsNoMissingTable()
    {
        Path root = newRoot("lost");
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("s");
            write(data, 1, "s", "t");
        }
        createCatalog("lost", root, Map.of());
        assertQuery("SELECT id FROM lost.s.t", "VALUES 1");
        delete(root.resolve("__manifest"));
        assertQueryFails("SELECT id FROM lost.s.t", "Cannot describe the table \\[s, t] in the Lance namespace .*");
        assertQueryFails("SHOW SCHEMAS FROM lost", ".*Cannot list the namespaces of \\[] in the Lance namespace .*");
    }

    @Test
    void testDamagedFiles()
            throws IOException
    {
        Path root = newRoot("damaged");
        try (LanceTestData data = new LanceTestData(root)) {
            write(data, 1, "lost_data");
            write(data, 2, "broken_manifest");
            write(data, 3, "fine");
        }
        createCatalog("damaged", root, Map.of());
        delete(root.resolve("lost_data.lance/data"));
        try (Stream<Path> manifests = Files.list(root.resolve("broken_manifest.lance/_versions"))) {
            for (Path manifest : manifests.toList()) {
                Files.write(manifest, new byte[10]);
            }
        }
        assertQueryFails("SELECT id FROM damaged.\"default\".lost_data", "Cannot read table default.lost_data version 1 at .*not found.*");
        assertQueryFails("SELECT id FROM damaged.\"default\".broken_manifest", "Cannot open the newest version of table default.broken_manifest at .*");
        // opens none of them
        assertQuery("SHOW TABLES FROM damaged.\"default\"", "VALUES 'broken_manifest', 'fine', 'lost_data'");
        assertThat(query("SELECT DISTINCT table_name FROM damaged.information_schema.columns WHERE table_schema = 'default'"))
                .matches("VALUES VARCHAR 'fine', 'lost_data'");
    }

    private Path newRoot(String name)
    {
        try {
            return Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve(name));
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void createCatalog(String name, Path root, Map<String, String> properties)
    {
        queryRunner.createCatalog(name, "lance", ImmutableMap.<String, String>builder()
                .put("lance.namespace.root", root.toString())
                .putAll(properties)
                .buildOrThrow());
    }

    private static void write(LanceTestData data, long id, String... path)
    {
        data.writeTable(List.of(path), ID_SCHEMA, List.of(batch -> {
            ((BigIntVector) batch.getVector("id")).setSafe(0, id);
            batch.setRowCount(1);
        }));
    }

    private static void delete(Path path)
    {
        try {
            deleteRecursively(path, ALLOW_INSECURE);
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
