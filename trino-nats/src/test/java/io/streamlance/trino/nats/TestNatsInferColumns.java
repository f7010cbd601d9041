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

import io.nats.client.Connection;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import static com.google.common.util.concurrent.Uninterruptibles.sleepUninterruptibly;
import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

final class TestNatsInferColumns
        extends AbstractTestNatsStreams
{
    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        startServer();
        return NatsQueryRunner.builder(server).build();
    }

    @Test
    void testInferColumns()
            throws Exception
    {
        management().addStream(stream("Orders", "orders.>").build());
        publish("orders.new", "{\"id\": 1, \"Item/Name\": \"x\", \"at\": {\"t\": 1}}", "{\"id\": 2, \"Item/Name\": null}");
        publish("orders.paid", "{\"id\": 3, \"sum\": 1.5}", "{\"id\": 4}");
        String columns = "SELECT * FROM TABLE(system.infer_columns(%s))";
        assertThat(query(columns.formatted("stream => 'Orders'"))).matches(
                """
                VALUES
                  (VARCHAR 'id', VARCHAR 'bigint', VARCHAR 'id', DOUBLE '0'),
                  ('item/name', 'varchar', 'Item~1Name', 0.75),
                  ('at', 'row("t" bigint)', 'at', 0.75),
                  ('sum', 'double', 'sum', 0.75)
                """);
        assertThat(query(columns.formatted("stream => 'Orders', subject => 'orders.paid', sample_size => 2"))).matches("VALUES (VARCHAR 'id', VARCHAR 'bigint', VARCHAR 'id', DOUBLE '0'), ('sum', 'double', 'sum', 0.5)");
        assertThat(query(columns.formatted("subject => 'orders.*'"))).matches("SELECT * FROM TABLE(system.infer_columns('Orders'))");
        assertThat(query(columns.formatted("subject => 'orders.nothing'"))).matches("VALUES (VARCHAR 'payload', VARCHAR 'varchar', VARCHAR '', DOUBLE '0')");
        assertQuery("SELECT count(*) FROM TABLE(system.infer_columns('Orders')) a, TABLE(system.infer_columns('Orders')) b", "VALUES 16");
        assertThat((String) computeScalar("SELECT description FROM TABLE(system.infer_columns(stream => 'Orders', subject => 'orders.paid', format => 'description'))")).isEqualToIgnoringWhitespace(
                """
                {"tableName": "orders", "stream": "Orders", "subject": "orders.paid",
                 "message": {"dataFormat": "json", "fields": [{"name": "id", "type": "bigint"}, {"name": "sum", "type": "double"}]}}
                """);
    }

    @Test
    void testDescription()
            throws Exception
    {
        management().addStream(stream("Plain", "plain").build());
        publish("plain", "{\"id\": 1, \"Item\": \"x\", \"at\": {\"T\": [1.5]}}", "{\"big\": 12345678901234567890}");
        assertDescriptionGivesTheSameTable("Plain");

        management().addStream(stream("NAMES", "names").build());
        publish("names", "{\"a.b\": 1, \"s/l~t\": 3, \"q\\\"uote\": 4, \"_subject\": 5, \"Case\": 6, \"case\": 7, \" \": 8, \"r\": {\"A b\": 8, \"x\\\"y\": {\"z/z\": 9}, \" \": 11}, \"n\\nl\": 10}");
        assertDescriptionGivesTheSameTable("NAMES");

        management().addStream(stream("DEEP", "deep").build());
        publish("deep", "{\"a\": %s}".formatted("{\"k\":[".repeat(400) + "true" + "]}".repeat(400)));
        assertDescriptionGivesTheSameTable("DEEP");

        management().addStream(stream("KEYED", "keyed").build());
        String object = IntStream.range(0, 1500).mapToObj(i -> "\"user%s\": {\"n\": %s}".formatted(i, i)).collect(joining(", ", "{", "}"));
        publish("keyed", "{\"id\": 1, \"users\": %s}".formatted(object));
        assertDescriptionGivesTheSameTable("KEYED");

        management().addStream(stream("WORDS", "words").build());
        publish("words", object, "text", "");
        assertDescriptionGivesTheSameTable("WORDS");

        management().addStream(stream("BYTES", "bytes").build());
        connection.jetStream().publish("bytes", new byte[] {(byte) 0xC3, 1});
        assertDescriptionGivesTheSameTable("BYTES");

        management().addStream(stream("RANDOM", "random").build());
        RandomJson json = new RandomJson(42);
        for (int i = 0; i < 100; i++) {
            publish("random", json.object());
        }
        assertDescriptionGivesTheSameTable("RANDOM");

        management().addStream(stream("NOTHING", "nothing").build());
        assertThat(saved("NOTHING", "DESCRIBE \"default\".nothing")).isEqualTo("[[payload, varchar, , ]]");
    }

    private void assertDescriptionGivesTheSameTable(String stream)
            throws Exception
    {
        for (String sql : List.of("DESCRIBE %s.%s", "SELECT * FROM %s.%s ORDER BY _sequence")) {
            assertThat(saved(stream, sql.formatted("\"default\"", stream)))
                    .isEqualTo(computeActual(sql.formatted("streams", stream)).getMaterializedRows().toString());
        }
    }

    /// What the query gives when the text of `infer_columns` is saved as a file.
    private String saved(String stream, String sql)
            throws Exception
    {
        String description = (String) computeScalar("SELECT description FROM TABLE(system.infer_columns(stream => '%s', format => 'description'))".formatted(stream));
        Path descriptions = server.createDirectory("saved");
        Files.writeString(descriptions.resolve("saved.json"), description);
        try (DistributedQueryRunner runner = NatsQueryRunner.builder(server).addConnectorProperty("nats.table-description-dir", descriptions.toString()).setWorkerCount(0).build()) {
            return runner.execute(sql).getMaterializedRows().toString();
        }
    }

    @Test
    void testInferColumnsErrors()
            throws Exception
    {
        management().addStream(stream("Cased", "cased").build());
        management().addStream(stream("ONE", "overlap.one").build());
        management().addStream(stream("TWO", "overlap.two").build());
        String columns = "SELECT * FROM TABLE(system.infer_columns(%s))";
        assertQueryFails(columns.formatted("stream => 'nobody'"), "Stream 'nobody' does not exist. Create it, or correct the name");
        assertQueryFails(columns.formatted("stream => 'CASED'"), "Stream 'CASED' does not exist. Did you mean 'Cased'\\? The names of streams are case-sensitive here");
        assertQueryFails(columns.formatted("stream => 'a.>'"), "Stream 'a.>' does not exist. .*");
        assertQueryFails(columns.formatted("subject => 'nobody.listens'"), "No stream captures subject 'nobody.listens'. Create one, or name the stream in the argument stream");
        assertQueryFails(columns.formatted("subject => 'overlap.*'"), "Several streams capture subject 'overlap.\\*': \\[ONE, TWO]. Name one in the argument stream");
        assertQueryFails(columns.formatted("subject => 'a..b'"), "subject 'a..b' is not valid: .*");
        assertQueryFails(columns.formatted(""), "stream or subject is required");
        assertQueryFails(columns.formatted("stream => 'ONE', sample_size => 0"), "sample_size must be from 1 to 10000");
        assertQueryFails(columns.formatted("stream => 'ONE', sample_size => 10001"), "sample_size must be from 1 to 10000");
        assertQueryFails(columns.formatted("stream => 'ONE', format => 'xml'"), "format must be 'columns' or 'description'");
    }

    @Test
    void testLargeSample()
            throws Exception
    {
        management().addStream(stream("LARGE", "large.*").build());
        publishMany(20_000, "large.%1$s", "{\"a\": %s}");
        assertQuery("SELECT column_name, type, nulls_fraction FROM TABLE(system.infer_columns(stream => 'LARGE', sample_size => 10000))", "VALUES ('a', 'bigint', 0)");
    }

    @Test
    void testServerKilledInMidSample()
            throws Exception
    {
        try (TestingNatsServer own = new TestingNatsServer();
                DistributedQueryRunner runner = NatsQueryRunner.builder(own).setWorkerCount(0).build()) {
            try (Connection publisher = own.connect()) {
                publisher.jetStreamManagement().addStream(stream("KILLED", "killed.*").build());
                publishMany(publisher, 9000, "killed.%s", "{\"a\": %s}");
                publisher.jetStream().publish("killed.last", "{\"b\": true}".getBytes(UTF_8));
            }
            String sql = "SELECT column_name, type FROM TABLE(system.infer_columns(stream => 'KILLED', sample_size => 10000))";
            String columns = "[[a, bigint], [b, boolean]]";
            // a node whose first connection finds no server fails the query
            assertThat(runner.execute(sql).getMaterializedRows().toString()).isEqualTo(columns);
            for (int i = 0; i < 3; i++) {
                int delay = 20 + 40 * i;
                Thread fault = Thread.startVirtualThread(() -> {
                    sleepUninterruptibly(Duration.ofMillis(delay));
                    own.kill();
                    sleepUninterruptibly(Duration.ofMillis(500));
                    own.start();
                });
                assertThat(runner.execute(sql).getMaterializedRows().toString()).isEqualTo(columns);
                fault.join();
            }
        }
    }
}
