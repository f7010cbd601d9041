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
import org.lance.Dataset;
import org.lance.namespace.DirectoryNamespace;
import org.lance.namespace.LanceNamespace;
import org.lance.namespace.RestAdapter;
import org.lance.namespace.RestNamespace;
import org.lance.namespace.model.DescribeTableRequest;
import org.lance.namespace.model.ListTablesRequest;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import static io.streamlance.benchmarks.Measurement.OUT;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.util.Locale.ENGLISH;
import static java.util.Objects.requireNonNull;

/// What SQL costs above the calls of Lance Namespace that it needs, in a root of many namespaces and tables: in a
/// directory, and the same directory behind Lance's REST server. `SELECT 1` is what any statement costs.
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
            trino.createCatalog("dir", "lance", Map.of("lance.namespace.root", root));
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
                trino.createCatalog("rest", "lance", Map.of("lance.namespace.type", "rest", "lance.namespace.uri", uri));

                NamespaceBenchmark benchmark = new NamespaceBenchmark(allocator, trino, tables / NAMESPACES);
                benchmark.measure("dir", directory);
                benchmark.measure("rest", rest);
            }
        }
        System.exit(0);
    }

    private void measure(String catalog, LanceNamespace namespace)
            throws Exception
    {
        String schema = String.join(".", ImmutableList.<String>builder().add(catalog).addAll(NamespaceTree.namespace(NAMESPACE)).build());
        String table = String.join(".", ImmutableList.<String>builder().add(catalog).addAll(NamespaceTree.table(NAMESPACE, TABLE)).build());
        String columns = "SELECT table_name, column_name FROM %s.information_schema.columns WHERE table_schema = '%s'".formatted(catalog, NamespaceTree.namespace(NAMESPACE).getLast());
        InterleavedRuns runs = new InterleavedRuns();
        InterleavedRuns.Step statement = runs.add("SELECT 1", () -> query("SELECT 1"));
        InterleavedRuns.Step ownTables = runs.add("SHOW TABLES FROM system.runtime", () -> query("SHOW TABLES FROM system.runtime"));
        InterleavedRuns.Step ownPlan = runs.add("EXPLAIN SELECT * FROM system.runtime.nodes", () -> query("EXPLAIN SELECT * FROM system.runtime.nodes"));
        InterleavedRuns.Step list = runs.add("raw: list the tables of a namespace", () -> namespace.listTables(new ListTablesRequest().id(NamespaceTree.namespace(NAMESPACE))).getTables().size());
        InterleavedRuns.Step showTables = runs.add("SHOW TABLES", () -> query("SHOW TABLES FROM " + schema));
        InterleavedRuns.Step open = runs.add("raw: describe a table and open it", () -> open(namespace, TABLE));
        InterleavedRuns.Step explain = runs.add("EXPLAIN SELECT * FROM t", () -> query("EXPLAIN SELECT * FROM " + table));
        InterleavedRuns.Step select = runs.add("SELECT * FROM t", () -> query("SELECT * FROM " + table));
        InterleavedRuns.Step openAll = runs.add("raw: describe and open all of a namespace", () -> openAll(namespace));
        InterleavedRuns.Step allColumns = runs.add("information_schema.columns of a schema", () -> query(columns));
        runs.run();

        OUT.printf("%n%s%n", catalog);
        statement.print("what any statement costs");
        ownTables.print("what any SHOW TABLES costs");
        ownPlan.print("what any plan costs");
        list.print("");
        showTables.print(ratio(showTables, list, ownTables, "SHOW TABLES of Trino's own"));
        open.print("");
        explain.print(above(explain, open) + String.format(ENGLISH, ", %.1f ms beyond raw + any plan", explain.median() - open.median() - ownPlan.median()));
        select.print(above(select, open));
        openAll.print("%s tables, one after the other".formatted(tablesPerNamespace));
        allColumns.print(ratio(allColumns, openAll, statement, "SELECT 1"));
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

    private static String ratio(InterleavedRuns.Step sql, InterleavedRuns.Step raw, InterleavedRuns.Step statement, String name)
    {
        return String.format(ENGLISH, "%.2f times raw, %.2f times (raw + %s)", sql.median() / raw.median(), sql.median() / (raw.median() + statement.median()), name);
    }

    private static String above(InterleavedRuns.Step sql, InterleavedRuns.Step raw)
    {
        return String.format(ENGLISH, "%.1f ms beyond raw", sql.median() - raw.median());
    }
}
