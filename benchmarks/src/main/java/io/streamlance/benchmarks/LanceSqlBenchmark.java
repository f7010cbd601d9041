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
import io.trino.execution.QueryManager;
import io.trino.plugin.base.metrics.LongCount;
import io.trino.plugin.iceberg.IcebergPlugin;
import io.trino.plugin.tpch.TpchPlugin;
import io.trino.spi.QueryId;
import io.trino.testing.StandaloneQueryRunner;
import io.trino.tpch.TpchTable;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static io.streamlance.benchmarks.LanceTestTables.FRAGMENTS;
import static io.streamlance.benchmarks.LanceTestTables.FRAGMENT_ROWS;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.util.stream.Collectors.joining;

/// Queries of a Trino server of one node with both formats.
final class LanceSqlBenchmark
        implements AutoCloseable
{
    private static final double PARQUET_TARGET = 1.0;
    private static final double LOOKUP_TARGET_MILLIS = 30;
    private static final double FRAGMENTS_TARGET_MILLIS = 60;

    static final String COUNT_FILTER = "quantity < 10000";

    private static final Map<String, String> QUERIES = new LinkedHashMap<>();

    static {
        QUERIES.put("TPC-H Q1",
                """
                SELECT returnflag, linestatus, sum(quantity), sum(extendedprice), sum(extendedprice * (1 - discount)),
                    sum(extendedprice * (1 - discount) * (1 + tax)), avg(quantity), avg(extendedprice), avg(discount), count(*)
                FROM %s
                WHERE shipdate <= DATE '1998-12-01' - INTERVAL '90' DAY
                GROUP BY returnflag, linestatus
                ORDER BY returnflag, linestatus
                """);
        QUERIES.put("TPC-H Q6",
                """
                SELECT sum(extendedprice * discount)
                FROM %s
                WHERE shipdate >= DATE '1994-01-01' AND shipdate < DATE '1995-01-01' AND discount BETWEEN 0.05 AND 0.07 AND quantity < 24
                """);
        QUERIES.put("LIKE", "SELECT count(*) FROM %s WHERE comment LIKE '%%final%%'");
        QUERIES.put("IN of 1,000", "SELECT count(*), sum(extendedprice) FROM %s WHERE partkey IN (" + multiples(1_000, 97) + ")");
        QUERIES.put("TopN", "SELECT orderkey, extendedprice FROM %s ORDER BY extendedprice DESC LIMIT 10");
        QUERIES.put("TopN of all columns", "SELECT * FROM %s ORDER BY shipdate DESC, orderkey LIMIT 10");
        QUERIES.put("all 16 columns", "SELECT " + columns("max(%s)") + " FROM %s");
        QUERIES.put("point lookup without index", "SELECT * FROM %s WHERE orderkey = 3000001");
    }

    private final StandaloneQueryRunner trino;

    LanceSqlBenchmark(Path lance, Path parquet)
    {
        trino = new StandaloneQueryRunner(testSessionBuilder().setCatalog("lance").setSchema("default").build());
        trino.installPlugin(new LancePlugin());
        trino.createCatalog("lance", "lance", Map.of("lance.namespace.root", lance.toString()));
        trino.installPlugin(new TpchPlugin());
        trino.createCatalog("tpch", "tpch", Map.of());
        trino.installPlugin(new IcebergPlugin());
        trino.createCatalog("iceberg", "iceberg", Map.of(
                "iceberg.catalog.type", "TESTING_FILE_METASTORE",
                "hive.metastore.catalog.dir", "local:///metastore",
                "fs.local.enabled", "true",
                "local.location", parquet.toString()));
    }

    void writeParquet(double scale)
    {
        trino.execute("CREATE SCHEMA IF NOT EXISTS iceberg.benchmark");
        trino.execute("CREATE TABLE IF NOT EXISTS iceberg.benchmark.lineitem WITH (format = 'PARQUET') AS SELECT * FROM tpch.\"sf%s\".lineitem".formatted(scale));
    }

    void queries(long rows)
            throws Exception
    {
        Measurement.OUT.printf("%nTrino, lineitem of %,d rows%n", (long) trino.execute("SELECT count(*) FROM lineitem").getOnlyValue());
        for (String name : QUERIES.keySet()) {
            Comparison comparison = new Comparison();
            int parquet = comparison.add(name + ": Parquet", () -> run(QUERIES.get(name).formatted("iceberg.benchmark.lineitem")));
            comparison.addRelative(name + ": Lance", parquet, PARQUET_TARGET, () -> run(QUERIES.get(name).formatted("lineitem")));
            comparison.report();
        }
        Comparison lookups = new Comparison();
        int statement = lookups.add("SELECT 1", () -> run("SELECT 1"));
        lookups.addAbove("indexed point lookup, one fragment of %,d rows".formatted(rows), statement, LOOKUP_TARGET_MILLIS, () -> run("SELECT * FROM one_fragment WHERE id = " + rows / 3));
        lookups.report();
    }

    /// @param rawCount the filtered count without index, by Lance alone
    void fragments(Measurement.Work rawCount)
            throws Exception
    {
        Measurement.OUT.printf("%n%,d fragments of %,d rows%n", FRAGMENTS, FRAGMENT_ROWS);
        String lookup = "SELECT * FROM many_fragments WHERE id = 543210";
        Measurement.OUT.printf("%-56s %,9d bytes, target 1,000,000%n", "read by an indexed point lookup", storageBytes(lookup));
        Comparison comparison = new Comparison();
        int statement = comparison.add("SELECT 1", () -> run("SELECT 1"));
        comparison.add("filtered count without index: raw", rawCount);
        comparison.addAbove("indexed point lookup", statement, FRAGMENTS_TARGET_MILLIS, () -> run(lookup));
        comparison.addAbove("IN of 60 on the index", statement, FRAGMENTS_TARGET_MILLIS, () -> run("SELECT * FROM many_fragments WHERE id IN (" + multiples(60, 16_001) + ")"));
        comparison.addAbove("filtered count on the index", statement, FRAGMENTS_TARGET_MILLIS, () -> run("SELECT count(*) FROM many_fragments WHERE id BETWEEN 123456 AND 234567"));
        comparison.addAbove("filtered count without index", statement, FRAGMENTS_TARGET_MILLIS, () -> run("SELECT count(*) FROM many_fragments WHERE " + COUNT_FILTER));
        comparison.report();
    }

    @Override
    public void close()
    {
        trino.close();
    }

    // of the scan, and of the index that was asked when its splits were planned
    private long storageBytes(String sql)
            throws InterruptedException
    {
        QueryId query = trino.executeWithPlan(trino.getDefaultSession(), sql).queryId();
        QueryManager queries = trino.getCoordinator().getQueryManager();
        // the result comes before the last statistics
        while (!queries.getFullQueryInfo(query).isFinalQueryInfo()) {
            Thread.sleep(10);
        }
        return queries.getFullQueryInfo(query).getQueryStats().getOperatorSummaries().stream()
                .flatMap(operator -> Stream.of("lanceStorageBytes", "lancePlanningStorageBytes").map(operator.getConnectorMetrics().getMetrics()::get))
                .filter(LongCount.class::isInstance)
                .mapToLong(bytes -> ((LongCount) bytes).getTotal())
                .sum();
    }

    private long run(String sql)
    {
        return trino.execute(sql).getRowCount();
    }

    private static String multiples(int count, int factor)
    {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> Integer.toString(i * factor))
                .collect(joining(", "));
    }

    private static String columns(String format)
    {
        return IntStream.range(0, 16)
                .mapToObj(i -> format.formatted(TpchTable.LINE_ITEM.getColumns().get(i).getSimplifiedColumnName()))
                .collect(joining(", "));
    }
}
