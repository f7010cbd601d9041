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
import com.google.common.collect.ImmutableMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.lance.Dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.benchmarks.LanceSqlBenchmark.COUNT_FILTER;
import static io.streamlance.benchmarks.LanceTestTables.FRAGMENTS;
import static io.streamlance.benchmarks.LanceTestTables.FRAGMENT_ROWS;

/// Scans of the connector against Lance's own scanner, and SQL over Lance against SQL over the same rows in Parquet and
/// against a statement that reads nothing; all on one node and in the same run.
public final class LanceBenchmark
{
    private static final int BATCH_ROWS = 65_536;
    private static final int VECTOR_BATCH_ROWS = 32_768;
    private static final double WIDE_TARGET = 1.2;
    private static final double COLUMN_TARGET = 1.5;
    // as many as a node of Trino has for its drivers
    private static final int THREADS = 2 * Runtime.getRuntime().availableProcessors();

    private LanceBenchmark() {}

    public static void main(String[] args)
            throws Exception
    {
        Measurement.exitOnFailure();
        if (args.length != 3) {
            System.err.println("usage: LanceBenchmark <folder> <rows> all|scans|wide|sql|fragments|memory");
            System.exit(2);
        }
        Path lance = Files.createDirectories(Path.of(args[0]).resolve("lance"));
        Path parquet = Files.createDirectories(Path.of(args[0]).resolve("parquet"));
        long rows = Long.parseLong(args[1]);
        String part = args[2];
        boolean all = part.equals("all");
        // opens java.nio for Arrow, too
        try (ConnectorScan connector = new ConnectorScan(lance.toString(), ImmutableMap.of()); BufferAllocator allocator = new RootAllocator()) {
            LanceTestTables tables = new LanceTestTables(allocator, lance);
            if (all || part.equals("scans") || part.equals("memory")) {
                tables.writeWide("wide", rows, 1_000_000);
            }
            if (all || part.equals("scans")) {
                tables.writeVectors("vectors", rows / 6);
                scans(connector, allocator, tables, rows);
            }
            if (all || part.equals("wide")) {
                Path wide = Files.createDirectories(Path.of(args[0]).resolve("wide"));
                LanceWideBenchmark.run(new LanceTestTables(allocator, wide), wide, rows, THREADS);
            }
            if (all || part.equals("sql")) {
                tables.writeWide("one_fragment", rows, Integer.MAX_VALUE);
                tables.index("one_fragment", "id");
                tables.writeLineItem("lineitem", rows / 6e6);
                try (LanceSqlBenchmark sql = new LanceSqlBenchmark(lance, parquet)) {
                    sql.writeParquet(rows / 6e6);
                    sql.queries(rows);
                }
            }
            if (all || part.equals("fragments")) {
                tables.writeWide("many_fragments", (long) FRAGMENTS * FRAGMENT_ROWS, FRAGMENT_ROWS);
                tables.index("many_fragments", "id");
                try (LanceSqlBenchmark sql = new LanceSqlBenchmark(lance, parquet);
                        Dataset dataset = Dataset.open().allocator(allocator).uri(tables.location("many_fragments")).build()) {
                    RawLanceScan raw = new RawLanceScan(allocator, dataset, ImmutableList.of(), BATCH_ROWS);
                    sql.fragments(() -> raw.count(COUNT_FILTER));
                }
            }
        }
        System.exit(0);
    }

    private static void scans(ConnectorScan connector, BufferAllocator allocator, LanceTestTables tables, long rows)
            throws Exception
    {
        Measurement.OUT.printf("%n%,d rows, %s threads%n", rows, THREADS);
        List<String> columns = LanceTestTables.WIDE_COLUMNS.keySet().stream().collect(toImmutableList());
        compare(connector, allocator, tables, "wide", "16 columns", columns, BATCH_ROWS, WIDE_TARGET);
        for (String column : columns) {
            compare(connector, allocator, tables, "wide", "%s %s".formatted(column, LanceTestTables.WIDE_COLUMNS.get(column)), List.of(column), BATCH_ROWS, COLUMN_TARGET);
        }
        compare(connector, allocator, tables, "vectors", "array(real) of 128, %,d rows".formatted(rows / 6), List.of("vector"), VECTOR_BATCH_ROWS, COLUMN_TARGET);
    }

    private static void compare(ConnectorScan connector, BufferAllocator allocator, LanceTestTables tables, String table, String name, List<String> columns, int batchRows, double target)
            throws Exception
    {
        try (Dataset dataset = Dataset.open().allocator(allocator).uri(tables.location(table)).build()) {
            ConnectorScan.PlannedTable planned = connector.plan(table);
            RawLanceScan raw = new RawLanceScan(allocator, dataset, columns, batchRows);
            Comparison comparison = new Comparison();
            comparison.add(name + ": raw, one scanner", raw::readAll);
            int limit = comparison.add(name + ": raw", () -> Parallel.sum(THREADS, planned.splits(), split -> raw.read(split.range())));
            comparison.addRelative(name + ": connector", limit, target, () -> connector.read(planned, columns, THREADS));
            comparison.report();
            connector.end(planned);
        }
    }
}
