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
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.PurgeOptions;
import io.nats.client.api.PublishAck;
import io.nats.client.api.RetentionPolicy;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.MaterializedResult;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

/// The newest messages are there although others write and delete at the same time, as in a key-value bucket.
final class TestNatsNewest
        extends AbstractTestQueryFramework
{
    private static final List<String> STREAMS = List.of("ONLY", "SOME");
    private static final int KEYS = 20_000;
    private static final int DELETED = 50;
    private static final int HOT_KEYS = 10;
    private static final long THROTTLED_BYTES_PER_SECOND = 4_000_000;
    private static final long EARLY_BYTES = 500_000;
    private static final int REPEATS = Integer.getInteger("streamlance.repeats", 3);

    private TestingNatsServer nats;
    private TestingTcpProxy proxy;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        nats = closeAfterClass(new TestingNatsServer());
        try (Connection connection = nats.connect()) {
            // the server reads the newest of many messages in another way than the only ones
            connection.jetStreamManagement().addStream(stream("ONLY", "ONLY.>").maxMessagesPerSubject(1).build());
            connection.jetStreamManagement().addStream(stream("SOME", "SOME.>").maxMessagesPerSubject(3).build());
            for (String stream : STREAMS) {
                publish(connection, KEYS, i -> stream + ".key." + i);
            }
        }
        QueryRunner runner = NatsQueryRunner.builder(nats).build();
        proxy = closeAfterClass(new TestingTcpProxy(nats.port()));
        proxy.throttle(THROTTLED_BYTES_PER_SECOND);
        runner.createCatalog("slow", "nats", ImmutableMap.of(
                "nats.servers", "nats://127.0.0.1:" + proxy.port(),
                "nats.max-buffered-bytes", "256kB"));
        return runner;
    }

    @Test
    void testUnknownEnding()
    {
        assertQueryFails("SELECT * FROM streams.\"only$foo\"", ".*Table 'streams.only\\$foo' does not exist. Of only there is also \"only\\$last\"");
        assertQueryFails("SELECT * FROM streams.\"nothing$foo\"", ".*nothing\\$foo\"' does not exist");
        assertQueryFails("SELECT * FROM streams.\"nothing$last\"", ".*nothing\\$last\"' does not exist");
    }

    @Test
    void testLastPerSubjectWhileKeysAreWritten()
            throws Exception
    {
        for (String stream : STREAMS) {
            assertLastPerSubjectWhileKeysAreWritten(stream);
        }
    }

    private void assertLastPerSubjectWhileKeysAreWritten(String stream)
            throws Exception
    {
        Random random = new Random(1);
        whileWriting(Duration.ZERO, _ -> stream + ".key." + random.nextInt(KEYS), () ->
                assertThat(computeActual("SELECT count(*), count(DISTINCT _subject) FROM streams.\"%s$last\" WHERE _subject LIKE '%s.key.%%'".formatted(stream, stream)).getMaterializedRows())
                        .isEqualTo(computeActual("VALUES (BIGINT '%s', BIGINT '%s')".formatted(KEYS, KEYS)).getMaterializedRows()));
    }

    @Test
    void testLastPerSubjectWhileKeysAreDeleted()
            throws Exception
    {
        for (String stream : STREAMS) {
            assertLastPerSubjectWhileKeysAreDeleted(stream);
        }
    }

    private void assertLastPerSubjectWhileKeysAreDeleted(String stream)
            throws Exception
    {
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            try (Connection connection = nats.connect()) {
                JetStreamManagement management = connection.jetStreamManagement();
                publish(connection, KEYS, i -> stream + ".passing." + i);
                // newer than what is deleted, and so read after it
                publish(connection, KEYS, i -> stream + ".staying." + i);
                publish(connection, KEYS, i -> stream + ".staying." + i);
                long bytes = proxy.passedBytes();
                CompletableFuture<MaterializedResult> scan = CompletableFuture.supplyAsync(() -> computeActual("SELECT split_part(_subject, '.', 2), count(*) FROM slow.streams.\"%s$last\" GROUP BY 1".formatted(stream)));
                while (!scan.isDone() && proxy.passedBytes() - bytes < EARLY_BYTES) {
                    Thread.sleep(1);
                }
                assertThat(scan).isNotDone();
                management.purgeStream(stream, PurgeOptions.subject(stream + ".passing.>"));
                // as many come as go
                publish(connection, DELETED, i -> stream + ".fresh." + i);
                if (stream.equals("SOME")) {
                    // older messages of these subjects are the newest ones now
                    long last = management.getStreamInfo(stream).getStreamState().getLastSequence() - DELETED;
                    for (long sequence = last; sequence > last - DELETED; sequence--) {
                        management.deleteMessage(stream, sequence);
                    }
                }
                assertThat(scan.get(60, SECONDS).getMaterializedRows())
                        .contains(computeActual("VALUES ('staying', BIGINT '%s')".formatted(KEYS)).getMaterializedRows().getFirst())
                        .contains(computeActual("VALUES ('key', BIGINT '%s')".formatted(KEYS)).getMaterializedRows().getFirst());
                management.purgeStream(stream, PurgeOptions.subject(stream + ".staying.>"));
                management.purgeStream(stream, PurgeOptions.subject(stream + ".fresh.>"));
            }
        }
    }

    /// Most of the newest messages have been replaced when their turn comes; others take their places.
    @Test
    void testNewestWhileTheyAreReplaced()
            throws Exception
    {
        whileWriting(Duration.ofMillis(30), i -> "ONLY.key." + i % HOT_KEYS, () -> {
            assertThat(computeActual("SELECT _sequence FROM streams.only ORDER BY _sequence DESC LIMIT 10").getRowCount()).isEqualTo(10);
            assertThat(computeActual("SELECT _sequence FROM streams.only WHERE _subject LIKE 'ONLY.key.%' ORDER BY _sequence DESC LIMIT 1000").getRowCount()).isEqualTo(1000);
        });
    }

    @Test
    void testNewestMessageIsGone()
            throws Exception
    {
        try (Connection connection = nats.connect()) {
            JetStreamManagement management = connection.jetStreamManagement();
            management.addStream(stream("GONE", "gone", "gone.>").build());
            management.addStream(stream("JOBS", "jobs.>").retentionPolicy(RetentionPolicy.WorkQueue).build());
            for (String subject : List.of("gone", "gone.a", "gone.b.c", "gone.a", "gone.b.c")) {
                connection.jetStream().publish(subject, "{}".getBytes(UTF_8));
            }
            management.deleteMessage("GONE", 5);
            assertThat(query("SELECT count(*), max(_sequence) FROM streams.gone")).matches("VALUES (BIGINT '4', BIGINT '4')");
            assertThat(query("SELECT max(_sequence) FROM streams.gone FOR VERSION AS OF 4")).matches("VALUES BIGINT '4'");
            assertThat(query("SELECT _sequence, _subject FROM streams.\"gone$last\"")).matches("VALUES (BIGINT '1', VARCHAR 'gone'), (4, 'gone.a'), (3, 'gone.b.c')");
            management.deleteMessage("GONE", 4);
            management.deleteMessage("GONE", 3);
            management.deleteMessage("GONE", 2);
            assertThat(query("SELECT max(_sequence) FROM streams.gone")).matches("VALUES BIGINT '1'");
            management.deleteMessage("GONE", 1);
            assertThat(query("SELECT max(_sequence) FROM streams.gone")).matches("VALUES CAST(NULL AS bigint)");
            assertThat(query("SELECT _sequence FROM streams.\"gone$last\"")).returnsEmptyResult();

            publish(connection, 20, i -> "jobs." + i % 3);
            JetStreamSubscription worker = connection.jetStream().subscribe("jobs.1", PullSubscribeOptions.builder().durable("worker").build());
            for (Message message : worker.fetch(20, Duration.ofSeconds(1))) {
                message.ackSync(Duration.ofSeconds(5));
            }
            assertThat(query("SELECT max(_sequence), max(_timestamp) IS NOT NULL FROM streams.jobs")).matches("VALUES (BIGINT '19', true)");
        }
    }

    private void whileWriting(Duration pause, IntFunction<String> subject, Runnable check)
            throws Exception
    {
        AtomicBoolean stop = new AtomicBoolean();
        try (Connection connection = nats.connect()) {
            JetStream jetStream = connection.jetStream();
            CompletableFuture<Integer> writer = CompletableFuture.supplyAsync(() -> {
                int written = 0;
                while (!stop.get()) {
                    jetStream.publishAsync(subject.apply(written++), "{\"i\": 1}".getBytes(UTF_8)).join();
                    LockSupport.parkNanos(pause.toNanos());
                }
                return written;
            });
            try {
                for (int repeat = 0; repeat < 3 * REPEATS; repeat++) {
                    check.run();
                }
            }
            finally {
                stop.set(true);
                assertThat(writer.get(60, SECONDS)).isGreaterThan(REPEATS);
            }
        }
    }

    private static void publish(Connection connection, int messages, IntFunction<String> subject)
            throws Exception
    {
        JetStream jetStream = connection.jetStream();
        List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            acks.add(jetStream.publishAsync(subject.apply(i), "{\"i\": %s}".formatted(i).getBytes(UTF_8)));
            if (acks.size() == 4000) {
                acks.forEach(CompletableFuture::join);
                acks.clear();
            }
        }
        acks.forEach(CompletableFuture::join);
    }
}
