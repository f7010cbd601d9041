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

import com.google.common.collect.ImmutableList;
import io.streamlance.trino.lance.LancePlugin;
import io.trino.testing.StandaloneQueryRunner;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.lance.Dataset;
import org.lance.namespace.DirectoryNamespace;
import org.lance.namespace.model.CreateNamespaceRequest;
import org.lance.namespace.model.CreateTableRequest;
import org.lance.namespace.model.DescribeTableRequest;
import org.lance.namespace.model.ListTablesRequest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.util.Locale.ENGLISH;

/// What SQL costs above the namespace calls that it needs, in a root of many namespaces and tables. `SELECT 1` is what any
/// statement costs.
public final class NamespaceBenchmark
{
    private static final int NAMESPACES = 100;

    private NamespaceBenchmark() {}

    public static void main(String[] args)
            throws Exception
    {
        Measurement.exitOnFailure();
        if (args.length != 2) {
            System.err.println("usage: NamespaceBenchmark <empty folder> <tables>");
            System.exit(2);
        }
        int tables = Integer.parseInt(args[1]);
        try (BufferAllocator allocator = new RootAllocator();
                DirectoryNamespace namespace = new DirectoryNamespace();
                StandaloneQueryRunner trino = new StandaloneQueryRunner(testSessionBuilder().setCatalog("lance").setSchema("n7").build())) {
            // opens java.nio for Arrow, too
            trino.installPlugin(new LancePlugin());
            trino.createCatalog("lance", "lance", Map.of("lance.namespace.root", args[0]));
            namespace.initialize(Map.of("root", args[0]), allocator);
            write(namespace, allocator, tables);
            measure(namespace, allocator, trino, tables);
        }
        System.exit(0);
    }

    private static void write(DirectoryNamespace namespace, BufferAllocator allocator, int tables)
            throws IOException
    {
        byte[] rows = rows(allocator);
        for (int i = 0; i < NAMESPACES; i++) {
            namespace.createNamespace(new CreateNamespaceRequest().id(ImmutableList.of("n" + i)));
        }
        for (int i = 0; i < tables; i++) {
            namespace.createTable(new CreateTableRequest().id(ImmutableList.of("n" + i % NAMESPACES, "t" + i / NAMESPACES)), rows);
        }
    }

    private static byte[] rows(BufferAllocator allocator)
            throws IOException
    {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (BigIntVector ids = new BigIntVector("id", allocator)) {
            ids.allocateNew(3);
            for (int i = 0; i < 3; i++) {
                ids.set(i, i);
            }
            ids.setValueCount(3);
            try (VectorSchemaRoot root = new VectorSchemaRoot(ImmutableList.of(ids)); ArrowStreamWriter writer = new ArrowStreamWriter(root, null, bytes)) {
                writer.writeBatch();
            }
        }
        return bytes.toByteArray();
    }

    private static void measure(DirectoryNamespace namespace, BufferAllocator allocator, StandaloneQueryRunner trino, int tables)
            throws Exception
    {
        Measurement.OUT.printf("%,d tables in %s namespaces%n", tables, NAMESPACES);
        double statement = Measurement.medianMillis(() -> trino.execute("SELECT 1").getRowCount());
        double rawList = Measurement.medianMillis(() -> namespace.listTables(new ListTablesRequest().id(List.of("n7"))).getTables().size());
        double showTables = Measurement.medianMillis(() -> trino.execute("SHOW TABLES").getRowCount());
        double rawOpen = Measurement.medianMillis(() -> {
            String location = namespace.describeTable(new DescribeTableRequest().id(List.of("n7", "t3"))).getLocation();
            try (Dataset dataset = Dataset.open().allocator(allocator).uri(location).build()) {
                return dataset.countRows();
            }
        });
        double plan = Measurement.medianMillis(() -> trino.execute("EXPLAIN SELECT * FROM t3").getRowCount());
        double query = Measurement.medianMillis(() -> trino.execute("SELECT * FROM t3").getRowCount());
        print("SELECT 1", statement, "");
        print("raw: list the tables of a namespace", rawList, "");
        print("SHOW TABLES", showTables, "%.2f times (SELECT 1 + raw)".formatted(showTables / (statement + rawList)));
        print("raw: describe a table and open its dataset", rawOpen, "");
        print("EXPLAIN SELECT * FROM t3", plan, "%.1f ms above SELECT 1 + raw".formatted(plan - statement - rawOpen));
        print("SELECT * FROM t3", query, "%.1f ms above SELECT 1 + raw".formatted(query - statement - rawOpen));
    }

    private static void print(String name, double millis, String comparison)
    {
        Measurement.OUT.printf(ENGLISH, "%-48s %9.1f ms  %s%n", name, millis, comparison);
    }
}
