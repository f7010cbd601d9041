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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.math.BigDecimal;
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
import java.util.Set;
import java.util.TreeSet;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.TestInstance.Lifecycle.PER_CLASS;

/// Runs bin/demo, which queries with the official CLI, and runs its queries again over JDBC on the cluster that it leaves.
@TestInstance(PER_CLASS)
final class TestDemo
{
    private static final int DEMO_SECONDS = 400;
    private static final int STOP_SECONDS = 60;

    /// Flags in the jvm.config of the stock image trinodb/trino:483, without the agent that is part of the image.
    private static final Set<String> STOCK_FLAGS = Set.of(
            "-server",
            "-XX:InitialRAMPercentage=80",
            "-XX:MaxRAMPercentage=80",
            "-XX:G1HeapRegionSize=32M",
            "-XX:+ExplicitGCInvokesConcurrent",
            "-XX:+HeapDumpOnOutOfMemoryError",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-OmitStackTraceInFastThrow",
            "-XX:ReservedCodeCacheSize=256M",
            "-XX:PerMethodRecompilationCutoff=10000",
            "-XX:PerBytecodeRecompilationCutoff=10000",
            "-Djdk.attach.allowAttachSelf=true",
            "-Djdk.nio.maxCachedBufferSize=2000000",
            "-XX:+EnableDynamicAgentLoading",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:G1NumCollectionsKeepPinned=10000000");
    /// Added by the launcher of the stock image.
    private static final Set<String> LAUNCHER_FLAGS = Set.of("--add-modules=jdk.incubator.vector", "--sun-misc-unsafe-memory-access=allow");

    @TempDir
    private static Path directory;

    private Result demo;
    private Connection connection;

    @BeforeAll
    void startDemo()
            throws Exception
    {
        demo = Program.run(DEMO_SECONDS, Map.of(), "bin/demo", "--keep", "--run-dir", directory.toString());
        assertThat(demo.exitCode()).as(demo.output()).isZero();
        String port = Files.readString(directory.resolve("cluster/port")).strip();
        connection = DriverManager.getConnection("jdbc:trino://127.0.0.1:" + port, "test", null);
    }

    @AfterAll
    void stopDemo()
            throws Exception
    {
        if (connection != null) {
            connection.close();
        }
        Program.run(STOP_SECONDS, Map.of(), "bin/cluster", "stop", "--run-dir", directory.resolve("cluster").toString());
        Path natsPid = directory.resolve("nats/pid");
        if (Files.exists(natsPid)) {
            ProcessHandle.of(Long.parseLong(Files.readAllLines(natsPid).getFirst())).ifPresent(ProcessHandle::destroy);
        }
    }

    private List<List<Object>> query(String sql)
            throws SQLException
    {
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            List<List<Object>> rows = new ArrayList<>();
            while (results.next()) {
                List<Object> row = new ArrayList<>();
                for (int i = 1; i <= results.getMetaData().getColumnCount(); i++) {
                    row.add(results.getObject(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    private List<List<Object>> queryFile(String file)
            throws IOException, SQLException
    {
        List<List<Object>> rows = new ArrayList<>();
        for (String statement : DemoQueries.statements(file)) {
            rows.addAll(query(statement));
        }
        return rows;
    }

    @Test
    void testDemoThroughCli()
    {
        assertThat(demo.output())
                .contains("checked: three nodes are active")
                .contains("checked: both workers took splits of the NATS scan")
                .contains("trades.xnys.IBM  |  10099 | 2533320 |      162.4400")
                .contains("subjects=[trades.xnys.*] sequences=1..100000")
                .contains("jdbc:trino://");
    }

    @Test
    void testNodes()
            throws Exception
    {
        assertThat(queryFile("01-nodes.sql")).containsExactly(
                List.of("coordinator", true, "active"),
                List.of("worker-1", false, "active"),
                List.of("worker-2", false, "active"));
    }

    @Test
    void testSchemasAndTables()
            throws Exception
    {
        assertThat(queryFile("02-schemas.sql")).extracting(List::getFirst)
                .containsExactlyInAnyOrder("default", "information_schema", "streams", "system", "default", "information_schema", "sales");
        assertThat(queryFile("03-tables.sql")).extracting(List::getFirst)
                .containsExactlyInAnyOrder("market", "telemetry", "quotes", "trades", "customers_dim", "devices", "symbols");
        assertThat(queryFile("04-columns.sql")).extracting(row -> row.get(0) + " " + row.get(1)).containsExactly(
                "device varchar",
                "ts bigint",
                "reading row(\"temperature\" double, \"humidity\" bigint, \"alarms\" array(varchar))",
                "firmware varchar",
                "position row(\"lat\" double, \"lon\" double)");
    }

    @Test
    void testSubjectAggregate()
            throws Exception
    {
        assertThat(queryFile("05-subjects.sql")).containsExactly(
                List.of("trades.xnys.CVX", 9859L, 2456420L, new BigDecimal("149.2500")),
                List.of("trades.xnys.IBM", 10099L, 2533320L, new BigDecimal("162.4400")),
                List.of("trades.xnys.ORCL", 9933L, 2472110L, new BigDecimal("105.4600")),
                List.of("trades.xnys.TSM", 10008L, 2515030L, new BigDecimal("104.3800")),
                List.of("trades.xnys.WMT", 10026L, 2496680L, new BigDecimal("157.8700")),
                List.of("trades.xnys.XOM", 10050L, 2505540L, new BigDecimal("97.8300")));
    }

    @Test
    void testExplain()
            throws Exception
    {
        String plan = (String) queryFile("06-explain.sql").getFirst().getFirst();
        assertThat(plan)
                .contains("subjects=[trades.xnys.*] sequences=1..100000")
                .doesNotContain("filterPredicate");
    }

    @Test
    void testJoinOverCatalogs()
            throws Exception
    {
        assertThat(queryFile("07-catalogs.sql")).containsExactly(
                List.of("consumer", 1619L, 824403.03),
                List.of("corporate", 1707L, 841768.89),
                List.of("public", 1674L, 831581.19));
        assertThat(query(DocumentedQueries.find("JOIN crm.dim.customers_dim"))).hasSize(5_000);
    }

    @Test
    void testStreamJoin()
            throws Exception
    {
        assertThat(queryFile("08-stream-join.sql")).containsExactly(
                List.of("TX-100", 38873L, 10323L),
                List.of("TX-200 GPS", 21127L, 5645L));
    }

    @Test
    void testBothWorkersReadTheStream()
            throws Exception
    {
        assertThat(queryFile("09-splits.sql")).extracting(List::getFirst).containsExactly("worker-1", "worker-2");
    }

    @Test
    void testAsOfJoin()
            throws Exception
    {
        assertThat(queryFile("10-asof.sql")).containsExactly(
                List.of("IBM", "IBM", 1253L, new BigDecimal("0.0194"), new BigDecimal("0.0206")),
                List.of("NVDA", "NVIDIA", 1237L, new BigDecimal("0.0240"), new BigDecimal("0.0160")));
    }

    @Test
    void testEveryMessageIsRead()
            throws Exception
    {
        assertThat(query("SELECT count(*), count(DISTINCT id), min(id), max(id) FROM nats.\"default\".trades")).containsExactly(List.of(120_000L, 120_000L, 1L, 120_000L));
        assertThat(query("SELECT count(*), count(DISTINCT _sequence) FROM nats.streams.market")).containsExactly(List.of(160_000L, 160_000L));
    }

    @Test
    void testStockJvmFlags()
            throws Exception
    {
        for (String node : List.of("coordinator", "worker-1", "worker-2")) {
            long pid = Long.parseLong(Files.readAllLines(directory.resolve("cluster").resolve(node).resolve("pid")).getFirst());
            List<String> command = List.of(ProcessHandle.of(pid).orElseThrow().info().arguments().orElseThrow());
            Set<String> flags = command.subList(0, command.indexOf("-cp")).stream()
                    .filter(flag -> flag.startsWith("-X") || flag.startsWith("--") || flag.startsWith("-Djdk.") || flag.equals("-server") || flag.startsWith("-javaagent") || flag.startsWith("-agent"))
                    // the heap is bounded for a developer's machine
                    .filter(flag -> !flag.startsWith("-Xmx") && !flag.startsWith("-Xms"))
                    .collect(toSet());
            Set<String> extra = new TreeSet<>(flags);
            extra.removeAll(STOCK_FLAGS);
            extra.removeAll(LAUNCHER_FLAGS);
            assertThat(extra).as("flags of %s that the stock image does not have", node).isEmpty();
            assertThat(flags).containsAll(LAUNCHER_FLAGS).contains("-Djdk.attach.allowAttachSelf=true");
        }
    }

    @Test
    void testClusterStatus()
            throws Exception
    {
        String runDir = directory.resolve("cluster").toString();
        Result status = Program.run(STOP_SECONDS, Map.of(), "bin/cluster", "status", "--run-dir", runDir);
        assertThat(status.output()).contains("coordinator  running", "worker-1     running", "worker-2     running");
        assertThat(status.exitCode()).isZero();

        Result second = Program.run(STOP_SECONDS, Map.of(), "bin/cluster", "start", "--run-dir", runDir);
        assertThat(second.output()).contains("a cluster of this folder is running or was not stopped");
        assertThat(second.exitCode()).isEqualTo(1);
    }
}
