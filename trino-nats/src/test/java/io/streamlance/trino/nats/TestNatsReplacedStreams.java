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

import com.google.common.collect.ImmutableMap;
import io.airlift.log.Logger;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import io.trino.testing.MaterializedResult;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static java.util.Locale.ENGLISH;
import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

/// A stream is deleted and made again under its name, with other messages, while it is read: the result is that of one of the
/// two, or an error says what happened.
@Execution(SAME_THREAD) // the proxy is shared
@Timeout(value = 30, unit = MINUTES)
final class TestNatsReplacedStreams
        extends AbstractTestNatsStreams
{
    private static final Logger log = Logger.get(TestNatsReplacedStreams.class);
    private static final int REPEATS = Integer.getInteger("streamlance.repeats", 3);
    private static final int OLD_MESSAGES = 15_000;
    private static final int NEW_MESSAGES = 11_000;
    private static final long BYTES_PER_SECOND = 5_000_000;

    private TestingTcpProxy proxy;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        startServer();
        proxy = closeAfterClass(new TestingTcpProxy(server.port()));
        QueryRunner runner = NatsQueryRunner.builder(server).build();
        runner.createCatalog("proxied", "nats", ImmutableMap.of(
                "nats.servers", "nats://127.0.0.1:" + proxy.port(),
                // little is under way, so that the stream is replaced before it has been asked for all
                "nats.max-buffered-bytes", "256kB"));
        return runner;
    }

    @Test
    void testConsumer()
            throws Exception
    {
        replaceInScans(stream("CONSUMED", "consumed.>").build(), "consumed", "");
    }

    @Test
    void testFilteredConsumer()
            throws Exception
    {
        // a range whose last message is told by the server only
        replaceInScans(stream("FILTERED", "filtered.>").build(), "filtered", "WHERE _subject LIKE 'filtered.%'");
    }

    @Test
    void testDirectGet()
            throws Exception
    {
        replaceInScans(stream("DIRECT", "direct.>").retentionPolicy(RetentionPolicy.WorkQueue).build(), "direct", "");
    }

    @Test
    void testMessageGet()
            throws Exception
    {
        replaceInScans(stream("GOT", "got.>").retentionPolicy(RetentionPolicy.WorkQueue).allowDirect(false).build(), "got", "");
    }

    @Test
    void testLastPerSubject()
            throws Exception
    {
        replaceInScans(stream("NEWEST", "newest.>").build(), "\"newest$last\"", "");
    }

    private void replaceInScans(StreamConfiguration configuration, String table, String condition)
            throws Exception
    {
        String subject = configuration.getName().toLowerCase(ENGLISH) + ".%s";
        Random random = new Random(configuration.getName().hashCode());
        int oldResults = 0;
        int newResults = 0;
        int errors = 0;
        management().addStream(configuration);
        publishMany(NEW_MESSAGES, subject, message(2));
        for (int attempt = 0; attempt < REPEATS; attempt++) {
            management().deleteStream(configuration.getName());
            management().addStream(configuration);
            publishMany(OLD_MESSAGES, subject, message(1));
            proxy.throttle(BYTES_PER_SECOND);
            CompletableFuture<MaterializedResult> scan = CompletableFuture.supplyAsync(() -> computeActual(
                    "SELECT count(*), min(generation), max(generation), count(DISTINCT _sequence), max(i) FROM proxied.streams.%s %s".formatted(table, condition)));
            long before = proxy.passedBytes();
            long bytes = random.nextInt(2_500_000);
            while (!scan.isDone() && proxy.passedBytes() - before < bytes) {
                Thread.sleep(1);
            }
            management().deleteStream(configuration.getName());
            management().addStream(configuration);
            publishMany(NEW_MESSAGES, subject, message(2));
            proxy.throttle(Long.MAX_VALUE);
            try {
                List<Object> row = scan.join().getMaterializedRows().getFirst().getFields();
                if (row.equals(List.of((long) OLD_MESSAGES, 1L, 1L, (long) OLD_MESSAGES, OLD_MESSAGES - 1L))) {
                    oldResults++;
                }
                else if (row.equals(List.of((long) NEW_MESSAGES, 2L, 2L, (long) NEW_MESSAGES, NEW_MESSAGES - 1L))) {
                    newResults++;
                }
                else {
                    fail("Messages of both streams, or some of one: " + row);
                }
            }
            catch (RuntimeException e) {
                assertThat(e.getCause()).hasMessageMatching("(?s).*(was deleted and made again while the query ran|stream not found|Stream '.*' .*does not exist|does not exist).*");
                errors++;
            }
        }
        log.info("%s: %s results of the first stream, %s of the second, %s errors", configuration.getName(), oldResults, newResults, errors);
        assertThat(oldResults + newResults + errors).isEqualTo(REPEATS);
    }

    private static String message(int generation)
    {
        return "{\"generation\": " + generation + ", \"i\": %s, \"p\": \"" + "x".repeat(150) + "\"}";
    }
}
