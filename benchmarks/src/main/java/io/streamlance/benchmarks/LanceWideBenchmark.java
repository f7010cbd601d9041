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

import com.google.common.base.Stopwatch;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.streamlance.trino.lance.LancePlugin;
import io.trino.testing.StandaloneQueryRunner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.util.Locale.ENGLISH;
import static java.util.concurrent.TimeUnit.MICROSECONDS;

/// Tables of thousands of columns: what it takes to see their columns, and to read a few of them.
final class LanceWideBenchmark
{
    static final int FEW_COLUMNS = 20;
    static final int COLUMNS = 1_000;
    static final int MANY_COLUMNS = 3_000;
    static final int MAX_ROWS = 1_000_000;

    private static final int RUNS = 5;
    private static final double SCAN_TARGET = 1.5;
    private static final double COLUMNS_TARGET_MILLIS = 2_000;
    private static final double LISTING_TARGET_MILLIS = 5_000;
    private static final double FIRST_ROW_TARGET_MILLIS = 2_000;

    private LanceWideBenchmark() {}

    /// @param tables writes the tables, and has their folder
    static void run(LanceTestTables tables, Path folder, long rows, int threads)
            throws Exception
    {
        long scannedRows = Math.min(rows, MAX_ROWS);
        tables.writeColumns(FEW_COLUMNS, scannedRows);
        tables.writeColumns(COLUMNS, scannedRows);
        tables.writeColumns(MANY_COLUMNS, 1_000);
        try (ConnectorScan connector = new ConnectorScan(folder.toString(), ImmutableMap.of())) {
            scans(connector, scannedRows, threads);
        }
        try (StandaloneQueryRunner trino = new StandaloneQueryRunner(testSessionBuilder().build())) {
            trino.installPlugin(new LancePlugin());
            // the first statement of a server measures the server
            trino.createCatalog("warm_up", "lance", Map.of("lance.namespace.root", folder.toString()));
            trino.execute("DESCRIBE warm_up.default.columns_" + FEW_COLUMNS);
            Measurement.OUT.printf("%nTable of %,d columns, each query in a catalog that has just been created%n", MANY_COLUMNS);
            cold(trino, folder, "DESCRIBE", COLUMNS_TARGET_MILLIS, "DESCRIBE %s.default.columns_" + MANY_COLUMNS);
            cold(trino, folder, "information_schema.columns of the schema", LISTING_TARGET_MILLIS, "SELECT count(*) FROM %s.information_schema.columns WHERE table_schema = 'default'");
            cold(trino, folder, "first row of two columns by a third", FIRST_ROW_TARGET_MILLIS, "SELECT c1, c2 FROM %s.default.columns_" + MANY_COLUMNS + " WHERE c7 = 77 LIMIT 1");
        }
    }

    private static void scans(ConnectorScan connector, long rows, int threads)
            throws Exception
    {
        Measurement.OUT.printf("%n10 columns, %,d rows, %s threads%n", rows, threads);
        List<String> columns = IntStream.range(0, 10).mapToObj(column -> "c" + column).collect(toImmutableList());
        ConnectorScan.PlannedTable few = connector.plan("columns_" + FEW_COLUMNS);
        ConnectorScan.PlannedTable many = connector.plan("columns_" + COLUMNS);
        Comparison comparison = new Comparison();
        int base = comparison.add("of %,d columns".formatted(FEW_COLUMNS), () -> connector.read(few, columns, threads));
        comparison.addRelative("of %,d columns".formatted(COLUMNS), base, SCAN_TARGET, () -> connector.read(many, columns, threads));
        comparison.report();
        connector.end(few);
        connector.end(many);
    }

    /// @param sql with a place for the name of the catalog
    private static void cold(StandaloneQueryRunner trino, Path folder, String name, double target, String sql)
    {
        List<Double> millis = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            String catalog = "lance_%s_%s".formatted(run, Integer.toHexString(name.hashCode()));
            trino.createCatalog(catalog, "lance", Map.of("lance.namespace.root", folder.toString()));
            Stopwatch stopwatch = Stopwatch.createStarted();
            trino.execute(sql.formatted(catalog));
            millis.add(stopwatch.elapsed(MICROSECONDS) / 1e3);
        }
        List<Double> sorted = ImmutableList.sortedCopyOf(millis);
        double median = sorted.get(RUNS / 2);
        Measurement.OUT.printf(ENGLISH, "%-56s %9.1f ms  (first %.0f, most %.0f), target %.0f ms%s%n", name, median, millis.getFirst(), sorted.getLast(), target, median <= target ? "" : "  MISSED");
    }
}
