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
package io.streamlance.trino.nats;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.airlift.log.Logger;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.PurgeOptions;
import io.nats.client.api.PublishAck;
import io.trino.Session;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.MaterializedResult;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Comparator.naturalOrder;
import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.TestInstance.Lifecycle.PER_CLASS;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

/// Scans whose server, connection or consumers go away in the middle. The results are exact, and the log says what it cost.
@TestInstance(PER_CLASS)
@Execution(SAME_THREAD) // counts recoveries
@Timeout(value = 15, unit = MINUTES)
final class TestNatsFaults
        extends AbstractTestQueryFramework
{
    private static final Logger log = Logger.get(TestNatsFaults.class);
    private static final int REPEATS = Integer.getInteger("streamlance.repeats", 3);
    private static final int MESSAGES = 200_000;
    private static final int PURGED_MESSAGES = 1_000_000;
    private static final long THROTTLED_BYTES_PER_SECOND = 20_000_000;
    /// Part of the bytes of a scan after which a fault comes.
    private static final long EARLY_BYTES = 5_000_000;
    private static final String SCAN = "SELECT count(*), sum(i), count(DISTINCT _sequence), max(p) FROM %s.streams.many";

    private TestingNatsServer server;
    private TestingTcpProxy proxy;
    private TestingNatsCluster cluster;
    private Connection connection;
    private Connection clusterConnection;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        server = closeAfterClass(new TestingNatsServer());
        proxy = closeAfterClass(new TestingTcpProxy(server.port()));
        connection = server.connect();
        connection.jetStreamManagement().addStream(stream("MANY", "many.>").build());
        publish(connection, "many", MESSAGES);
        cluster = closeAfterClass(new TestingNatsCluster());
        clusterConnection = cluster.connect();
        cluster.addStream(clusterConnection, stream("MANY", "many.>").replicas(3).build());
        publish(clusterConnection, "many", MESSAGES);
        cluster.awaitReplicas(clusterConnection, "MANY");

        QueryRunner runner = NatsQueryRunner.builder(server).build();
        runner.createCatalog("proxied", "nats", ImmutableMap.of(
                "nats.servers", "nats://127.0.0.1:" + proxy.port(),
                // little is under way, so that faults hit what has not been asked for
                "nats.max-buffered-bytes", "256kB"));
        runner.createCatalog("replicated", "nats", ImmutableMap.of("nats.servers", cluster.urls()));
        return runner;
    }

    @AfterAll
    void closeConnections()
            throws Exception
    {
        connection.close();
        clusterConnection.close();
    }

    private static void publish(Connection connection, String prefix, int messages)
            throws Exception
    {
        JetStream jetStream = connection.jetStream();
        List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            acks.add(jetStream.publishAsync(prefix + "." + i % 10, "{\"i\": %d, \"p\": \"%s\"}".formatted(i, "x".repeat(100)).getBytes(UTF_8)));
            if (acks.size() == 2000) {
                acks.forEach(CompletableFuture::join);
                acks.clear();
            }
        }
        acks.forEach(CompletableFuture::join);
    }

    @Test
    void testServerKilled()
            throws Exception
    {
        repeatInScan("server killed and restarted after 500 ms", "proxied", 500, _ -> {
            server.kill();
            Thread.sleep(500);
            server.start();
        });
    }

    @Test
    void testConnectionCut()
            throws Exception
    {
        repeatInScan("connection cut ten times", "proxied", 0, scan -> {
            for (int i = 0; i < 10 && !scan.isDone(); i++) {
                proxy.cut();
                awaitBytes(scan, 500_000);
            }
        });
    }

    @Test
    void testConsumersDeleted()
            throws Exception
    {
        JetStreamManagement management = connection.jetStreamManagement();
        repeatInScan("consumers deleted", "proxied", 0, _ -> {
            for (String consumer : management.getConsumerNames("MANY")) {
                try {
                    management.deleteConsumer("MANY", consumer);
                }
                catch (JetStreamApiException e) {
                    // its reader was faster
                }
            }
        });
    }

    @Test
    void testLeaderKilled()
            throws Exception
    {
        List<Long> addedMillis = new ArrayList<>();
        long undisturbed = undisturbedMillis("replicated");
        while (addedMillis.size() < REPEATS) {
            int leader = cluster.awaitReplicas(clusterConnection, "MANY");
            long recoveries = ReaderMetrics.recoveries();
            long messages = ReaderMetrics.messages();
            long start = System.nanoTime();
            CompletableFuture<MaterializedResult> scan = scan("replicated");
            while (!scan.isDone() && ReaderMetrics.messages() - messages < MESSAGES / 10) {
                Thread.onSpinWait();
            }
            cluster.kill(leader);
            assertExact(scan.get());
            if (ReaderMetrics.recoveries() > recoveries) {
                addedMillis.add(millisSince(start) - undisturbed);
            }
            cluster.start(leader);
        }
        report("leader killed", addedMillis);
    }

    @Test
    void testPurge()
            throws Exception
    {
        JetStreamManagement management = connection.jetStreamManagement();
        management.addStream(stream("PURGED", "purged.>").build());
        publish(connection, "purged", PURGED_MESSAGES);
        CompletableFuture<MaterializedResult> scan = inScan("SELECT count(*), count(DISTINCT _sequence), count(i) FROM proxied.streams.purged", _ -> management.purgeStream("PURGED"));
        long start = System.nanoTime();
        List<Object> row = scan.get().getMaterializedRows().getFirst().getFields();
        log.info("purge of %s messages: the scan ended %s ms later with %s rows", PURGED_MESSAGES, millisSince(start), row.getFirst());
        assertThat((long) row.getFirst()).isBetween(1L, PURGED_MESSAGES - 1L).isEqualTo(row.get(1)).isEqualTo(row.get(2));
        management.deleteStream("PURGED");
    }

    @Test
    void testStreamDeleted()
            throws Exception
    {
        JetStreamManagement management = connection.jetStreamManagement();
        management.addStream(stream("DELETED", "deleted.>").build());
        publish(connection, "deleted", MESSAGES);
        CompletableFuture<MaterializedResult> scan = inScan("SELECT count(i) FROM proxied.streams.deleted", _ -> management.deleteStream("DELETED"));
        assertThat(scan).failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .withMessageContaining("JetStream error: scan stream DELETED: stream not found");
    }

    @Test
    void testHeadExpires()
            throws Exception
    {
        JetStreamManagement management = connection.jetStreamManagement();
        management.addStream(stream("EXPIRING", "expiring.>").build());
        publish(connection, "expiring", MESSAGES);
        CompletableFuture<MaterializedResult> scan = inScan(
                "SELECT count(*), count(DISTINCT _sequence), max(_sequence) FROM (SELECT i, _sequence FROM proxied.streams.expiring WHERE i >= 0)",
                _ -> management.purgeStream("EXPIRING", PurgeOptions.builder().sequence(MESSAGES / 2).build()));
        List<Object> row = scan.get().getMaterializedRows().getFirst().getFields();
        assertThat((long) row.getFirst()).isBetween((long) MESSAGES / 2 + 1, (long) MESSAGES).isEqualTo(row.get(1));
        assertThat(row.get(2)).isEqualTo((long) MESSAGES);
    }

    @Test
    void testExpiredMessagesFail()
            throws Exception
    {
        JetStreamManagement management = connection.jetStreamManagement();
        Session session = Session.builder(getSession()).setCatalogSessionProperty("proxied", "on_expired", "FAIL").build();
        management.addStream(stream("DROPPING", "dropping.>").build());
        publish(connection, "dropping", MESSAGES);
        // nothing is gone yet, and filters and later messages do not count
        assertThat(computeActual(session, "SELECT count(i) FROM proxied.streams.dropping").getOnlyValue()).isEqualTo((long) MESSAGES);
        assertThat(computeActual(session, "SELECT count(i) FROM proxied.streams.dropping WHERE _subject = 'dropping.1' AND _sequence > 1000").getOnlyValue()).isEqualTo(MESSAGES / 10 - 100L);
        proxy.throttle(THROTTLED_BYTES_PER_SECOND);
        CompletableFuture<MaterializedResult> scan = CompletableFuture.supplyAsync(() -> computeActual(session, "SELECT count(i) FROM proxied.streams.dropping"));
        awaitBytes(scan, EARLY_BYTES);
        management.purgeStream("DROPPING", PurgeOptions.builder().sequence(MESSAGES - 10).build());
        proxy.throttle(Long.MAX_VALUE);
        assertThat(scan).failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .withMessageMatching("(?s).*sequences of stream DROPPING were gone before they were read.*");
    }

    private interface Fault
    {
        void strike(Future<?> scan)
                throws Exception;
    }

    /// Runs a scan that is slow enough to be struck in its middle.
    private CompletableFuture<MaterializedResult> inScan(String sql, Fault fault)
            throws Exception
    {
        proxy.throttle(THROTTLED_BYTES_PER_SECOND);
        try {
            CompletableFuture<MaterializedResult> scan = CompletableFuture.supplyAsync(() -> computeActual(sql));
            awaitBytes(scan, EARLY_BYTES);
            fault.strike(scan);
            return scan;
        }
        finally {
            proxy.throttle(Long.MAX_VALUE);
        }
    }

    private void repeatInScan(String name, String catalog, long downMillis, Fault fault)
            throws Exception
    {
        List<Long> addedMillis = new ArrayList<>();
        proxy.throttle(THROTTLED_BYTES_PER_SECOND);
        long undisturbed = undisturbedMillis(catalog);
        for (int attempt = 0; addedMillis.size() < REPEATS; attempt++) {
            assertThat(attempt).as("attempts in which the fault came too late").isLessThan(10 * REPEATS);
            long recoveries = ReaderMetrics.recoveries();
            proxy.throttle(THROTTLED_BYTES_PER_SECOND);
            long start = System.nanoTime();
            CompletableFuture<MaterializedResult> scan = scan(catalog);
            awaitBytes(scan, EARLY_BYTES);
            fault.strike(scan);
            assertExact(scan.get());
            // a scan that was too fast for the fault says nothing
            if (ReaderMetrics.recoveries() > recoveries) {
                addedMillis.add(millisSince(start) - undisturbed - downMillis);
            }
        }
        proxy.throttle(Long.MAX_VALUE);
        report(name, addedMillis);
    }

    private void awaitBytes(Future<?> scan, long bytes)
            throws InterruptedException
    {
        long before = proxy.passedBytes();
        while (!scan.isDone() && proxy.passedBytes() - before < bytes) {
            Thread.sleep(1);
        }
    }

    private CompletableFuture<MaterializedResult> scan(String catalog)
    {
        return CompletableFuture.supplyAsync(() -> computeActual(SCAN.formatted(catalog)));
    }

    private long undisturbedMillis(String catalog)
    {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            assertExact(computeActual(SCAN.formatted(catalog)));
            millis.add(millisSince(start));
        }
        millis.sort(naturalOrder());
        return millis.get(millis.size() / 2);
    }

    private static long millisSince(long nanos)
    {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    private static void report(String fault, List<Long> addedMillis)
    {
        List<Long> sorted = ImmutableList.sortedCopyOf(addedMillis);
        log.info("%s: %s of %s results are exact, added ms: median %s, most %s", fault, sorted.size(), REPEATS, sorted.get(sorted.size() / 2), sorted.getLast());
    }

    private static void assertExact(MaterializedResult result)
    {
        assertThat(result.getMaterializedRows().getFirst().getFields())
                .containsExactly((long) MESSAGES, (long) MESSAGES * (MESSAGES - 1) / 2, (long) MESSAGES, "x".repeat(100));
    }
}
