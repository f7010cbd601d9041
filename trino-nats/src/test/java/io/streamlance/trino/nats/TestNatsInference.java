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

import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static java.util.Locale.ENGLISH;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

/// Columns of streams without description, and the procedure that refreshes them. The cache is on.
final class TestNatsInference
        extends AbstractTestNatsStreams
{
    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        startServer();
        Path descriptions = server.createDirectory("descriptions");
        Files.writeString(descriptions.resolve("described.json"),
                """
                {"tableName": "described", "stream": "ANY", "message": {"dataFormat": "json", "fields": [{"name": "a", "type": "bigint"}]}}
                """);
        return NatsQueryRunner.builder(server)
                .addConnectorProperty("nats.table-description-dir", descriptions.toString())
                .addConnectorProperty("nats.schema-cache-ttl", "1h")
                .build();
    }

    @Test
    void testRareSubject()
            throws Exception
    {
        management().addStream(stream("RARE", "rare.>").build());
        publishMany(3000, "rare.common.%s", "{\"a\": %s}");
        publish("rare.audit.login", "{\"who\": \"me\"}");
        publishMany(3000, "rare.common.%s", "{\"a\": %s}");
        assertThat(query("DESCRIBE streams.rare")).matches("VALUES (VARCHAR 'a', VARCHAR 'bigint', VARCHAR '', VARCHAR ''), ('who', 'varchar', '', '')");
        assertQuery("SELECT who FROM streams.rare WHERE who IS NOT NULL", "VALUES 'me'");
        // the first and the last message of a subject
        publish("rare.audit.login", "{\"until\": 1}");
        publish("rare.common.0", "{\"a\": 1}");
        assertQuery("SELECT column_name FROM TABLE(system.infer_columns(stream => 'RARE', sample_size => 20)) WHERE column_name <> 'a'", "VALUES 'who', 'until'");
    }

    @Test
    void testManySubjects()
            throws Exception
    {
        management().addStream(stream("CROWD", "crowd.*").storageType(StorageType.Memory).build());
        publishMany(90_000, "crowd.%s", "{\"a\": %s}");
        // one list of subjects
        List<String> requests = requestsOf("DESCRIBE streams.crowd");
        assertThat(requests).filteredOn(request -> request.contains("subjects_filter")).hasSize(1);
        assertThat(requests).filteredOn(request -> request.contains("MSG.GET")).hasSizeBetween(100, 200);
    }

    @Test
    void testGaps()
            throws Exception
    {
        management().addStream(stream("GAPS", "gaps").build());
        publishMany(490, "gaps", "{\"a\": %s}");
        publish("gaps", "{\"late\": true}");
        publishMany(9, "gaps", "{\"a\": %s}");
        for (int sequence = 2; sequence <= 480; sequence++) {
            management().deleteMessage("GAPS", sequence, false);
        }
        // 21 messages are left, nearly all of them at the end
        assertQuery("SELECT column_name, nulls_fraction * 21 FROM TABLE(system.infer_columns(stream => 'GAPS', sample_size => 30))", "VALUES ('a', 1.0), ('late', 20.0)");
    }

    @Test
    void testEmptyStreamIsNotRemembered()
            throws Exception
    {
        management().addStream(stream("NOTYET", "notyet").build());
        assertThat(query("DESCRIBE streams.notyet")).matches("VALUES (VARCHAR 'payload', VARCHAR 'varchar', VARCHAR '', VARCHAR '')");
        assertQueryReturnsEmptyResult("SELECT * FROM streams.notyet");
        publish("notyet", "");
        assertQuery("SELECT payload FROM streams.notyet", "VALUES ''");
        publish("notyet", "{\"a\": 1}");
        assertQuery("SELECT a FROM streams.notyet", "VALUES NULL, 1");
        // as if it had never been there
        management().deleteStream("NOTYET");
        management().addStream(stream("NOTYET", "notyet").build());
        publish("notyet", "{\"b\": 1}");
        assertQuery("SELECT b FROM streams.notyet", "VALUES 1");
    }

    @Test
    void testNoJson()
            throws Exception
    {
        management().addStream(stream("WORDS", "words").build());
        publish("words", "one", "{\"a\": 1}", "zwei", "");
        assertQuery("SELECT payload FROM streams.words", "VALUES 'one', '{\"a\": 1}', 'zwei', ''");
        management().addStream(stream("BYTES", "bytes").build());
        publish("bytes", "{\"a\": 1}", "text");
        connection.jetStream().publish("bytes", new byte[] {(byte) 0xC3, 1});
        assertThat(query("SELECT payload FROM streams.bytes")).matches("VALUES to_utf8('{\"a\": 1}'), to_utf8('text'), X'C301'");
    }

    @Test
    void testMixedTypes()
            throws Exception
    {
        management().addStream(stream("MIXED", "mixed").build());
        publish("mixed", "{\"v\": 1, \"r\": {\"x\": 1, \"l\": [{\"y\": 1}]}}", "{\"v\": {\"a\": [1.50]}, \"r\": {\"x\": 0.5, \"l\": [{\"z\": \"s\"}, null]}}", "{\"v\": \"text\", \"r\": null}", "{\"v\": 9007199254740993.10}");
        assertThat(query("SELECT v, r FROM streams.mixed")).skippingTypesCheck().matches(
                """
                VALUES
                  (VARCHAR '1', CAST(ROW(1, ARRAY[ROW(1, NULL)]) AS row(x double, l array(row(y bigint, z varchar))))),
                  ('{"a":[1.50]}', ROW(0.5, ARRAY[ROW(NULL, 's'), NULL])),
                  ('text', NULL),
                  ('9007199254740993.10', NULL)
                """);
    }

    /// Whatever is inferred holds every message of the sample it was inferred from.
    @Test
    void testRandomMessagesFitTheirColumns()
            throws Exception
    {
        for (int seed = 0; seed < 25; seed++) {
            RandomJson json = new RandomJson(seed);
            String name = "RANDOM_" + seed;
            management().addStream(stream(name, name).build());
            for (int i = 0; i < 40; i++) {
                publish(name, json.object());
            }
            assertThat(computeActual("DESCRIBE streams." + name).getRowCount()).as(name).isGreaterThan(5);
            assertThat(computeActual("SELECT *, _payload FROM streams." + name).getRowCount()).as(name).isEqualTo(40);
        }
    }

    @Test
    void testNames()
            throws Exception
    {
        management().addStream(stream("NAMES", "names").build());
        publish("names", "{\"a.b\": 1, \"c d\": 2, \"s/l~t\": 3, \"q\\\"u'ote\": 4, \"_subject\": 5, \"Case\": 6, \"case\": 7, \"r\": {\"A b\": 8, \"x\\\"y\": {\"z/z\": 9}, \" \": 11}, \"n\\nl\": 10}");
        assertQuery(
                "SELECT \"a.b\", \"c d\", \"s/l~t\", \"q\"\"u'ote\", _subject_2, _subject, case_2, \"case\", r.\"A b\", r.\"x\"\"y\".\"z/z\" FROM streams.names",
                "VALUES (1, 2, 3, 4, 5, 'names', 6, 7, 8, 9)");
    }

    @Test
    void testDeepNesting()
            throws Exception
    {
        management().addStream(stream("DEEP", "deep").build());
        String value = "[".repeat(900) + "7" + "]".repeat(900);
        publish("deep", "{\"a\": %s, \"o\": %s}".formatted(value, "{\"k\":".repeat(900) + "true" + "}".repeat(900)));
        String path = IntStream.range(0, 16).mapToObj(_ -> "[1]").collect(joining());
        assertQuery("SELECT a%s, o%s FROM streams.deep".formatted(path, ".k".repeat(16)),
                "VALUES ('%s', '%s')".formatted(value.substring(16, value.length() - 16), "{\"k\":".repeat(884) + "true" + "}".repeat(884)));
    }

    @Test
    void testNamesThatAreData()
            throws Exception
    {
        management().addStream(stream("KEYED", "keyed").build());
        String object = IntStream.range(0, 1500).mapToObj(i -> "\"user%s\": {\"n\": %s}".formatted(i, i)).collect(joining(", ", "{", "}"));
        publish("keyed", "{\"id\": 1, \"users\": %s}".formatted(object));
        assertQuery("SELECT id, cardinality(users), users['user1234'].n FROM streams.keyed", "VALUES (1, 1500, 1234)");
        management().addStream(stream("FLOOD", "flood").build());
        publish("flood", object);
        assertThat(query("DESCRIBE streams.flood")).matches("VALUES (VARCHAR 'payload', VARCHAR 'varchar', VARCHAR '', VARCHAR '')");
        assertQuery("SELECT json_extract_scalar(payload, '$.user7.n') FROM streams.flood", "VALUES '7'");
    }

    @Test
    void testWorkQueueAndInterest()
            throws Exception
    {
        for (RetentionPolicy retention : List.of(RetentionPolicy.WorkQueue, RetentionPolicy.Interest)) {
            String name = "SHARED_" + retention;
            management().addStream(stream(name, name + ".*").retentionPolicy(retention).allowDirect(false).build());
            management().addOrUpdateConsumer(name, ConsumerConfiguration.builder().durable("worker").build());
            publishMany(300, name + ".%s", "{\"a\": %s}");
            List<String> requests = requestsOf("DESCRIBE streams." + name);
            assertThat(requests).allMatch(request -> request.startsWith("$JS.API.STREAM.NAMES ") ||
                    request.toLowerCase(ENGLISH).startsWith(("$JS.API.STREAM.INFO." + name + " ").toLowerCase(ENGLISH)) ||
                    request.startsWith("$JS.API.STREAM.MSG.GET." + name + " "));
            assertThat(requests).hasSizeGreaterThan(100);
            assertThat(management().getStreamInfo(name).getStreamState().getMsgCount()).isEqualTo(300);
            assertThat(management().getConsumerInfo(name, "worker").getNumPending()).isEqualTo(300);
        }
    }

    @Test
    void testRefreshSchema()
            throws Exception
    {
        for (String name : List.of("FIRST", "SECOND")) {
            management().addStream(stream(name, "fresh." + name).build());
            publish("fresh." + name, "{\"a\": 1}");
            assertColumns(name, "a");
            publish("fresh." + name, "{\"b\": 1}");
            assertColumns(name, "a");
        }
        assertUpdate("CALL nats.system.refresh_schema('streams', 'FIRST')");
        assertColumns("FIRST", "a", "b");
        assertColumns("SECOND", "a");
        assertUpdate("CALL nats.system.refresh_schema(schema_name => 'STREAMS')");
        assertColumns("SECOND", "a", "b");
        publish("fresh.SECOND", "{\"c\": 1}");
        assertUpdate("CALL nats.system.refresh_schema('default')");
        assertColumns("SECOND", "a", "b");
        assertUpdate("CALL nats.system.refresh_schema()");
        assertColumns("SECOND", "a", "b", "c");
    }

    private void assertColumns(String table, String... columns)
    {
        assertThat(computeActual("DESCRIBE streams." + table).getMaterializedRows()).extracting(row -> row.getField(0)).containsExactly((Object[]) columns);
    }

    @Test
    void testRefreshSchemaErrors()
    {
        assertQueryFails("CALL nats.system.refresh_schema('streams', 'nobody')", "Table 'streams.nobody' does not exist");
        assertQueryFails("CALL nats.system.refresh_schema('nowhere')", "Schema 'nowhere' does not exist, or has no columns to infer");
        assertQueryFails("CALL nats.system.refresh_schema(table_name => 'first')", "table_name needs schema_name");
        assertQueryFails("CALL nats.system.refresh_schema('default', 'described')", "Table 'default.described' is described by a file, .*");
    }
}
