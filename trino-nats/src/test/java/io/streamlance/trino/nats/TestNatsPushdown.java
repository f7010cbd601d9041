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
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.api.PublishAck;
import io.nats.client.api.RetentionPolicy;
import io.trino.Session;
import io.trino.sql.planner.plan.AggregationNode;
import io.trino.sql.planner.plan.FilterNode;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.QueryRunner;
import org.intellij.lang.annotations.Language;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.TestInstance.Lifecycle.PER_CLASS;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

/// What is left to the server, and how many messages come back for it.
@TestInstance(PER_CLASS)
@Execution(SAME_THREAD) // counts messages
final class TestNatsPushdown
        extends AbstractTestQueryFramework
{
    private static final int MESSAGES = 30_000;
    private static final int RARE_EVERY = 1000;
    /// From here on messages were published a little later.
    private static final int PAUSE_BEFORE = 20_000;

    private Connection connection;
    private String pauseTime;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        TestingNatsServer server = closeAfterClass(new TestingNatsServer());
        connection = server.connect();
        connection.jetStreamManagement().addStream(stream("EVENTS", "events.>").build());
        publish(0, PAUSE_BEFORE);
        Thread.sleep(50);
        pauseTime = java.time.Instant.now().toString();
        Thread.sleep(50);
        publish(PAUSE_BEFORE, MESSAGES);
        connection.jetStreamManagement().addStream(stream("JOBS", "jobs.*").retentionPolicy(RetentionPolicy.WorkQueue).build());
        for (int i = 0; i < 100; i++) {
            connection.jetStream().publish("jobs." + i % 2, "{\"i\": %s}".formatted(i).getBytes(UTF_8));
        }
        return NatsQueryRunner.builder(server).build();
    }

    private void publish(int from, int to)
            throws Exception
    {
        JetStream jetStream = connection.jetStream();
        List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
        for (int i = from; i < to; i++) {
            String subject = i % RARE_EVERY == 0 ? "events.rare.x" : "events.common." + i % 7;
            acks.add(jetStream.publishAsync(subject, "{\"i\": %s}".formatted(i).getBytes(UTF_8)));
            if (acks.size() == 4000) {
                acks.forEach(CompletableFuture::join);
                acks.clear();
            }
        }
        acks.forEach(CompletableFuture::join);
    }

    @AfterAll
    void closeConnection()
            throws Exception
    {
        connection.close();
    }

    @Test
    void testCounts()
    {
        assertMetadataQuery("SELECT count(*) FROM streams.events", "VALUES BIGINT '%s'".formatted(MESSAGES));
        assertMetadataQuery("SELECT count(*), count(_sequence), count(_timestamp) FROM streams.events WHERE _subject = 'events.rare.x'", "VALUES (BIGINT '30', BIGINT '30', BIGINT '30')");
        assertMetadataQuery("SELECT count(*) FROM streams.events WHERE _sequence BETWEEN 101 AND 200", "VALUES BIGINT '100'");
        assertMetadataQuery("SELECT count(*) FROM streams.events WHERE _subject IN ('events.rare.x', 'events.common.1', 'events.no')", "VALUES BIGINT '4312'");
        assertMetadataQuery("SELECT count(*) FROM streams.events WHERE _subject = 'events.no'", "VALUES BIGINT '0'");
        assertMetadataQuery("SELECT count(*) FROM streams.jobs", "VALUES BIGINT '100'");
        assertThat(query("SELECT count(DISTINCT _sequence) FROM streams.events WHERE _sequence < 11")).matches("VALUES BIGINT '10'");
        assertThat(query("SELECT count(*), count(*) FILTER (WHERE _sequence > 10) FROM streams.events WHERE _sequence < 21")).matches("VALUES (BIGINT '20', BIGINT '10')");
        assertThat(query("SELECT count(*) FROM streams.jobs WHERE _subject = 'jobs.1'")).isNotFullyPushedDown(AggregationNode.class);
    }

    @Test
    void testEnds()
    {
        assertMetadataQuery("SELECT min(_sequence), max(_sequence) FROM streams.events", "VALUES (BIGINT '1', BIGINT '%s')".formatted(MESSAGES));
        assertMetadataQuery("SELECT min(_sequence), max(_sequence), count(*) FROM streams.events WHERE _subject = 'events.rare.x' AND _sequence > 1", "VALUES (BIGINT '1001', BIGINT '29001', BIGINT '29')");
        assertMetadataQuery("SELECT min(_sequence), max(_timestamp), count(*) FROM streams.events WHERE _subject = 'events.no'", "VALUES (CAST(NULL AS bigint), CAST(NULL AS timestamp(9) with time zone), BIGINT '0')");
        assertMetadataQuery("SELECT max(_sequence) FROM streams.jobs WHERE _subject = 'jobs.0'", "VALUES BIGINT '99'");
        assertReceives("SELECT min(_timestamp) < max(_timestamp) FROM streams.events", 0);
        assertSameWithoutPushdown("SELECT min(_timestamp), max(_timestamp) FROM streams.events");
        assertSameWithoutPushdown("SELECT min(_timestamp), max(_timestamp) FROM streams.events WHERE _subject = 'events.rare.x'");
    }

    @Test
    void testCountsBySubject()
    {
        assertThat(query("SELECT _subject, count(*) FROM streams.events GROUP BY _subject")).isFullyPushedDown();
        assertThat(query("SELECT DISTINCT _subject FROM streams.events")).isFullyPushedDown();
        assertSameWithoutPushdown("SELECT _subject, count(*) FROM streams.events GROUP BY _subject");
        assertSameWithoutPushdown("SELECT count(*), _subject FROM streams.events WHERE _subject LIKE 'events.common.%' GROUP BY _subject");
        assertThat(query("SELECT _subject, count(*) FROM streams.events WHERE _sequence > 10 GROUP BY _subject")).isNotFullyPushedDown(AggregationNode.class);
        assertThat(query("SELECT _subject, max(_sequence) FROM streams.events GROUP BY _subject")).isNotFullyPushedDown(AggregationNode.class);
    }

    @Test
    void testNewestRows()
    {
        assertReceives("SELECT i FROM streams.events ORDER BY _sequence DESC LIMIT 10", 10);
        assertReceives("SELECT i, _timestamp FROM streams.events ORDER BY _timestamp DESC LIMIT 10", 10);
        assertReceives("SELECT i FROM streams.events ORDER BY _sequence LIMIT 10", 10);
        assertReceives("SELECT i FROM streams.events WHERE _subject = 'events.rare.x' ORDER BY _sequence DESC LIMIT 3", 3 * 8);
        assertThat(query("SELECT i FROM streams.events ORDER BY _sequence DESC LIMIT 3")).ordered().matches("VALUES BIGINT '29999', BIGINT '29998', BIGINT '29997'");
        assertThat(query("SELECT i FROM streams.events WHERE _subject = 'events.rare.x' ORDER BY _sequence DESC LIMIT 2")).ordered().matches("VALUES BIGINT '29000', BIGINT '28000'");
        assertThat(query("SELECT i FROM streams.events WHERE _subject IN ('events.rare.x', 'events.common.3') ORDER BY _sequence LIMIT 2")).ordered().matches("VALUES BIGINT '0', BIGINT '3'");
        assertThat(query("SELECT i FROM streams.events WHERE _subject IN ('events.rare.x', 'events.common.3') ORDER BY _sequence DESC, i LIMIT 2")).ordered().matches("VALUES BIGINT '29998', BIGINT '29991'");
        assertThat(query("SELECT i FROM streams.jobs ORDER BY _sequence DESC LIMIT 2")).ordered().matches("VALUES BIGINT '99', BIGINT '98'");
        assertThat(query("SELECT count(*) FROM (SELECT * FROM streams.events ORDER BY _sequence DESC LIMIT 50000)")).matches("VALUES BIGINT '30000'");
        assertThat(query("SELECT i FROM (SELECT * FROM streams.events ORDER BY _sequence DESC LIMIT 10) WHERE i % 2 = 0 ORDER BY i LIMIT 1")).matches("VALUES BIGINT '29990'");
    }

    @Test
    void testTime()
    {
        @Language("SQL") String later = "SELECT count(i), min(i), max(i) FROM streams.events WHERE _timestamp >= from_iso8601_timestamp('%s')".formatted(pauseTime);
        assertThat(query(later)).matches("VALUES (BIGINT '10000', BIGINT '20000', BIGINT '29999')");
        assertReceives(later, MESSAGES - PAUSE_BEFORE);
        assertSameWithoutPushdown(later);
        assertReceives("SELECT count(i) FROM streams.events WHERE _timestamp < from_iso8601_timestamp('%s')".formatted(pauseTime), PAUSE_BEFORE);
        assertReceives("SELECT count(i) FROM streams.events WHERE _timestamp > now() + INTERVAL '1' DAY", 0);
        assertReceives("SELECT count(i) FROM streams.events WHERE _timestamp < now() - INTERVAL '1' DAY", 0);
        assertThat(query("SELECT count(i) FROM streams.events WHERE _timestamp < TIMESTAMP '3000-01-01 00:00:00 UTC'")).matches("VALUES BIGINT '30000'");
        assertThat(query("SELECT count(i) FROM streams.events WHERE _timestamp > TIMESTAMP '3000-01-01 00:00:00 UTC'")).matches("VALUES BIGINT '0'");
        assertThat(query("SELECT count(i) FROM streams.events WHERE _timestamp > TIMESTAMP '1000-01-01 00:00:00 UTC'")).matches("VALUES BIGINT '30000'");
        assertThat(query("SELECT count(i) FROM streams.jobs WHERE _timestamp > now() - INTERVAL '1' HOUR")).matches("VALUES BIGINT '100'");
        // the time of one message is the bound of a range
        assertThat(query("SELECT count(i), min(_sequence) FROM streams.events WHERE _timestamp >= (SELECT _timestamp FROM streams.events WHERE _sequence = 17)")).matches("VALUES (BIGINT '29984', BIGINT '17')");
    }

    @Test
    void testSubjectPrefix()
    {
        assertReceives("SELECT i FROM streams.events WHERE _subject LIKE 'events.rare.%'", 30);
        assertReceives("SELECT i FROM streams.events WHERE _subject LIKE 'events.rare%'", MESSAGES);
        assertReceives("SELECT i FROM streams.events WHERE _subject LIKE 'events.rare.%' OR _subject = 'events.no'", 30);
        assertThat(query("SELECT i FROM streams.events WHERE _subject LIKE 'events.rare.%x'")).isNotFullyPushedDown(FilterNode.class);
        for (String predicate : ImmutableList.of(
                "_subject LIKE 'events.rare.%'",
                "_subject LIKE 'events.%.3'",
                "_subject LIKE 'events._are.%'",
                "_subject LIKE '%3'",
                "_subject LIKE 'events.common.%' AND _subject NOT LIKE '%3'",
                "_subject BETWEEN 'events.common.1' AND 'events.common.4'",
                "_subject < 'events.d'",
                "_subject <> 'events.common.0'",
                "_subject LIKE 'events.*.%'",
                "starts_with(_subject, 'events.rare')",
                "_subject LIKE 'events.common.%' OR _subject = 'events.common.1' OR _subject = 'events.rare.x'")) {
            assertSameWithoutPushdown("SELECT count(i), sum(i) FROM streams.events WHERE " + predicate);
        }
    }

    @Test
    void testRareSubject()
    {
        // a subject that holds a thousandth of the messages
        assertReceives("SELECT sum(i) FROM streams.events WHERE _subject = 'events.rare.x'", MESSAGES / RARE_EVERY);
        assertReceives("SELECT i FROM streams.events WHERE _subject = 'events.common.1' LIMIT 10", 10);
    }

    @Test
    void testDynamicFilter()
    {
        // the few rows of one side say which messages of the other side are wanted
        @Language("SQL") String bySequence = "SELECT count(e.i) FROM streams.events e JOIN (VALUES BIGINT '5', BIGINT '17') v(s) ON e._sequence = v.s";
        assertThat(query(bySequence)).matches("VALUES BIGINT '2'");
        assertReceives(bySequence, 13);
        @Language("SQL") String bySubject = "SELECT count(e.i) FROM streams.events e JOIN (VALUES VARCHAR 'events.rare.x', 'events.no') v(s) ON e._subject = v.s";
        assertThat(query(bySubject)).matches("VALUES BIGINT '30'");
        assertReceives(bySubject, 30);
        assertReceives("SELECT count(e.i) FROM streams.events e JOIN (SELECT VARCHAR 'x' s WHERE random() > 2) v ON e._subject = v.s", 0);
        // a limit below the join has its rows chosen before
        assertThat(query("SELECT count(e.i) FROM (SELECT i, _sequence FROM streams.events ORDER BY _sequence LIMIT 3) e JOIN (VALUES BIGINT '2', BIGINT '17') v(s) ON e._sequence = v.s")).matches("VALUES BIGINT '1'");
    }

    @Test
    void testLastPerSubject()
    {
        assertThat(query("SELECT _subject, i FROM streams.\"events$last\"")).matches(
                """
                VALUES (VARCHAR 'events.rare.x', BIGINT '29000'),
                  (VARCHAR 'events.common.0', BIGINT '29995'), ('events.common.1', BIGINT '29996'), ('events.common.2', BIGINT '29997'), ('events.common.3', BIGINT '29998'),
                  ('events.common.4', BIGINT '29999'), ('events.common.5', BIGINT '29993'), ('events.common.6', BIGINT '29994')
                """);
        assertSameWithoutPushdown("SELECT i FROM streams.\"events$last\" WHERE _sequence BETWEEN 29001 AND 29997");
        assertThat(query("SELECT i FROM streams.\"events$last\" WHERE _sequence BETWEEN 29001 AND 29995")).matches("VALUES BIGINT '29000', BIGINT '29993', BIGINT '29994'");
        assertThat(query("SELECT i FROM streams.\"events$last\" ORDER BY _sequence DESC LIMIT 2")).ordered().matches("VALUES BIGINT '29999', BIGINT '29998'");
        assertThat(query("SELECT i FROM streams.\"events$last\" ORDER BY _sequence LIMIT 2")).ordered().matches("VALUES BIGINT '29000', BIGINT '29993'");
        assertThat(query("SELECT count(*), max(_sequence) FROM streams.\"events$last\" WHERE _subject LIKE 'events.common.%'")).matches("VALUES (BIGINT '7', BIGINT '30000')");
        assertReceives("SELECT count(*) FROM streams.\"events$last\"", 8);
        assertThat(query("SELECT count(*) FROM streams.\"events$last\" WHERE _timestamp < from_iso8601_timestamp('%s')".formatted(pauseTime))).matches("VALUES BIGINT '0'");
        assertThat(query("SELECT count(*) FROM streams.\"events$last\" WHERE _subject = 'events.no'")).matches("VALUES BIGINT '0'");
        assertQueryFails("SELECT * FROM streams.\"jobs$last\"", ".*the newest messages of a workqueue stream cannot be read without holding others");
        assertQueryFails("SELECT * FROM streams.\"events$last\" FOR VERSION AS OF 5", ".*has the newest messages only, and no versions");
        assertQueryFails("SELECT * FROM streams.\"nothing$last\"", ".*nothing\\$last.* does not exist");
    }

    @Test
    void testTimeTravel()
    {
        assertThat(query("SELECT count(*), max(_sequence) FROM streams.events FOR VERSION AS OF 500")).matches("VALUES (BIGINT '500', BIGINT '500')");
        assertThat(query("SELECT count(i) FROM streams.events FOR VERSION AS OF 0")).matches("VALUES BIGINT '0'");
        assertThat(query("SELECT count(i), max(_sequence) FROM streams.events FOR TIMESTAMP AS OF from_iso8601_timestamp('%s')".formatted(pauseTime))).matches("VALUES (BIGINT '20000', BIGINT '20000')");
        assertThat(query("SELECT count(i) FROM streams.events FOR TIMESTAMP AS OF DATE '2020-01-01'")).matches("VALUES BIGINT '0'");
        assertQueryFails("SELECT count(i) FROM streams.events FOR TIMESTAMP AS OF TIMESTAMP '2100-01-01 00:00:00'", ".*is not in the past");
        assertThat(query("SELECT i FROM streams.events FOR VERSION AS OF 500 ORDER BY _sequence DESC LIMIT 1")).matches("VALUES BIGINT '499'");
        assertThat(query("SELECT a.i FROM streams.events FOR VERSION AS OF 3 a JOIN streams.events b ON a.i = b.i WHERE b._sequence > 1")).matches("VALUES BIGINT '1', BIGINT '2'");
        assertQueryFails("SELECT * FROM streams.events FOR VERSION AS OF -1", ".*wants the sequence of a message, which is not negative: -1");
        assertQueryFails("SELECT * FROM streams.events FOR VERSION AS OF 'x'", ".*wants the sequence of a message, a bigint, and not a value of type varchar.*");
        assertQueryFails("SELECT * FROM streams.events FOR VERSION AS OF 30001", ".*Stream EVENTS has no sequence 30001, its last one is 30000");
        assertQueryFails("SELECT * FROM streams.events FOR TIMESTAMP AS OF TIMESTAMP '1000-01-01 00:00:00'", ".*FOR TIMESTAMP AS OF is out of range.*");
    }

    private void assertMetadataQuery(@Language("SQL") String sql, @Language("SQL") String expected)
    {
        assertThat(query(sql)).isFullyPushedDown();
        assertThat(query(sql)).matches(expected);
        assertReceives(sql, 0);
        assertThat(query(withoutPushdown(), sql)).matches(expected);
    }

    private void assertSameWithoutPushdown(@Language("SQL") String sql)
    {
        assertThat(computeActual(sql).getMaterializedRows())
                .containsExactlyInAnyOrderElementsOf(computeActual(withoutPushdown(), sql).getMaterializedRows());
    }

    private Session withoutPushdown()
    {
        Session.SessionBuilder session = Session.builder(getSession());
        for (String kind : ImmutableList.of("subject", "sequence", "timestamp", "limit", "topn", "aggregation")) {
            session.setCatalogSessionProperty("nats", kind + "_pushdown_enabled", "false");
        }
        return session.build();
    }

    private void assertReceives(@Language("SQL") String sql, long messages)
    {
        long before = receivedMessages();
        computeActual(sql);
        assertThat(receivedMessages() - before).as(sql).isLessThanOrEqualTo(messages);
    }

    private static long receivedMessages()
    {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            long messages = 0;
            for (ObjectName name : server.queryNames(new ObjectName("trino.plugin.nats*:*"), null)) {
                messages += (long) server.getAttribute(name, "Messages");
            }
            return messages;
        }
        catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }
}
