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

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import io.airlift.log.Logger;
import io.airlift.units.Duration;
import io.streamlance.trino.lance.dataset.DatasetCache;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.trino.dispatcher.DispatchManager;
import io.trino.server.BasicQueryInfo;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.lance.Ref;
import org.lance.index.IndexType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import static io.airlift.concurrent.Threads.daemonThreadsNamed;
import static io.streamlance.trino.lance.LanceHistory.range;
import static io.streamlance.trino.lance.LanceTestData.createIndex;
import static io.streamlance.trino.lance.ProcessResources.descriptors;
import static io.streamlance.trino.lance.ProcessResources.lanceThreads;
import static io.streamlance.trino.lance.ProcessResources.residentBytes;
import static io.streamlance.trino.lance.ProcessResources.temporaryFiles;
import static io.trino.execution.QueryState.PLANNING;
import static io.trino.execution.QueryState.STARTING;
import static io.trino.testing.assertions.Assert.assertEventually;
import static java.lang.Math.max;
import static java.lang.Math.min;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.Executors.newFixedThreadPool;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many queries, a third of them cancelled: no reader, open dataset, memory of Arrow, thread, file descriptor or
 * temporary file of them is left, and the process does not grow.
 */
final class TestLanceLeaks
        extends AbstractTestQueryFramework
{
    private static final Logger log = Logger.get(TestLanceLeaks.class);
    private static final int QUERIES = Integer.getInteger("streamlance.queries", 150);
    private static final int CLIENTS = 4;
    private static final int ROWS = 100_000;
    // what the memory allocator keeps of the largest scans, and compiled code: as much for many queries as for some
    private static final long RESIDENT_GROWTH = 512L << 20;
    private static final List<String> SHAPES = ImmutableList.of(
            "SELECT sum(id), max(name) FROM leaks",
            "SELECT count(*) FROM leaks WHERE name LIKE '%77'",
            "SELECT name FROM leaks WHERE id = 77",
            "SELECT count(*), sum(key) FROM leaks WHERE key < 100",
            "SELECT id FROM leaks LIMIT 17",
            "SELECT id FROM leaks WHERE key > 10 LIMIT 3",
            "SELECT * FROM leaks ORDER BY key DESC, id LIMIT 20",
            "SELECT a.id FROM leaks a JOIN leaks b ON a.id = b.id + 1 LIMIT 5",
            "SELECT sum(a.key) FROM leaks a JOIN small b ON a.id = b.id",
            "SELECT count(*) FROM small",
            "SELECT sum(id) FROM damaged",
            "SELECT id / (id - id) FROM leaks",
            "SELECT count(*), max(name) FROM TABLE(system.table_changes('default', 'history', 0, 4))",
            "SELECT count(*) FROM TABLE(system.table_changes('default', 'leaks', 1, 2))",
            "SELECT sum(a.id) FROM history FOR VERSION AS OF 2 a JOIN history FOR VERSION AS OF 3 b ON a._rowid = b._rowid",
            "SELECT sum(id) FROM history FOR VERSION AS OF 'branch'",
            "SELECT (SELECT count(*) FROM \"leaks$versions\"), (SELECT count(*) FROM \"leaks$fragments\"), (SELECT count(*) FROM \"leaks$indexes\")",
            "SELECT (SELECT count(*) FROM \"history$tags\"), (SELECT count(*) FROM \"history$branches\"), (SELECT count(*) FROM \"history$properties\")");

    // of those that contain the key; the others only fail if they are cancelled
    private static final Map<String, String> ERRORS = ImmutableMap.of(
            "FROM damaged", "Cannot read table default.damaged",
            "id / (id - id)", "Division by zero",
            "table_changes('default', 'leaks'", "The changes of table default.leaks up to version");

    /// Runs for so long that it is surely there to be cancelled.
    private static final String LONG_QUERY = "SELECT sum(a.id * b.id + c.id) FROM leaks a CROSS JOIN leaks b CROSS JOIN small c";

    private Path root;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog()
                // only the connector of the coordinator can be looked into
                .setWorkerCount(0)
                .build();
        root = Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve("leaks"));
        try (LanceTestData data = new LanceTestData(root)) {
            write(data, "leaks", ROWS);
            write(data, "small", 100);
            write(data, "damaged", 30_000);
            data.changeTable(List.of("leaks"), dataset -> createIndex(dataset, "id", IndexType.BTREE));
        }
        try (LanceHistory history = new LanceHistory(root.resolve("history.lance"), true, 10_000)) {
            history.create(range(0, 30_000)).append(range(30_000, 50_000)).delete("id % 3 = 0").upsert("changed", range(0, 20_000))
                    .change(dataset -> dataset.createBranch("branch", Ref.ofMain(1)).close());
        }
        try (Stream<Path> files = Files.list(root.resolve("damaged.lance/data"))) {
            Files.delete(files.findFirst().orElseThrow());
        }
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", Map.of(
                "lance.namespace.root", root.toString(),
                "lance.cache.max-datasets", "2",
                "lance.cache.metadata-size", "16MB",
                "lance.cache.index-size", "16MB",
                "lance.split.target-rows", "10000",
                "lance.scan.batch-rows", "1000",
                // so few that scans wait for each other
                "lance.scan.max-concurrent", "4"));
        return queryRunner;
    }

    @Test
    void testNothingIsLeft()
    {
        for (String sql : SHAPES) {
            run(sql);
        }
        assertNothingIsOpen();
        long threads = lanceThreads();
        long descriptors = descriptors(root);
        List<Path> temporaryFiles = temporaryFiles();
        long residentBefore = residentBytes();

        AtomicInteger cancelled = new AtomicInteger();
        try (ExecutorService executor = newFixedThreadPool(CLIENTS, daemonThreadsNamed("leak-test-%s"))) {
            List<CompletableFuture<?>> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                int seed = client;
                clients.add(CompletableFuture.runAsync(() -> queries(seed, cancelled), executor));
            }
            clients.forEach(CompletableFuture::join);
        }
        long growth = residentBytes() - residentBefore;
        log.info("%s queries, %s cancelled, resident memory beside the heap has grown by %s MB", QUERIES, cancelled, growth >> 20);
        assertThat(cancelled.get()).isGreaterThan(QUERIES / 10);

        assertNothingIsOpen();
        // the threads of the pool are bounded and stay
        assertThat(lanceThreads()).isLessThanOrEqualTo(threads + instance(LanceConfig.class).getScanMaxThreads() - 1);
        assertThat(descriptors(root)).isLessThanOrEqualTo(descriptors + 4);
        assertThat(temporaryFiles()).isEqualTo(temporaryFiles);
        assertThat(growth).isLessThan(RESIDENT_GROWTH);
    }

    @Test
    void testReadersCloseSoonAfterCancel()
    {
        long fastestMillis = Long.MAX_VALUE;
        long slowestMillis = 0;
        for (int i = 0; i < 5; i++) {
            String sql = "%s -- cancelled %s".formatted(LONG_QUERY, i);
            CompletableFuture<Void> query = CompletableFuture.runAsync(() -> run(sql));
            assertEventually(new Duration(30, SECONDS), () -> assertThat(openReaders()).isPositive());
            assertEventually(new Duration(30, SECONDS), () -> assertThat(cancel(sql)).isTrue());
            long cancelled = System.nanoTime();
            assertEventually(new Duration(5, SECONDS), new Duration(5, MILLISECONDS), () -> assertThat(openReaders()).isZero());
            long millis = NANOSECONDS.toMillis(System.nanoTime() - cancelled);
            fastestMillis = min(fastestMillis, millis);
            slowestMillis = max(slowestMillis, millis);
            query.join();
            // drivers that were about to start
            assertNothingIsOpen();
        }
        log.info("Readers were closed %s to %s ms after the cancel", fastestMillis, slowestMillis);
        // other tests may keep the machine busy
        assertThat(fastestMillis).isLessThan(1_000);
    }

    private void queries(int seed, AtomicInteger cancelled)
    {
        Random random = new Random(seed);
        for (int i = 0; i < QUERIES / CLIENTS; i++) {
            boolean cancels = random.nextInt(3) == 0;
            String shape = cancels && random.nextBoolean() ? LONG_QUERY : SHAPES.get(random.nextInt(SHAPES.size()));
            String sql = "%s -- %s/%s.".formatted(shape, seed, i);
            if (!cancels) {
                run(sql);
                continue;
            }
            CompletableFuture<Void> query = CompletableFuture.runAsync(() -> run(sql));
            try {
                Thread.sleep(random.nextInt(120));
            }
            catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            boolean done = cancel(sql);
            while (shape.equals(LONG_QUERY) && !done) {
                // it may not have been accepted yet
                done = cancel(sql);
            }
            if (done) {
                cancelled.incrementAndGet();
            }
            query.join();
        }
    }

    private void run(String sql)
    {
        try {
            computeActual(sql);
        }
        catch (RuntimeException e) {
            String error = ERRORS.entrySet().stream()
                    .filter(entry -> sql.contains(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst().orElse("Query was canceled");
            assertThat(e).as(sql).hasMessageMatching("(?s).*(Query was canceled|%s).*".formatted(error));
        }
    }

    private boolean cancel(String sql)
    {
        DispatchManager manager = getDistributedQueryRunner().getCoordinator().getDispatchManager();
        for (BasicQueryInfo query : manager.getQueries()) {
            // the engine never ends the stages of a query that is cancelled just when they are made
            if (query.getQuery().equals(sql) && !query.getState().isDone() && query.getState() != PLANNING && query.getState() != STARTING) {
                manager.cancelQuery(query.getQueryId());
                return true;
            }
        }
        return false;
    }

    private void assertNothingIsOpen()
    {
        assertEventually(new Duration(20, SECONDS), () -> {
            assertThat(openReaders()).isZero();
            assertThat(instance(DatasetCache.class).openLeases()).isZero();
            assertThat(instance(LanceRuntime.class).allocator().getAllocatedMemory()).isZero();
        });
    }

    // each has an allocator of its own
    private int openReaders()
    {
        return instance(LanceRuntime.class).allocator().getChildAllocators().size();
    }

    private <T> T instance(Class<T> type)
    {
        return ((LanceConnector) getDistributedQueryRunner().getCoordinator().getConnector("lance")).getInjector().getInstance(type);
    }

    private static void write(LanceTestData data, String table, int rows)
    {
        Schema schema = new Schema(List.of(
                Field.nullable("id", new ArrowType.Int(64, true)),
                Field.nullable("key", new ArrowType.Int(64, true)),
                Field.nullable("name", ArrowType.Utf8.INSTANCE)));
        List<Long> ids = LongStream.range(0, rows).boxed().toList();
        List<Consumer<VectorSchemaRoot>> batches = Lists.transform(Lists.partition(ids, 5_000), batch -> vectors -> fill(batch, vectors));
        data.writeTable(List.of(table), schema, batches.iterator(), options -> options.maxRowsPerFile(10_000));
    }

    private static void fill(List<Long> ids, VectorSchemaRoot root)
    {
        for (int i = 0; i < ids.size(); i++) {
            ((BigIntVector) root.getVector("id")).setSafe(i, ids.get(i));
            ((BigIntVector) root.getVector("key")).setSafe(i, ids.get(i) % 1000);
            ((VarCharVector) root.getVector("name")).setSafe(i, ("name-" + ids.get(i)).getBytes(UTF_8));
        }
        root.setRowCount(ids.size());
    }
}
