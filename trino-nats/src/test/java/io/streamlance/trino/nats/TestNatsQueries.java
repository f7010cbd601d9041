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
import io.nats.client.JetStreamManagement;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.trino.Session;
import io.trino.sql.planner.plan.FilterNode;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.TestInstance.Lifecycle.PER_CLASS;

@TestInstance(PER_CLASS)
final class TestNatsQueries
        extends AbstractTestQueryFramework
{
    private static final int TRADES = 3000;

    private TestingNatsServer server;
    private Connection connection;
    private JetStream jetStream;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        server = closeAfterClass(new TestingNatsServer());
        connection = server.connect();
        jetStream = connection.jetStream();
        Path descriptions = server.createDirectory("descriptions");
        Files.writeString(descriptions.resolve("trades.json"),
                """
                {"tableName": "trades", "subject": "trades.*.*", "comment": "All trades",
                 "subjectColumns": [{"name": "exchange", "token": 2}, {"name": "symbol", "token": 3}],
                 "message": {"dataFormat": "json", "fields": [
                   {"name": "id", "type": "bigint"},
                   {"name": "price", "type": "decimal(18,4)"},
                   {"name": "at", "mapping": "meta/at", "type": "timestamp(3)"}]}}
                """);
        publishTrades();
        return NatsQueryRunner.builder(server)
                .addConnectorProperty("nats.table-description-dir", descriptions.toString())
                .addConnectorProperty("nats.schema-cache-ttl", "0s")
                .build();
    }

    @AfterAll
    void closeConnection()
            throws Exception
    {
        connection.close();
    }

    private JetStreamManagement management()
            throws Exception
    {
        return connection.jetStreamManagement();
    }

    private void publish(String subject, String payload)
            throws Exception
    {
        jetStream.publish(subject, payload.getBytes(UTF_8));
    }

    private void publishTrades()
            throws Exception
    {
        management().addStream(stream("TRADES", "trades.>").build());
        List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
        for (int i = 0; i < TRADES; i++) {
            String subject = "trades.%s.%s".formatted(i % 3 == 0 ? "xnys" : "xnas", List.of("AAPL", "MSFT", "NVDA", "TSLA", "IBM").get(i % 5));
            String payload = "{\"id\": %d, \"price\": %d.25, \"meta\": {\"at\": \"2024-01-01T00:00:%02d\", \"source\": \"feed\"}}".formatted(i, i, i % 60);
            acks.add(jetStream.publishAsync(subject, payload.getBytes(UTF_8)));
        }
        acks.forEach(CompletableFuture::join);
    }

    @Test
    void testSchemasAndTables()
    {
        assertThat(computeActual("SHOW SCHEMAS").getOnlyColumnAsSet()).contains("streams", "default");
        assertThat(computeActual("SHOW TABLES FROM \"default\"").getOnlyColumnAsSet()).contains("trades");
        assertThat(computeActual("SHOW TABLES FROM streams").getOnlyColumnAsSet()).contains("trades");
        assertQuery("DESCRIBE \"default\".trades", "VALUES " +
                "('exchange', 'varchar', '', ''), ('symbol', 'varchar', '', ''), ('id', 'bigint', '', ''), ('price', 'decimal(18,4)', '', ''), ('at', 'timestamp(3)', '', '')");
    }

    @Test
    void testInferredColumns()
    {
        assertQuery("DESCRIBE streams.trades", "VALUES " +
                "('id', 'bigint', '', ''), ('price', 'double', '', ''), ('meta', 'row(\"at\" varchar, \"source\" varchar)', '', '')");
        assertQuery("SELECT id, price, meta.at, meta.source FROM streams.trades WHERE _sequence = 8", "VALUES (7, 7.25, '2024-01-01T00:00:07', 'feed')");
    }

    @Test
    void testDescribedColumns()
    {
        assertThat(query("SELECT exchange, symbol, id, price, at FROM \"default\".trades WHERE _sequence = 8"))
                .matches("VALUES (VARCHAR 'xnas', VARCHAR 'NVDA', BIGINT '7', CAST(7.25 AS decimal(18,4)), TIMESTAMP '2024-01-01 00:00:07.000')");
    }

    @Test
    void testHiddenColumns()
            throws Exception
    {
        management().addStream(stream("HIDDEN", "hidden.>").build());
        jetStream.publish("hidden.one", new Headers().add("Color", "red", "green").add("Size", "1"), "{\"a\": 1}".getBytes(UTF_8));
        assertThat(query("SELECT _subject, _sequence, _size, from_utf8(_payload), _headers['Color'], _headers['Size'], cardinality(_headers), _corrupt, _error FROM streams.hidden"))
                .matches("VALUES (VARCHAR 'hidden.one', BIGINT '1', BIGINT '8', VARCHAR '{\"a\": 1}', ARRAY[VARCHAR 'red', VARCHAR 'green'], ARRAY[VARCHAR '1'], BIGINT '2', false, CAST(NULL AS varchar))");
        assertQuery("SELECT _timestamp BETWEEN now() - INTERVAL '1' HOUR AND now() + INTERVAL '1' MINUTE FROM streams.hidden", "VALUES true");
        // without a payload column only headers are read, and the size is still right
        assertThat(query("SELECT _size, cardinality(_headers) FROM streams.hidden")).matches("VALUES (BIGINT '8', BIGINT '2')");
    }

    @Test
    void testSubjectPushdown()
    {
        assertThat(query("SELECT id FROM streams.trades WHERE _subject = 'trades.xnys.IBM'")).isFullyPushedDown();
        assertThat(query("SELECT id FROM streams.trades WHERE _subject IN ('trades.xnys.IBM', 'trades.xnas.IBM')")).isFullyPushedDown();
        assertThat(query("SELECT id FROM \"default\".trades WHERE symbol = 'IBM'")).isFullyPushedDown();
        assertThat(query("SELECT id FROM \"default\".trades WHERE symbol IN ('IBM', 'TSLA') AND exchange = 'xnys'")).isFullyPushedDown();
        assertThat(query("SELECT id FROM streams.trades WHERE _subject > 'trades.y'")).isNotFullyPushedDown(FilterNode.class);
        assertQuery("SELECT count(*), min(id) FROM streams.trades WHERE _subject = 'trades.xnys.IBM'", "VALUES (200, 9)");
        assertQuery("SELECT count(*) FROM \"default\".trades WHERE symbol = 'IBM'", "VALUES 600");
        assertQuery("SELECT count(*) FROM \"default\".trades WHERE symbol IN ('IBM', 'TSLA') AND exchange = 'xnys'", "VALUES 400");
        assertQuery("SELECT count(*) FROM \"default\".trades WHERE symbol = 'IBM' AND _subject = 'trades.xnys.MSFT'", "VALUES 0");
        assertQuery("SELECT count(*) FROM streams.trades WHERE _subject = '*'", "VALUES 0");
        assertQuery("SELECT count(*) FROM streams.trades WHERE _subject = 'trades.>'", "VALUES 0");
        assertExplain(
                "EXPLAIN SELECT id FROM \"default\".trades WHERE symbol = 'IBM' AND _sequence <= 100",
                "default.trades stream=TRADES subjects=\\[trades\\.\\*\\.IBM\\] sequences=1\\.\\.100");
    }

    @Test
    void testSequencePushdown()
    {
        assertThat(query("SELECT id FROM streams.trades WHERE _sequence BETWEEN 10 AND 12")).isFullyPushedDown().matches("VALUES BIGINT '9', 10, 11");
        assertThat(query("SELECT id FROM streams.trades WHERE _sequence > 2998")).isFullyPushedDown().matches("VALUES BIGINT '2998', 2999");
        assertThat(query("SELECT id FROM streams.trades WHERE _sequence IN (1, 3000)")).isNotFullyPushedDown(FilterNode.class);
        assertQuery("SELECT count(*) FROM streams.trades WHERE _sequence IN (1, 3000, 9999)", "VALUES 2");
        assertQuery("SELECT count(*) FROM streams.trades WHERE _sequence > 3000", "VALUES 0");
        assertQuery("SELECT count(*) FROM streams.trades WHERE _sequence < 1", "VALUES 0");
        assertQuery("SELECT count(*) FROM streams.trades WHERE _sequence IS NULL", "VALUES 0");
        assertQuery("SELECT count(*) FROM streams.trades WHERE _sequence > 9223372036854775806", "VALUES 0");
    }

    @Test
    void testLimit()
    {
        assertThat(computeActual("SELECT id FROM streams.trades LIMIT 5").getRowCount()).isEqualTo(5);
        assertQuery("SELECT count(*) FROM (SELECT id FROM streams.trades LIMIT 4000)", "VALUES 3000");
        assertQuery("SELECT count(*) FROM (SELECT * FROM \"default\".trades WHERE symbol IN ('IBM', 'TSLA') LIMIT 7)", "VALUES 7");
        // a predicate above a limit stays above it
        assertQuery("SELECT count(*) FROM (SELECT _sequence s FROM streams.trades LIMIT 5) WHERE s > 5", "VALUES 0");
    }

    @Test
    void testEverySplitStrategyReturnsTheSameRows()
    {
        List<String> queries = ImmutableList.of(
                "SELECT count(*), sum(id), count(DISTINCT _subject), min(_sequence), max(_sequence) FROM \"default\".trades",
                "SELECT count(*), sum(id) FROM \"default\".trades WHERE symbol IN ('IBM', 'TSLA')",
                "SELECT count(*), sum(id) FROM \"default\".trades WHERE symbol = 'IBM' AND _sequence BETWEEN 500 AND 2500",
                "SELECT count(*), sum(id) FROM streams.trades WHERE _subject IN ('trades.xnys.IBM', 'trades.xnas.AAPL', 'trades.none')");
        for (String sql : queries) {
            Session unpushed = Session.builder(getSession())
                    .setCatalogSessionProperty("nats", "subject_pushdown_enabled", "false")
                    .setCatalogSessionProperty("nats", "sequence_pushdown_enabled", "false")
                    .build();
            Object expected = computeActual(unpushed, sql).getMaterializedRows();
            for (SplitStrategy strategy : SplitStrategy.values()) {
                for (int messagesPerSplit : List.of(7, 100, 100_000)) {
                    Session session = Session.builder(getSession())
                            .setCatalogSessionProperty("nats", "split_strategy", strategy.name())
                            .setCatalogSessionProperty("nats", "messages_per_split", String.valueOf(messagesPerSplit))
                            .build();
                    assertThat(computeActual(session, sql).getMaterializedRows())
                            .as("%s with %s, %s messages per split", sql, strategy, messagesPerSplit)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void testDeletedAndPurgedMessages()
            throws Exception
    {
        management().addStream(stream("GAPS", "gaps.>").build());
        for (int i = 1; i <= 100; i++) {
            publish("gaps." + i % 2, "{\"i\": %d}".formatted(i));
        }
        for (int i = 90; i <= 100; i++) {
            management().deleteMessage("GAPS", i);
        }
        for (int i = 1; i <= 9; i++) {
            management().deleteMessage("GAPS", i);
        }
        management().deleteMessage("GAPS", 50);
        assertQuery("SELECT count(*), min(i), max(i) FROM streams.gaps", "VALUES (79, 10, 89)");
        assertQuery("SELECT count(*) FROM streams.gaps WHERE _subject = 'gaps.1'", "VALUES 40");
        assertQuery("SELECT count(*) FROM streams.gaps WHERE _sequence BETWEEN 50 AND 50", "VALUES 0");
        management().purgeStream("GAPS");
        assertQuery("SELECT count(*) FROM streams.gaps", "VALUES 0");
    }

    @Test
    void testEmptyStream()
            throws Exception
    {
        management().addStream(stream("EMPTY", "empty.>").build());
        assertQuery("DESCRIBE streams.empty", "VALUES ('payload', 'varchar', '', '')");
        assertQueryReturnsEmptyResult("SELECT * FROM streams.empty");
    }

    @Test
    void testTextAndBinaryStreams()
            throws Exception
    {
        management().addStream(stream("TEXTS", "texts.>").build());
        publish("texts.a", "héllo");
        assertQuery("SELECT payload FROM streams.texts", "VALUES 'héllo'");
        management().addStream(stream("BINARIES", "binaries.>").build());
        jetStream.publish("binaries.a", new byte[] {(byte) 0xFF, 0});
        assertThat(query("SELECT payload FROM streams.binaries")).matches("VALUES X'FF00'");
    }

    @Test
    void testDecodeErrors()
            throws Exception
    {
        management().addStream(stream("BAD", "bad.>").build());
        publish("bad.a", "{\"i\": 1, \"o\": {\"x\": [1, 2]}}");
        publish("bad.a", "{\"i\": 2, \"o\": {\"x\": [3, \"oops\"]}}");
        publish("bad.a", "this is not JSON");
        publish("bad.a", "{\"i\": 4, \"o\": {\"x\": [5]}}");
        Path descriptions = server.createDirectory("bad");
        Files.writeString(descriptions.resolve("bad.json"),
                """
                {"tableName": "bad", "subject": "bad.a", "message": {"dataFormat": "json", "fields": [
                   {"name": "i", "type": "integer"},
                   {"name": "o", "type": "row(x array(bigint))"}]}}
                """);
        getQueryRunner().createCatalog("bad", "nats", java.util.Map.of("nats.servers", server.url(), "nats.table-description-dir", descriptions.toString()));

        assertQueryFails(
                "SELECT * FROM bad.\"default\".bad WHERE _sequence >= 3",
                "Cannot decode message 3 of stream BAD, subject bad.a: the payload is not JSON: .* The payload starts with: this is not JSON. Describe the table, or set .*");
        assertQueryFails(
                "SELECT * FROM bad.\"default\".bad WHERE _sequence = 2",
                "Cannot decode message 2 of stream BAD, subject bad.a: column 'o': 'oops' is not a value of type bigint. .*");
        // the columns that are not read are not decoded
        assertQuery("SELECT i FROM bad.\"default\".bad WHERE _sequence = 2", "VALUES 2");

        Session nulls = Session.builder(getSession()).setCatalogSessionProperty("bad", "decode_error", "NULL").build();
        assertQuery(nulls, "SELECT i, o.x[1], _corrupt, _error IS NOT NULL, _sequence FROM bad.\"default\".bad", "VALUES (1, 1, false, false, 1), (NULL, NULL, true, true, 2), (NULL, NULL, true, true, 3), (4, 5, false, false, 4)");
        Session skip = Session.builder(getSession()).setCatalogSessionProperty("bad", "decode_error", "SKIP").build();
        assertQuery(skip, "SELECT i, o.x[1] FROM bad.\"default\".bad", "VALUES (1, 1), (4, 5)");
        assertQuery(skip, "SELECT count(*) FROM (SELECT i, o FROM bad.\"default\".bad LIMIT 2)", "VALUES 2");
    }

    @Test
    void testSelfJoinSeesOneSnapshot()
            throws Exception
    {
        management().addStream(stream("GROWING", "growing.>").build());
        publish("growing.a", "{\"i\": 0}");
        Thread publisher = Thread.startVirtualThread(() -> {
            try {
                for (int i = 1; i < 20_000; i++) {
                    publish("growing.a", "{\"i\": %d}".formatted(i));
                }
            }
            catch (Exception e) {
                throw new RuntimeException(e);
            }
        });
        for (int i = 0; i < 5; i++) {
            assertQuery("SELECT (SELECT count(*) FROM streams.growing) = (SELECT max(_sequence) FROM streams.growing)", "VALUES true");
        }
        // counts made while messages are stored are old at once: they must not end a filtered scan early
        for (SplitStrategy strategy : SplitStrategy.values()) {
            Session session = Session.builder(getSession())
                    .setCatalogSessionProperty("nats", "split_strategy", strategy.name())
                    .setCatalogSessionProperty("nats", "messages_per_split", "100")
                    .build();
            for (int i = 0; i < 3; i++) {
                assertQuery(session, "SELECT (SELECT count(*) FROM streams.growing WHERE _subject = 'growing.a') = (SELECT count(*) FROM streams.growing)", "VALUES true");
            }
        }
        publisher.join();
        assertQuery("SELECT count(*) FROM streams.growing", "VALUES 20000");
    }
}
