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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.airlift.log.Logger;
import io.airlift.units.Duration;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.api.PublishAck;
import io.nats.client.api.RetentionPolicy;
import io.trino.dispatcher.DispatchManager;
import io.trino.server.BasicQueryInfo;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

import static io.airlift.concurrent.Threads.daemonThreadsNamed;
import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static io.trino.execution.QueryState.PLANNING;
import static io.trino.execution.QueryState.STARTING;
import static io.trino.testing.assertions.Assert.assertEventually;
import static java.lang.Math.max;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.Executors.newFixedThreadPool;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

/// Many queries, a third of them cancelled: nothing of them is left, neither here nor on the server.
final class TestNatsLeaks
        extends AbstractTestQueryFramework
{
    private static final Logger log = Logger.get(TestNatsLeaks.class);
    private static final int QUERIES = Integer.getInteger("streamlance.queries", 200);
    private static final int CLIENTS = 4;
    private static final int MESSAGES = 30_000;
    private static final List<String> SHAPES = List.of(
            "SELECT sum(i), max(p) FROM streams.leaks",
            "SELECT _subject, count(*) FROM streams.leaks WHERE _sequence > 10 GROUP BY _subject",
            "SELECT i FROM streams.leaks LIMIT 17",
            "SELECT i FROM streams.leaks WHERE _subject IN ('leaks.1', 'leaks.3') ORDER BY _sequence DESC LIMIT 3",
            "SELECT a.i FROM streams.leaks a JOIN streams.leaks b ON a.i = b.i + 1 LIMIT 5",
            "SELECT count(i) FROM streams.\"leaks$last\"",
            "SELECT sum(i) FROM streams.work WHERE i > 3",
            "SELECT i / (i - i) FROM streams.leaks");

    /// Runs for so long that it is surely there to be cancelled.
    private static final String LONG_QUERY = "SELECT sum(a.i * b.i + c.i) FROM streams.leaks a CROSS JOIN streams.leaks b CROSS JOIN (SELECT i FROM streams.leaks LIMIT 100) c";

    private TestingNatsServer server;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        server = closeAfterClass(new TestingNatsServer());
        try (Connection connection = server.connect()) {
            connection.jetStreamManagement().addStream(stream("LEAKS", "leaks.*").build());
            connection.jetStreamManagement().addStream(stream("WORK", "work.*").retentionPolicy(RetentionPolicy.WorkQueue).build());
            publish(connection, "leaks", MESSAGES);
            publish(connection, "work", 1000);
        }
        return NatsQueryRunner.builder(server).build();
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
    void testNothingIsLeft()
            throws Exception
    {
        for (String sql : SHAPES) {
            run(sql);
        }
        long threads = settledThreads();

        AtomicInteger cancelled = new AtomicInteger();
        try (ExecutorService executor = newFixedThreadPool(CLIENTS, daemonThreadsNamed("leak-test-%s"))) {
            List<CompletableFuture<?>> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                int seed = client;
                clients.add(CompletableFuture.runAsync(() -> queries(seed, cancelled), executor));
            }
            clients.forEach(CompletableFuture::join);
        }
        log.info("%s queries, %s cancelled", QUERIES, cancelled);
        assertThat(cancelled.get()).isGreaterThan(QUERIES / 5);

        try (Connection connection = server.connect()) {
            assertEventually(new Duration(5, SECONDS), () -> {
                assertThat(connection.jetStreamManagement().getConsumerNames("LEAKS")).isEmpty();
                assertThat(ReaderMetrics.openReaders()).isZero();
            });
        }
        assertEventually(new Duration(10, SECONDS), () -> assertThat(subscriptionsBeyondRequests()).isZero());
        // threads of a pool that were not needed for a while end
        assertEventually(new Duration(90, SECONDS), () -> assertThat(natsThreads()).isLessThanOrEqualTo(threads));
    }

    private void queries(int seed, AtomicInteger cancelled)
    {
        Random random = new Random(seed);
        for (int i = 0; i < QUERIES / CLIENTS; i++) {
            // some of them end before they are cancelled
            boolean cancels = random.nextInt(100) < 48;
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
            assertThat(e).hasMessageMatching("(?s).*(Query was canceled|Division by zero).*");
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

    private static long settledThreads()
            throws InterruptedException
    {
        Thread.sleep(1000);
        return natsThreads();
    }

    private static long natsThreads()
    {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("nats"))
                .count();
    }

    /// Subscriptions of all client connections, as the server sees them, without the one for answers to requests that the
    /// client library keeps on each.
    private int subscriptionsBeyondRequests()
    {
        URI uri = URI.create("http://127.0.0.1:%s/connz".formatted(server.monitoringPort()));
        try (InputStream answer = uri.toURL().openStream()) {
            int subscriptions = 0;
            for (JsonNode connection : new JsonMapper().readTree(answer).get("connections")) {
                subscriptions += max(0, connection.get("subscriptions").asInt() - 1);
            }
            return subscriptions;
        }
        catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
