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
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.Mirror;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.MaterializedRow;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TestNatsSystemTables
        extends AbstractTestNatsStreams
{
    private static final int MESSAGES = 20;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        startServer();
        JetStreamManagement management = connection.jetStreamManagement();
        management.addStream(stream("ORDERS", "orders.>", "returns").description("All orders").maxAge(Duration.ofHours(1)).maxMessages(1000).build());
        management.addStream(stream("Jobs", "jobs.*").storageType(StorageType.Memory).retentionPolicy(RetentionPolicy.WorkQueue).allowDirect(false).build());
        management.addStream(stream("EMPTY", "empty").build());
        management.addStream(StreamConfiguration.builder().name("COPY").mirror(Mirror.builder().sourceName("ORDERS").build()).build());
        JetStream jetStream = connection.jetStream();
        for (int i = 0; i < MESSAGES; i++) {
            jetStream.publish("orders." + i % 3, "{}".getBytes(UTF_8));
        }
        jetStream.publish("jobs.a", new byte[0]);
        management.deleteMessage("ORDERS", 5);
        management.addOrUpdateConsumer("ORDERS", ConsumerConfiguration.builder()
                .durable("invoices")
                .description("Sends invoices")
                .filterSubjects("orders.1", "orders.2")
                .ackPolicy(AckPolicy.Explicit)
                .ackWait(Duration.ofSeconds(20))
                .build());
        management.addOrUpdateConsumer("ORDERS", ConsumerConfiguration.builder().durable("pushed").deliverSubject("to.somebody").ackPolicy(AckPolicy.None).build());
        management.addOrUpdateConsumer("Jobs", ConsumerConfiguration.builder().durable("worker").build());
        connection.getConsumerContext("ORDERS", "invoices").fetchMessages(2).nextMessage();
        return NatsQueryRunner.builder(server).build();
    }

    @Test
    void testListings()
    {
        assertQuery("SHOW SCHEMAS LIKE 'system'", "VALUES 'system'");
        assertQuery("SHOW TABLES FROM nats.system", "VALUES 'streams', 'consumers', 'subjects'");
        assertQuery("SELECT count(*) FROM information_schema.schemata WHERE schema_name = 'system'", "VALUES 1");
        assertQuery("SELECT table_name FROM information_schema.tables WHERE table_schema = 'system'", "VALUES 'streams', 'consumers', 'subjects'");
        assertQuery(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'system' AND table_name = 'subjects'",
                "VALUES ('stream', 'varchar'), ('subject', 'varchar'), ('messages', 'bigint')");
    }

    @Test
    void testStreams()
            throws Exception
    {
        assertThat(query("SELECT stream, description, subjects, retention, storage, replicas, messages, first_sequence, last_sequence, deleted_messages, subject_count, consumer_count, " +
                "max_messages, max_age_millis, max_bytes, allow_direct, mirror, leader FROM system.streams WHERE stream <> 'COPY'"))
                .matches("VALUES " +
                        "(VARCHAR 'ORDERS', VARCHAR 'All orders', CAST(ARRAY['orders.>', 'returns'] AS array(varchar)), VARCHAR 'limits', VARCHAR 'file', BIGINT '1', BIGINT '19', BIGINT '1', BIGINT '20', BIGINT '1', BIGINT '3', BIGINT '2', " +
                        "BIGINT '1000', BIGINT '3600000', CAST(NULL AS bigint), true, CAST(NULL AS varchar), CAST(NULL AS varchar)), " +
                        "('Jobs', NULL, ARRAY['jobs.*'], 'workqueue', 'memory', 1, 1, 1, 1, 0, 1, 1, NULL, NULL, NULL, false, NULL, NULL), " +
                        "('EMPTY', NULL, ARRAY['empty'], 'limits', 'file', 1, 0, 0, 0, 0, 0, 0, NULL, NULL, NULL, true, NULL, NULL)");
        StreamInfo info = connection.jetStreamManagement().getStreamInfo("ORDERS");
        MaterializedRow times = computeActual("SELECT created, first_timestamp, last_timestamp, bytes FROM system.streams WHERE stream = 'ORDERS'").getMaterializedRows().getFirst();
        assertThat(((ZonedDateTime) times.getField(0)).toInstant()).isEqualTo(info.getCreateTime().toInstant());
        assertThat(((ZonedDateTime) times.getField(1)).toInstant()).isEqualTo(info.getStreamState().getFirstTime().toInstant());
        assertThat(((ZonedDateTime) times.getField(2)).toInstant()).isEqualTo(info.getStreamState().getLastTime().toInstant());
        assertThat(times.getField(3)).isEqualTo(info.getStreamState().getByteCount());
        assertQuery("SELECT count(*) FROM system.streams WHERE stream = 'EMPTY' AND first_timestamp IS NULL AND last_timestamp IS NULL", "VALUES 1");
    }

    @Test
    void testMirror()
            throws Exception
    {
        StreamInfo copy = connection.jetStreamManagement().getStreamInfo("COPY");
        for (int attempt = 0; attempt < 100 && copy.getStreamState().getMsgCount() < MESSAGES - 1; attempt++) {
            Thread.sleep(100);
            copy = connection.jetStreamManagement().getStreamInfo("COPY");
        }
        assertThat(query("SELECT subjects, mirror FROM system.streams WHERE stream = 'COPY'"))
                .matches("VALUES (CAST(ARRAY[] AS array(varchar)), VARCHAR 'ORDERS')");
        // a mirror holds subjects that it does not capture
        assertQuery("SELECT stream, messages FROM system.subjects WHERE subject = 'orders.0'", "VALUES ('ORDERS', 7), ('COPY', 7)");
    }

    @Test
    void testConsumers()
    {
        assertThat(query("SELECT stream, consumer, description, durable, filter_subjects, deliver_subject, ack_policy, ack_wait_millis, pending, ack_pending, delivered_sequence, ack_floor_sequence, paused " +
                "FROM system.consumers WHERE stream = 'ORDERS'"))
                .matches("VALUES " +
                        "(VARCHAR 'ORDERS', VARCHAR 'invoices', VARCHAR 'Sends invoices', true, CAST(ARRAY['orders.1', 'orders.2'] AS array(varchar)), CAST(NULL AS varchar), VARCHAR 'explicit', BIGINT '20000', BIGINT '10', BIGINT '2', BIGINT '3', BIGINT '0', false), " +
                        "('ORDERS', 'pushed', NULL, true, ARRAY[], 'to.somebody', 'none', NULL, 19, 0, 0, 0, false)");
        assertQuery("SELECT stream, consumer FROM system.consumers WHERE consumer = 'worker'", "VALUES ('Jobs', 'worker')");
    }

    @Test
    void testSubjects()
    {
        assertQuery(
                "SELECT stream, subject, messages FROM system.subjects WHERE stream IN ('ORDERS', 'Jobs', 'EMPTY')",
                "VALUES ('ORDERS', 'orders.0', 7), ('ORDERS', 'orders.1', 6), ('ORDERS', 'orders.2', 6), ('Jobs', 'jobs.a', 1)");
        assertQuery("SELECT messages FROM system.subjects WHERE stream = 'ORDERS' AND subject = 'orders.1'", "VALUES 6");
        assertQuery("SELECT messages FROM system.subjects WHERE stream = 'ORDERS' AND subject IN ('orders.1', 'orders.0', 'other')", "VALUES 6, 7");
        assertQueryReturnsEmptyResult("SELECT * FROM system.subjects WHERE subject = 'orders.*'");
        assertQueryReturnsEmptyResult("SELECT * FROM system.subjects WHERE subject = 'two words'");
        assertQueryReturnsEmptyResult("SELECT * FROM system.subjects WHERE subject IS NULL");
    }

    @Test
    void testNamesThatAreNone()
    {
        // none of them may become part of a request
        for (String name : List.of("nobody", "", "*", "ORDERS.>", "two words", "a''b", "orders")) {
            for (String table : List.of("streams", "consumers", "subjects")) {
                assertQueryReturnsEmptyResult("SELECT * FROM system.%s WHERE stream = '%s'".formatted(table, name));
            }
        }
        assertQuery("SELECT stream FROM system.streams WHERE stream IN ('ORDERS', 'nobody', 'a.b')", "VALUES 'ORDERS'");
        assertQuery("SELECT count(*) FROM system.streams WHERE stream = U&'OR\\000D\\000APING\\000D\\000A'", "VALUES 0");
    }

    @Test
    void testPredicatesAskOnlyWhatIsWanted()
            throws Exception
    {
        assertThat(requestsOf("SELECT messages FROM system.streams WHERE stream IN ('ORDERS', 'EMPTY')"))
                .containsExactly("$JS.API.STREAM.INFO.EMPTY {\"offset\":0}", "$JS.API.STREAM.INFO.ORDERS {\"offset\":0}");
        assertThat(requestsOf("SELECT consumer FROM system.consumers WHERE stream = 'Jobs'"))
                .containsExactly("$JS.API.CONSUMER.LIST.Jobs {\"offset\":0}");
        assertThat(requestsOf("SELECT messages FROM system.subjects WHERE stream = 'ORDERS' AND subject = 'orders.1'"))
                .containsExactly("$JS.API.STREAM.INFO.ORDERS {\"offset\":0,\"subjects_filter\":\"orders.1\"}");
        assertThat(requestsOf("SELECT * FROM system.subjects WHERE stream = 'a.b'")).isEmpty();
    }

    @Test
    void testReadOnly()
    {
        assertQueryFails("DELETE FROM system.streams", ".*This connector does not support.*");
        assertThat(query("SELECT count(*) FROM system.streams s JOIN system.subjects t ON s.stream = t.stream WHERE s.stream = 'ORDERS'")).matches("VALUES BIGINT '3'");
    }

    /// More streams and consumers than the 256 of a page of the server, and more subjects than its 100,000.
    @Test
    void testPages()
            throws Exception
    {
        try (TestingNatsServer large = new TestingNatsServer();
                Connection connection = large.connect();
                DistributedQueryRunner runner = NatsQueryRunner.builder(large).build()) {
            JetStreamManagement management = connection.jetStreamManagement();
            for (int i = 0; i < 300; i++) {
                management.addStream(stream("S" + i, "s." + i).storageType(StorageType.Memory).build());
            }
            for (int i = 0; i < 600; i++) {
                ConsumerInfo consumer = management.addOrUpdateConsumer("S7", ConsumerConfiguration.builder().name("c" + i).inactiveThreshold(Duration.ofMinutes(5)).memStorage(true).build());
                assertThat(consumer.getName()).isEqualTo("c" + i);
            }
            management.addStream(stream("MANY", "many.*").storageType(StorageType.Memory).build());
            publishMany(connection, 205_000, "many.%s", "");

            Map<String, String> expected = ImmutableMap.of(
                    "SELECT count(DISTINCT stream), count(*) FROM system.streams", "[[301, 301]]",
                    "SELECT count(DISTINCT consumer), count(*) FROM system.consumers", "[[600, 600]]",
                    "SELECT count(DISTINCT subject), count(*), sum(messages) FROM system.subjects", "[[205000, 205000, 205000]]");
            expected.forEach((sql, rows) -> assertThat(runner.execute(sql).getMaterializedRows().toString()).isEqualTo(rows));
        }
    }

    @Test
    void testServerDown()
            throws Exception
    {
        TestingNatsServer gone = new TestingNatsServer();
        gone.close();
        try (DistributedQueryRunner runner = NatsQueryRunner.builder(gone).build()) {
            assertThat(runner.execute("SHOW TABLES FROM nats.system").getRowCount()).isEqualTo(3);
            assertThatThrownBy(() -> runner.execute("SELECT * FROM system.streams"))
                    .hasMessageContaining("Cannot connect to NATS servers");
        }
    }
}
