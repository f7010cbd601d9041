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

import io.airlift.log.Logger;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.api.PublishAck;
import io.trino.Session;
import io.trino.execution.QueryStats;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.QueryRunner;
import io.trino.testing.QueryRunner.MaterializedResultWithPlan;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

/// Many subjects and many messages cost neither time to plan nor memory to read.
final class TestNatsScale
        extends AbstractTestQueryFramework
{
    private static final Logger log = Logger.get(TestNatsScale.class);
    private static final int SUBJECTS = 100_000;
    private static final int MESSAGES = 800_000;
    private static final int TEXT_LENGTH = 150;
    private static final int SMALL_MESSAGES = 100_000;
    private static final int LARGE_MESSAGES = 1500;
    private static final int LARGE_LENGTH = 100_000;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        TestingNatsServer server = closeAfterClass(new TestingNatsServer());
        try (Connection connection = server.connect()) {
            connection.jetStreamManagement().addStream(stream("SUBJECTS", "subjects.>").build());
            connection.jetStreamManagement().addStream(stream("MANY", "many").build());
            publish(connection, SUBJECTS, i -> "subjects.%s.%s".formatted(i % 100, i));
            publish(connection, MESSAGES, _ -> "many");
            connection.jetStreamManagement().addStream(stream("UNEVEN", "uneven").build());
            publish(connection, SMALL_MESSAGES, _ -> "uneven");
            for (int i = 0; i < LARGE_MESSAGES; i++) {
                connection.jetStream().publish("uneven", "{\"i\": %s, \"text\": \"%s\"}".formatted(i, "x".repeat(LARGE_LENGTH)).getBytes(UTF_8));
            }
        }
        return NatsQueryRunner.builder(server)
                // much less than the stream
                .addConnectorProperty("nats.max-buffered-bytes", "256kB")
                .build();
    }

    private static void publish(Connection connection, int messages, IntFunction<String> subject)
            throws Exception
    {
        JetStream jetStream = connection.jetStream();
        List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            acks.add(jetStream.publishAsync(subject.apply(i), "{\"i\": %s, \"text\": \"%s\"}".formatted(i, "x".repeat(TEXT_LENGTH)).getBytes(UTF_8)));
            if (acks.size() == 4000) {
                acks.forEach(CompletableFuture::join);
                acks.clear();
            }
        }
        acks.forEach(CompletableFuture::join);
    }

    @Test
    void testManySubjects()
    {
        assertPlansAndRuns(getSession(), "SELECT count(i) FROM streams.subjects", SUBJECTS);
        assertPlansAndRuns(getSession(), "SELECT count(i) FROM streams.subjects WHERE _subject LIKE 'subjects.7.%'", SUBJECTS / 100);
        String thousand = IntStream.range(0, 1000).mapToObj(i -> "'subjects.%s.%s'".formatted(i % 100, i)).collect(joining(", "));
        assertPlansAndRuns(getSession(), "SELECT count(i) FROM streams.subjects WHERE _subject IN (%s)".formatted(thousand), 1000);
        Session perSubject = Session.builder(getSession()).setCatalogSessionProperty("nats", "split_strategy", "SUBJECT").build();
        assertPlansAndRuns(perSubject, "SELECT count(i) FROM streams.subjects WHERE _subject LIKE 'subjects.7.%'", SUBJECTS / 100);
        assertPlansAndRuns(getSession(), "SELECT count(*) FROM (SELECT _subject, count(*) FROM streams.subjects GROUP BY _subject)", SUBJECTS);
    }

    private void assertPlansAndRuns(Session session, String sql, long expected)
    {
        MaterializedResultWithPlan result = getDistributedQueryRunner().executeWithPlan(session, sql);
        QueryStats stats = queryStats(result);
        // splits are planned while the query runs, so all of it is an upper bound
        log.info("%s subjects: planned in %s, ran in %s: %s", SUBJECTS, stats.getPlanningTime(), stats.getElapsedTime(), sql.substring(0, Math.min(90, sql.length())));
        assertThat(result.result().getOnlyValue()).isEqualTo(expected);
    }

    @Test
    void testMemoryIsBound()
    {
        long memory = peakMemory("many");
        log.info("memory of a scan of %s messages of more than %s bytes: %s bytes", MESSAGES, TEXT_LENGTH, memory);
        assertThat(memory).isPositive().isLessThan((long) MESSAGES * TEXT_LENGTH / 3);
    }

    /// The large messages come together, and are no match for requests sized by the mean.
    @Test
    void testMemoryIsBoundForUnevenSizes()
    {
        assertQuery("SELECT count(*), count(DISTINCT _sequence), sum(length(text)) FROM streams.uneven", "VALUES (%s, %s, %s)".formatted(
                SMALL_MESSAGES + LARGE_MESSAGES,
                SMALL_MESSAGES + LARGE_MESSAGES,
                (long) SMALL_MESSAGES * TEXT_LENGTH + (long) LARGE_MESSAGES * LARGE_LENGTH));
        long memory = peakMemory("uneven");
        log.info("memory of a scan of %s messages of %s bytes after %s small ones: %s bytes", LARGE_MESSAGES, LARGE_LENGTH, SMALL_MESSAGES, memory);
        assertThat(memory).isPositive().isLessThan((long) LARGE_MESSAGES * LARGE_LENGTH / 4);
    }

    private long peakMemory(String stream)
    {
        long peak = 0;
        for (int i = 0; i < 3; i++) {
            MaterializedResultWithPlan result = getDistributedQueryRunner().executeWithPlan(getSession(), "SELECT max(text), sum(i) FROM streams." + stream);
            peak = Math.max(peak, queryStats(result).getPeakTotalMemoryReservation().toBytes());
        }
        return peak;
    }

    private QueryStats queryStats(MaterializedResultWithPlan result)
    {
        return getDistributedQueryRunner().getCoordinator().getQueryManager().getFullQueryInfo(result.queryId()).getQueryStats();
    }
}
