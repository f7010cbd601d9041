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

import io.streamlance.trino.lance.LancePlugin;
import io.trino.testing.StandaloneQueryRunner;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.lance.Dataset;
import org.lance.namespace.DirectoryNamespace;
import org.lance.namespace.LanceNamespace;
import org.lance.namespace.RestAdapter;
import org.lance.namespace.RestNamespace;
import org.lance.namespace.model.DescribeTableRequest;
import org.lance.namespace.model.ListTablesRequest;

import java.util.Map;
import java.util.stream.IntStream;

import static io.streamlance.benchmarks.Measurement.OUT;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.util.Locale.ENGLISH;
import static java.util.Objects.requireNonNull;

/// What SQL costs above the calls of Lance Namespace that it needs, in a root of many namespaces and tables: in a
/// directory, and the same directory behind Lance's REST server. Statements on Trino's own tables tell what any statement costs.
public final class NamespaceBenchmark
{
    private static final int NAMESPACES = 100;
    // any of them: neither the first nor the last
    private static final int NAMESPACE = 7;
    private static final int TABLE = 3;

    private final BufferAllocator allocator;
    private final StandaloneQueryRunner trino;
    private final int tablesPerNamespace;

    private NamespaceBenchmark(BufferAllocator allocator, StandaloneQueryRunner trino, int tablesPerNamespace)
    {
        this.allocator = requireNonNull(allocator, "allocator is null");
        this.trino = requireNonNull(trino, "trino is null");
        this.tablesPerNamespace = tablesPerNamespace;
    }

    public static void main(String[] args)
            throws Exception
    {
        Measurement.exitOnFailure();
        int tables = args.length == 2 ? Integer.parseInt(args[1]) : 0;
        if (tables <= NAMESPACES * TABLE) {
            System.err.printf("usage: NamespaceBenchmark <empty folder> <more than %s tables>%n", NAMESPACES * TABLE);
            System.exit(2);
        }
        String root = args[0];
        try (StandaloneQueryRunner trino = new StandaloneQueryRunner(testSessionBuilder().build())) {
            // opens java.nio for Arrow, too
            trino.installPlugin(new LancePlugin());
            Map<String, String> dirProperties = Map.of("lance.namespace.root", root);
            trino.createCatalog("dir", "lance", dirProperties);
            try (BufferAllocator allocator = new RootAllocator();
                    DirectoryNamespace directory = new DirectoryNamespace();
                    RestAdapter server = new RestAdapter("dir", Map.of("root", root), "127.0.0.1", 0);
                    RestNamespace rest = new RestNamespace()) {
                directory.initialize(Map.of("root", root), allocator);
                OUT.printf(ENGLISH, "Writing %,d tables, which takes minutes for 10,000 ...%n", tables);
                long start = System.nanoTime();
                new NamespaceTree(NAMESPACES, tables).write(directory, allocator);
                OUT.printf(ENGLISH, "%,d tables in %s namespaces, written in %.1f s%n", tables, NAMESPACES, (System.nanoTime() - start) / 1e9);
                server.start();
                String uri = "http://127.0.0.1:" + server.getPort();
                rest.initialize(Map.of("uri", uri), allocator);
                Map<String, String> restProperties = Map.of("lance.namespace.type", "rest", "lance.namespace.uri", uri);
                trino.createCatalog("rest", "lance", restProperties);

                NamespaceBenchmark benchmark = new NamespaceBenchmark(allocator, trino, tables / NAMESPACES);
                try (MetadataCalls calls = new MetadataCalls("dir", dirProperties)) {
                    benchmark.measure("dir", directory, calls);
                }
                try (MetadataCalls calls = new MetadataCalls("rest", restProperties)) {
                    benchmark.measure("rest", rest, calls);
                }
            }
        }
        System.exit(0);
    }

    private void measure(String catalog, LanceNamespace namespace, MetadataCalls metadata)
            throws Exception
    {
        String schema = NamespaceTree.namespace(NAMESPACE).getLast();
        String table = NamespaceTree.table(NAMESPACE, TABLE).getLast();
        String tableName = "%s.%s.%s".formatted(catalog, schema, table);
        InterleavedRuns runs = new InterleavedRuns();
        InterleavedRuns.Step anyTables = runs.add("SHOW TABLES FROM system.runtime", () -> query("SHOW TABLES FROM system.runtime"));
        InterleavedRuns.Step anyPlan = runs.add("EXPLAIN SELECT * FROM system.runtime.nodes", () -> query("EXPLAIN SELECT * FROM system.runtime.nodes"));
        InterleavedRuns.Step list = runs.add("raw: list the tables of a namespace", () -> namespace.listTables(new ListTablesRequest().id(NamespaceTree.namespace(NAMESPACE))).getTables().size());
        InterleavedRuns.Step listTables = runs.add("the connector in SHOW TABLES", () -> metadata.listTables(schema));
        InterleavedRuns.Step showTables = runs.add("SHOW TABLES", () -> query("SHOW TABLES FROM %s.%s".formatted(catalog, schema)));
        InterleavedRuns.Step open = runs.add("raw: describe a table and open it", () -> open(namespace, TABLE));
        InterleavedRuns.Step readTable = runs.add("the connector in EXPLAIN", () -> metadata.readTable(schema, table));
        InterleavedRuns.Step explain = runs.add("EXPLAIN SELECT * FROM t", () -> query("EXPLAIN SELECT * FROM " + tableName));
        InterleavedRuns.Step select = runs.add("SELECT * FROM t", () -> query("SELECT * FROM " + tableName));
        InterleavedRuns.Step openAll = runs.add("raw: describe and open all of a namespace", () -> openAll(namespace));
        InterleavedRuns.Step columns = runs.add("information_schema.columns of a schema", () -> query("SELECT table_name, column_name FROM %s.information_schema.columns WHERE table_schema = '%s'".formatted(catalog, schema)));
        runs.run();

        OUT.printf("%n%s%n", catalog);
        anyTables.print("what any SHOW TABLES costs");
        anyPlan.print("what any plan costs");
        list.print("");
        listTables.print("%.2f times raw".formatted(listTables.median() / list.median()));
        showTables.print("%.2f times (raw + any SHOW TABLES)".formatted(showTables.median() / (list.median() + anyTables.median())));
        open.print("");
        readTable.print("%.1f ms beyond raw".formatted(readTable.median() - open.median()));
        explain.print("%.1f ms beyond raw, %.1f ms beyond raw + any plan".formatted(explain.median() - open.median(), explain.median() - open.median() - anyPlan.median()));
        select.print("%.1f ms beyond raw".formatted(select.median() - open.median()));
        openAll.print("%s tables, one after the other".formatted(tablesPerNamespace));
        columns.print("%.2f times raw".formatted(columns.median() / openAll.median()));
    }

    private long query(String sql)
    {
        return trino.execute(sql).getRowCount();
    }

    private long open(LanceNamespace namespace, int table)
    {
        String location = namespace.describeTable(new DescribeTableRequest().id(NamespaceTree.table(NAMESPACE, table))).getLocation();
        try (Dataset dataset = Dataset.open().allocator(allocator).uri(location).build()) {
            return dataset.countRows();
        }
    }

    private long openAll(LanceNamespace namespace)
    {
        return IntStream.range(0, tablesPerNamespace)
                .mapToLong(table -> open(namespace, table))
                .sum();
    }
}
