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
import io.trino.testing.QueryRunner;
import org.intellij.lang.annotations.Language;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;

import static io.streamlance.trino.nats.NatsErrorCode.NATS_DECODE_ERROR;
import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static org.assertj.core.api.Assertions.assertThat;

/// A predicate on subject, sequence or time protects from the messages that it leaves out: they are not decoded.
final class TestNatsBadMessages
        extends AbstractTestNatsStreams
{
    private static final int BAD_SEQUENCE = 7;

    private String badTime;
    private String nextTime;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        startServer();
        management().addStream(stream("SOME", "some.>").build());
        for (int i = 1; i <= 20; i++) {
            publish(i == BAD_SEQUENCE ? "some.bad.x" : "some.good%s.x".formatted(i % 2), i == BAD_SEQUENCE ? "not JSON" : "{\"a\": %s}".formatted(i));
            Thread.sleep(2);
        }
        badTime = time(BAD_SEQUENCE);
        nextTime = time(BAD_SEQUENCE + 1);
        Path descriptions = server.createDirectory("descriptions");
        Files.writeString(descriptions.resolve("some.json"),
                """
                {"tableName": "some", "stream": "SOME", "subject": "some.*.*", "subjectColumns": [{"name": "kind", "token": 2}],
                 "message": {"dataFormat": "json", "fields": [{"name": "a", "type": "bigint"}]}}
                """);
        return NatsQueryRunner.builder(server)
                .addConnectorProperty("nats.table-description-dir", descriptions.toString())
                .build();
    }

    private String time(long sequence)
            throws Exception
    {
        return "TIMESTAMP '%s'".formatted(management().getMessage("SOME", sequence).getTime().toInstant().toString().replace('T', ' ').replace("Z", " UTC"));
    }

    @Test
    void testMessagesLeftOutByPredicates()
    {
        assertThat(query("SELECT a FROM \"default\".some")).failure().hasErrorCode(NATS_DECODE_ERROR);
        for (String predicate : ImmutableList.of(
                "_subject <> 'some.bad.x'",
                "_subject NOT IN ('some.bad.x', 'some.other.x')",
                "_subject < 'some.bad.x' OR _subject > 'some.bad.x'",
                "_subject NOT LIKE '%.bad.%'",
                "_subject LIKE '%good_.x'",
                "NOT (_subject LIKE 'some.b%' OR _subject LIKE 'other.%')",
                "_subject NOT LIKE '%#_x' ESCAPE '#' AND _subject NOT LIKE '%bad%' AND _sequence < 100",
                "kind <> 'bad'",
                "kind > 'f'",
                "kind NOT IN ('bad', 'worse')",
                "_sequence <> 7",
                "_sequence NOT IN (7, 100)",
                "_sequence < 7 OR _sequence > 7",
                "(_sequence BETWEEN 1 AND 6) OR _sequence BETWEEN 8 AND 20",
                "_timestamp <> " + badTime,
                "_timestamp < %s OR _timestamp >= %s".formatted(badTime, nextTime),
                "_subject <> 'some.bad.x' AND _sequence <> 3 OR _sequence = 3 AND _subject <> 'some.bad.x'")) {
            assertQuery("SELECT count(a), sum(a) FROM \"default\".some WHERE " + predicate, "VALUES (19, 203)");
            assertQuery("SELECT count(a) FROM (SELECT a FROM \"default\".some WHERE %s LIMIT 30)".formatted(predicate), "VALUES 19");
            assertQuery("SELECT a FROM \"default\".some WHERE %s ORDER BY _sequence DESC LIMIT 1".formatted(predicate), "VALUES 20");
            assertQuery("SELECT count(*) FROM \"default\".some WHERE " + predicate, "VALUES 19");
        }
        assertFails("_subject <> 'some.good1.x'");
        assertFails("_subject NOT LIKE '%.good1.%'");
        assertFails("_sequence <> 8");
        assertFails("_timestamp <> " + nextTime);
    }

    @Test
    void testMessagesLeftOutByJoins()
    {
        assertQuery("SELECT sum(s.a) FROM \"default\".some s JOIN (VALUES BIGINT '5', BIGINT '9') t(q) ON s._sequence = t.q", "VALUES 14");
    }

    private void assertFails(@Language("SQL") String predicate)
    {
        assertThat(query("SELECT a FROM \"default\".some WHERE " + predicate)).failure().hasErrorCode(NATS_DECODE_ERROR);
    }
}
