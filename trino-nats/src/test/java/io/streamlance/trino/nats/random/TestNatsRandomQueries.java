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
package io.streamlance.trino.nats.random;

import com.google.common.collect.ImmutableList;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.PurgeOptions;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.MessageInfo;
import io.streamlance.trino.nats.NatsQueryRunner;
import io.streamlance.trino.nats.TestingNatsServer;
import io.trino.Session;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.MaterializedRow;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static java.lang.Math.min;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

/// Random queries with all pushdown, with none, and computed here must agree.
final class TestNatsRandomQueries
        extends AbstractTestQueryFramework
{
    private static final int QUERIES = Integer.getInteger("streamlance.random-queries", 2000);
    private static final long SEED = Long.getLong("streamlance.random-seed", 4);
    private static final int MESSAGES = 1500;

    /// What is in the stream and matches the table, by sequence.
    private final List<RandomMessage> messages = new ArrayList<>();

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        TestingNatsServer server = closeAfterClass(new TestingNatsServer());
        try (Connection connection = server.connect()) {
            JetStreamManagement management = connection.jetStreamManagement();
            // old messages of the largest subject go
            management.addStream(stream("RANDOM", "r.>").maxMessagesPerSubject(150).discardPolicy(DiscardPolicy.Old).build());
            publish(connection);
            remember(management);
        }
        Path descriptions = server.createDirectory("descriptions");
        Files.writeString(descriptions.resolve("random.json"),
                """
                {"tableName": "random", "subject": "r.*.*",
                 "subjectColumns": [{"name": "kind", "token": 2}, {"name": "key", "token": 3}],
                 "message": {"dataFormat": "json", "fields": [
                   {"name": "id", "type": "bigint"}, {"name": "value", "type": "integer"}, {"name": "text", "type": "varchar"},
                   {"name": "nested", "type": "row(deep row(n bigint), other array(bigint))"}]}}
                """);
        return NatsQueryRunner.builder(server)
                .setWorkerCount(0)
                .addConnectorProperty("nats.table-description-dir", descriptions.toString())
                .build();
    }

    private static void publish(Connection connection)
            throws Exception
    {
        Random random = new Random(SEED);
        for (int i = 0; i < MESSAGES; i++) {
            String subject = switch (random.nextInt(10)) {
                case 0 -> "r.c.k4";
                case 1 -> "r.other";
                case 2 -> "r.too.long.subject";
                case 3, 4 -> "r.a.k0";
                default -> "r.%s.k%s".formatted(List.of("a", "b", "c").get(random.nextInt(3)), random.nextInt(5));
            };
            RandomMessage message = new RandomMessage(0, subject, null, i, random.nextInt(4) == 0 ? null : random.nextInt(100), "text " + i);
            connection.jetStream().publish(subject, message.payload().getBytes(UTF_8));
        }
        JetStreamManagement management = connection.jetStreamManagement();
        for (int i = 0; i < 100; i++) {
            deleteIfExists(management, MESSAGES / 3 + i);
        }
        for (int i = 0; i < 100; i++) {
            deleteIfExists(management, 1 + random.nextInt(MESSAGES));
        }
        // the last message is gone, too
        deleteIfExists(management, MESSAGES);
        management.purgeStream("RANDOM", PurgeOptions.builder().subject("r.b.k3").keep(5).build());
        management.purgeStream("RANDOM", PurgeOptions.builder().sequence(40).build());
    }

    private static void deleteIfExists(JetStreamManagement management, long sequence)
            throws Exception
    {
        if (exists(management, sequence)) {
            management.deleteMessage("RANDOM", sequence);
        }
    }

    private static boolean exists(JetStreamManagement management, long sequence)
            throws Exception
    {
        try {
            management.getMessage("RANDOM", sequence);
            return true;
        }
        catch (io.nats.client.JetStreamApiException e) {
            return false;
        }
    }

    /// Reads message by message, which has nothing in common with how the connector reads.
    private void remember(JetStreamManagement management)
            throws Exception
    {
        for (long sequence = 1; sequence <= MESSAGES; sequence++) {
            if (!exists(management, sequence)) {
                continue;
            }
            MessageInfo message = management.getMessage("RANDOM", sequence);
            if (message.getSubject().split("\\.").length != 3) {
                continue;
            }
            String payload = new String(message.getData(), UTF_8);
            String value = payload.replaceAll(".*\"value\": ([a-z0-9]+),.*", "$1");
            messages.add(new RandomMessage(
                    sequence,
                    message.getSubject(),
                    message.getTime().toInstant(),
                    Long.parseLong(payload.replaceAll(".*\"id\": ([0-9]+).*", "$1")),
                    value.equals("null") ? null : Integer.valueOf(value),
                    payload.replaceAll(".*\"text\": \"([^\"]*)\".*", "$1")));
        }
        assertThat(messages).hasSizeBetween(500, MESSAGES - 300);
    }

    @Test
    void testRandomQueries()
    {
        for (int i = 0; i < QUERIES; i++) {
            Random random = new Random(SEED + i);
            RandomPredicate predicate = RandomPredicate.create(random, messages, random.nextInt(3));
            long version = random.nextInt(5) == 0 ? random.nextInt(MESSAGES) : Long.MAX_VALUE;
            List<RandomMessage> matching = messages.stream()
                    .filter(message -> message.sequence() <= version)
                    .filter(message -> Boolean.TRUE.equals(predicate.test().apply(message)))
                    .toList();
            String from = "FROM \"default\".random %s WHERE %s".formatted(version == Long.MAX_VALUE ? "" : "FOR VERSION AS OF " + version, predicate.sql());
            verify(random, matching, from);
        }
    }

    private void verify(Random random, List<RandomMessage> matching, String from)
    {
        int limit = random.nextInt(30);
        switch (random.nextInt(8)) {
            case 0 -> assertRows("SELECT count(*) " + from, List.of(row((long) matching.size())));
            case 1 -> assertRows("SELECT count(*), min(_sequence), max(_sequence), CAST(max(_timestamp) AS varchar), sum(id) " + from, List.of(row(
                    (long) matching.size(),
                    matching.stream().map(RandomMessage::sequence).min(Comparator.naturalOrder()).orElse(null),
                    matching.stream().map(RandomMessage::sequence).max(Comparator.naturalOrder()).orElse(null),
                    matching.stream().max(Comparator.comparing(RandomMessage::time)).map(RandomMessage::timeText).orElse(null),
                    matching.isEmpty() ? null : matching.stream().mapToLong(RandomMessage::id).sum())));
            case 2 -> {
                Map<String, Long> counts = matching.stream().collect(groupingBy(RandomMessage::subject, TreeMap::new, counting()));
                assertRows("SELECT _subject, count(*) %s GROUP BY _subject".formatted(from), counts.entrySet().stream().map(count -> row(count.getKey(), count.getValue())).toList());
            }
            case 3 -> {
                List<RandomMessage> newest = matching.reversed().subList(0, min(limit, matching.size()));
                assertRows("SELECT id, _sequence %s ORDER BY _sequence DESC LIMIT %s".formatted(from, limit), newest.stream().map(message -> row(message.id(), message.sequence())).toList());
            }
            case 4 -> {
                List<RandomMessage> oldest = matching.subList(0, min(limit, matching.size()));
                assertRows("SELECT id, kind %s ORDER BY _timestamp LIMIT %s".formatted(from, limit), oldest.stream().map(message -> row(message.id(), message.kind())).toList());
            }
            case 5 -> {
                List<Long> sequences = matching.stream().map(RandomMessage::sequence).toList();
                for (Session session : sessions()) {
                    List<MaterializedRow> rows = computeActual(session, "SELECT _sequence %s LIMIT %s".formatted(from, limit)).getMaterializedRows();
                    assertThat(rows).as(from).hasSize(min(limit, matching.size()));
                    assertThat(rows.stream().map(row -> (Long) row.getField(0)).toList()).as(from).doesNotHaveDuplicates().isSubsetOf(sequences);
                }
            }
            case 6 -> assertRows("SELECT text, _size, key, nested.deep.n " + from, matching.stream()
                    .map(message -> row(message.text(), (long) message.payload().length(), message.key(), message.id()))
                    .toList());
            default -> assertRows("SELECT id, value, _subject, _sequence, CAST(_timestamp AS varchar) " + from, matching.stream()
                    .map(message -> row(message.id(), message.value(), message.subject(), message.sequence(), message.timeText()))
                    .toList());
        }
    }

    private static List<Object> row(Object... values)
    {
        return Arrays.asList(values);
    }

    private void assertRows(String sql, List<List<Object>> expected)
    {
        for (Session session : sessions()) {
            assertThat(computeActual(session, sql).getMaterializedRows().stream().map(MaterializedRow::getFields).toList())
                    .as(sql)
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private List<Session> sessions()
    {
        Session.SessionBuilder off = Session.builder(getSession());
        for (String kind : ImmutableList.of("subject", "sequence", "timestamp", "limit", "topn", "aggregation", "projection")) {
            off.setCatalogSessionProperty("nats", kind + "_pushdown_enabled", "false");
        }
        // small splits, so that ranges are cut in many places
        Session on = Session.builder(getSession()).setCatalogSessionProperty("nats", "messages_per_split", "100").build();
        return ImmutableList.of(on, off.build());
    }
}
