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
import com.google.common.collect.ImmutableMap;
import io.airlift.units.Duration;
import io.nats.client.api.RetentionPolicy;
import io.trino.testing.MaterializedRow;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static io.trino.testing.assertions.Assert.assertEventually;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

/// Headers that the server stores and the client library does not take, read in all four ways.
final class TestNatsHeaders
        extends AbstractTestNatsStreams
{
    private static final String REPUBLISHED =
            """
            NATS/1.0\r
            Nats-Stream: OTHER\r
            Nats-Subject: other.subject\r
            Nats-Sequence: 999\r
            Nats-Time-Stamp: 2001-02-03T04:05:06Z\r
            Nats-Num-Pending: 7\r
            Nats-Last-Sequence: 998\r
            \r
            """;

    private static final List<Case> CASES = ImmutableList.of(
            new Case(header("city: Zürich"), ImmutableMap.of("city", List.of("Zürich"))),
            new Case(header("jp: 日本"), ImmutableMap.of("jp", List.of("日本"))),
            new Case("", ImmutableMap.of()),
            new Case("NATS/1.0\r\nbinary: a\u00ff\u00feb\r\n\r\n", ImmutableMap.of("binary", List.of("a\uFFFD\uFFFDb"))),
            new Case("NATS/1.0\r\ncontrol: \u0001\u0000x\u007f\r\n\r\n", ImmutableMap.of("control", List.of("\u0001\u0000x\u007f"))),
            new Case(header("my key: v"), ImmutableMap.of("my key", List.of("v"))),
            new Case(header("schlüssel: a\r\nschlüssel:b\r\nempty:"), ImmutableMap.of("schlüssel", List.of("a", "b"), "empty", List.of(""))),
            new Case(header("no colon\r\nk: v"), ImmutableMap.of("no colon", List.of(""), "k", List.of("v"))),
            new Case(header(": no key"), ImmutableMap.of("", List.of("no key"))),
            new Case(header("lines: a\nb\rc"), ImmutableMap.of("lines", List.of("a\nb\rc"))),
            // different bytes that become the same name
            new Case("NATS/1.0\r\nk\u00ff: 1\r\nk\u00fe: 2\r\n\r\n", ImmutableMap.of("k\uFFFD", List.of("1", "2"))),
            new Case(header("Nats-Msg-Size: 77777"), ImmutableMap.of("Nats-Msg-Size", List.of("77777"))),
            new Case(header("Nats-Msg-Size: many"), ImmutableMap.of("Nats-Msg-Size", List.of("many"))),
            new Case(REPUBLISHED, ImmutableMap.<String, List<String>>builder()
                    .put("Nats-Stream", List.of("OTHER"))
                    .put("Nats-Subject", List.of("other.subject"))
                    .put("Nats-Sequence", List.of("999"))
                    .put("Nats-Time-Stamp", List.of("2001-02-03T04:05:06Z"))
                    .put("Nats-Num-Pending", List.of("7"))
                    .put("Nats-Last-Sequence", List.of("998"))
                    .buildOrThrow()),
            new Case(header("Status: 404\r\nDescription: No Messages\r\nNats-Pending-Messages: 1"), ImmutableMap.of("Status", List.of("404"), "Description", List.of("No Messages"), "Nats-Pending-Messages", List.of("1"))),
            new Case(header("long: " + "x".repeat(60_000)), ImmutableMap.of("long", List.of("x".repeat(60_000)))));

    /// Header sections that do not end as they should. In front of headers of its own the server drops the last two bytes.
    private static final List<Case> DAMAGED = ImmutableList.of(
            new Case("NATS/1.0\r\na: bcd", ImmutableMap.of("a", List.of("bcd")), ImmutableMap.of("a", List.of("b"))),
            new Case("garbage", ImmutableMap.of("garbage", List.of("")), ImmutableMap.of("garba", List.of(""))),
            // a status, but for the carriage return
            new Case("NATS/1.0 404 No Messages\na: b\n", ImmutableMap.of(), ImmutableMap.of()),
            new Case("NATS/1.0 204 EOB\nNats-Num-Pending: 0\n", ImmutableMap.of(), ImmutableMap.of()),
            new Case("NATS/1.0\r\n\r\na: b\r\n\r\n", ImmutableMap.of("a", List.of("b")), ImmutableMap.of("a", List.of("b"))));

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        startServer();
        for (String name : List.of("headers", "damaged")) {
            List<Case> cases = name.equals("headers") ? CASES : DAMAGED;
            management().addStream(stream(name + "_consumer", name + ".consumer.>").build());
            management().addStream(stream(name + "_direct", name + ".direct.>").retentionPolicy(RetentionPolicy.WorkQueue).build());
            management().addStream(stream(name + "_get", name + ".get.>").retentionPolicy(RetentionPolicy.WorkQueue).allowDirect(false).build());
            try (TestingRawPublisher publisher = new TestingRawPublisher(server)) {
                for (String way : List.of("consumer", "direct", "get")) {
                    for (int i = 0; i < cases.size(); i++) {
                        publisher.publish("%s.%s.%s".formatted(name, way, i), cases.get(i).headers(), payload(i));
                    }
                }
                publisher.flush();
            }
            for (String way : List.of("consumer", "direct", "get")) {
                assertEventually(new Duration(20, SECONDS), () -> assertThat(management().getStreamInfo(name + "_" + way).getStreamState().getMsgCount()).isEqualTo(cases.size()));
            }
        }
        return NatsQueryRunner.builder(server).build();
    }

    @Test
    void testCity()
    {
        for (String table : List.of("headers_consumer", "headers_direct", "headers_get", "headers_consumer$last")) {
            assertThat(query("SELECT a, _headers['city'] FROM streams.\"%s\" WHERE a = 0".formatted(table)))
                    .as(table)
                    .matches("VALUES (BIGINT '0', CAST(ARRAY['Zürich'] AS array(varchar)))");
            assertThat(query("SELECT _headers['jp'] FROM streams.\"%s\" WHERE _sequence = 2".formatted(table)))
                    .as(table)
                    .matches("VALUES CAST(ARRAY['日本'] AS array(varchar))");
            assertThat(query("SELECT count(*), sum(a) FROM streams.\"%s\" WHERE a < 3".formatted(table)))
                    .as(table)
                    .matches("VALUES (BIGINT '3', BIGINT '3')");
        }
    }

    @Test
    void testWithPayload()
    {
        for (String table : List.of("headers_consumer", "headers_direct", "headers_get", "headers_consumer$last")) {
            assertThat(rows("SELECT _sequence, a, _headers, _size FROM streams.\"%s\"".formatted(table)))
                    .as(table)
                    .isEqualTo(expected(CASES, true, true));
        }
    }

    @Test
    void testWithoutPayload()
    {
        for (String table : List.of("headers_consumer", "headers_direct", "headers_get", "headers_consumer$last")) {
            assertThat(rows("SELECT _sequence, _headers, _size FROM streams.\"%s\"".formatted(table)))
                    .as(table)
                    .isEqualTo(expected(CASES, false, true));
            assertThat(query("SELECT sum(_size), count(_subject), min(_sequence) FROM streams.\"%s\"".formatted(table)))
                    .as(table)
                    .matches("VALUES (BIGINT '%s', BIGINT '%s', BIGINT '1')".formatted(sizes(), CASES.size()));
        }
    }

    @Test
    void testDamagedSections()
    {
        for (String table : List.of("damaged_consumer", "damaged_get", "damaged_consumer$last")) {
            assertThat(rows("SELECT _sequence, a, _headers, _size FROM streams.\"%s\"".formatted(table)))
                    .as(table)
                    .isEqualTo(expected(DAMAGED, true, true));
        }
        assertThat(rows("SELECT _sequence, a, _headers, _size FROM streams.damaged_direct")).isEqualTo(expected(DAMAGED, true, false));
        for (String table : List.of("damaged_consumer", "damaged_direct", "damaged_consumer$last")) {
            assertThat(rows("SELECT _sequence, _headers, _size FROM streams.\"%s\"".formatted(table)))
                    .as(table)
                    .isEqualTo(expected(DAMAGED, false, false));
        }
    }

    /// What is on its way when a query ends must not end the connection: the client library stops reading for good.
    @Test
    void testLateMessages()
            throws Exception
    {
        management().addStream(stream("late", "late").build());
        try (TestingRawPublisher publisher = new TestingRawPublisher(server)) {
            for (int i = 0; i < 20_000; i++) {
                publisher.publish("late", header("city: Zürich"), payload(i));
            }
            publisher.flush();
        }
        assertEventually(new Duration(20, SECONDS), () -> assertThat(management().getStreamInfo("late").getStreamState().getMsgCount()).isEqualTo(20_000));
        for (int i = 0; i < 30; i++) {
            assertThat(computeActual("SELECT a FROM streams.late WHERE a >= 0 LIMIT 3").getRowCount()).isEqualTo(3);
        }
        assertThat(query("SELECT count(a) FROM streams.late")).matches("VALUES BIGINT '20000'");
    }

    private List<List<Object>> rows(String sql)
    {
        return computeActual(sql + " ORDER BY _sequence").getMaterializedRows().stream()
                .map(MaterializedRow::getFields)
                .toList();
    }

    private static List<List<Object>> expected(List<Case> cases, boolean payload, boolean complete)
    {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            List<Object> row = new ArrayList<>();
            row.add(i + 1L);
            if (payload) {
                row.add((long) i);
            }
            row.add(complete ? cases.get(i).expected() : cases.get(i).expectedWithServerHeaders());
            row.add((long) payload(i).length());
            rows.add(row);
        }
        return rows;
    }

    private static long sizes()
    {
        long bytes = 0;
        for (int i = 0; i < CASES.size(); i++) {
            bytes += payload(i).length();
        }
        return bytes;
    }

    private static String payload(int i)
    {
        return "{\"a\": %s}".formatted(i);
    }

    /// In UTF-8, a byte per character.
    private static String header(String lines)
    {
        return new String("NATS/1.0\r\n%s\r\n\r\n".formatted(lines).getBytes(UTF_8), ISO_8859_1);
    }

    private record Case(String headers, Map<String, List<String>> expected, Map<String, List<String>> expectedWithServerHeaders)
    {
        private Case(String headers, Map<String, List<String>> expected)
        {
            this(headers, expected, expected);
        }
    }
}
