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

import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.lance.Dataset;
import org.lance.Ref;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;

import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.nio.charset.StandardCharsets.UTF_8;

/// A directory namespace whose table of tables, or whose datasets, point to places outside of its root.
final class TestLanceLocations
        extends AbstractTestQueryFramework
{
    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = DistributedQueryRunner.builder(testSessionBuilder().setCatalog("lake").setSchema("sales").build()).build();
        queryRunner.installPlugin(new LancePlugin());
        Path directory = queryRunner.getCoordinator().getBaseDataDir();
        Path outside = Files.createDirectories(directory.resolve("private"));
        try (LanceTestData data = new LanceTestData(outside)) {
            RestCatalogs.write(data, 1, "salaries");
        }
        Path root = Files.createDirectories(directory.resolve("lake"));
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("sales");
            RestCatalogs.write(data, 2, "sales", "orders");
        }
        try (LanceTestData data = new LanceTestData(outside)) {
            data.changeTable(List.of("salaries"), dataset -> dataset.shallowClone(root + "/stolen.lance", Ref.ofMain()).close());
        }
        try (LanceTestData data = new LanceTestData(root)) {
            data.changeTable(List.of("sales", "orders"), dataset -> dataset.shallowClone(root + "/copied.lance", Ref.ofMain()).close());
        }
        addToManifest(root, Map.of(
                "sales$relative", "../private/salaries.lance",
                "sales$absolute", "file://" + outside + "/salaries.lance"));
        queryRunner.createCatalog("lake", "lance", Map.of("lance.namespace.root", root.toString()));
        queryRunner.createCatalog("private", "lance", Map.of("lance.namespace.root", outside.toString()));
        return queryRunner;
    }

    @Test
    void testInside()
    {
        assertQuery("SELECT id FROM orders", "VALUES 2");
        assertQuery("SELECT id FROM private.\"default\".salaries", "VALUES 1");
    }

    @Test
    void testOutside()
    {
        assertQuery("SHOW TABLES", "VALUES 'absolute', 'orders', 'relative'");
        // Lance 7.0.0 itself looks for them inside of the root, where there is nothing
        assertQueryFails("SELECT id FROM relative", "Table sales.relative is in the Lance namespace, but its directory .* does not exist.*");
        assertQueryFails("SELECT id FROM absolute", "Table sales.absolute is in the Lance namespace, but its directory .* does not exist.*");
        assertQuery("SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'sales'", "VALUES 'orders'");
    }

    @Test
    void testClones()
    {
        assertQuery("SELECT id FROM \"default\".copied", "VALUES 2");
        assertQueryFails("SELECT id FROM \"default\".stolen", "Table default.stolen is not read, as a part of its files is outside of the root .*/lake: \\[.*/private/salaries.lance].*");
    }

    private static void addToManifest(Path root, Map<String, String> tables)
    {
        String manifest = root.resolve("__manifest").toString();
        try (BufferAllocator allocator = new RootAllocator()) {
            Schema schema;
            try (Dataset dataset = Dataset.open().allocator(allocator).uri(manifest).build()) {
                schema = dataset.getSchema();
            }
            LanceTestData.append(allocator, manifest, schema, List.of(batch -> {
                int row = 0;
                for (Entry<String, String> table : tables.entrySet()) {
                    set(batch, "object_id", row, table.getKey());
                    set(batch, "object_type", row, "table");
                    set(batch, "location", row, table.getValue());
                    row++;
                }
                batch.setRowCount(row);
            }));
        }
    }

    private static void set(VectorSchemaRoot batch, String column, int row, String value)
    {
        ((VarCharVector) batch.getVector(column)).setSafe(row, value.getBytes(UTF_8));
    }
}
