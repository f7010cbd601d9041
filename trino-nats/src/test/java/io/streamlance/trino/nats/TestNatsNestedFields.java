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
import io.trino.Session;
import io.trino.sql.planner.plan.ProjectNode;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.QueryRunner;
import org.intellij.lang.annotations.Language;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/// Fields within rows are columns of the scan, with the values that the whole row has.
final class TestNatsNestedFields
        extends AbstractTestQueryFramework
{
    private static final List<String> PAYLOADS = List.of(
            """
            {"id": 1, "r": {"x": 1, "s": {"y": "one", "z": [1, 2]}, "Mixed": 10}}""",
            """
            {"id": 2, "r": {"x": null, "s": null}}""",
            """
            {"id": 3, "r": null}""",
            """
            {"id": 4}""",
            """
            {"id": 5, "r": {"S": {"Y": "other case", "y": "as written"}, "X": 5, "unknown": {"x": 7}}}""",
            // two that fit only as long as the field is not read
            """
            {"id": 6, "r": {"x": "six", "s": {"y": "six"}}}""",
            """
            {"id": 7, "r": {"x": 7, "s": "not a row"}}""");

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        TestingNatsServer server = closeAfterClass(new TestingNatsServer());
        try (Connection connection = server.connect()) {
            connection.jetStreamManagement().addStream(stream("NESTED", "nested.>").build());
            for (String payload : PAYLOADS) {
                connection.jetStream().publish("nested.a", payload.getBytes(UTF_8));
            }
        }
        Path descriptions = server.createDirectory("descriptions");
        Files.writeString(descriptions.resolve("nested.json"),
                """
                {"tableName": "nested", "subject": "nested.a", "message": {"dataFormat": "json", "fields": [
                   {"name": "id", "type": "bigint"},
                   {"name": "r", "type": "row(x bigint, s row(y varchar, z array(bigint)), mixed bigint)"}]}}
                """);
        Files.writeString(descriptions.resolve("similar.json"),
                """
                {"tableName": "similar", "subject": "nested.a", "message": {"dataFormat": "json", "fields": [
                   {"name": "r", "type": "row(\\"Mixed\\" bigint, \\"MIXED\\" bigint, x varchar)"}]}}
                """);
        return NatsQueryRunner.builder(server)
                .addConnectorProperty("nats.table-description-dir", descriptions.toString())
                .build();
    }

    @Test
    void testValues()
    {
        assertSame(
                "SELECT id, r.x, r.mixed FROM \"default\".nested WHERE _sequence < 6",
                "VALUES (BIGINT '1', BIGINT '1', BIGINT '10'), (2, NULL, NULL), (3, NULL, NULL), (4, NULL, NULL), (5, 5, NULL)");
        assertSame(
                "SELECT r.s.y, r.s.z[1], cardinality(r.s.z) FROM \"default\".nested WHERE _sequence < 6 AND r.s.y IS NOT NULL",
                "VALUES (VARCHAR 'one', BIGINT '1', BIGINT '2'), ('as written', NULL, NULL)");
        assertSame(
                "SELECT r.s, r.s.y, r FROM \"default\".nested WHERE _sequence = 1",
                "SELECT r.s, r.s.y, r FROM (VALUES ROW(CAST(ROW(1, ROW('one', ARRAY[1, 2]), 10) AS row(x bigint, s row(y varchar, z array(bigint)), mixed bigint)))) t(r)");
        assertSame("SELECT sum(r.x + r.mixed), count(r.s.y) FROM \"default\".nested WHERE _sequence < 6", "VALUES (BIGINT '11', BIGINT '2')");
        assertSame("SELECT id, r.s.y FROM \"default\".nested WHERE r.mixed = 10", "VALUES (BIGINT '1', VARCHAR 'one')", nullSession());
        assertSame("SELECT r.x FROM \"default\".nested WHERE _sequence < 6 ORDER BY _sequence DESC LIMIT 1", "VALUES BIGINT '5'");
    }

    @Test
    void testPlan()
    {
        // the check reads all of the table, what does not fit included
        assertThat(query(nullSession(), "SELECT r.x, r.s.y FROM \"default\".nested WHERE _sequence < 6")).isFullyPushedDown();
        assertThat(query(off(nullSession()), "SELECT r.x, r.s.y FROM \"default\".nested WHERE _sequence < 6")).isNotFullyPushedDown(ProjectNode.class);
        assertThat((String) computeScalar("EXPLAIN SELECT r.s.y FROM \"default\".nested")).contains("r.s.y:varchar");
    }

    @Test
    void testOnlyWantedFieldsAreDecoded()
    {
        assertThat(query("SELECT r.s.y FROM \"default\".nested WHERE _sequence = 6")).matches("VALUES VARCHAR 'six'");
        assertThat(query("SELECT r.x FROM \"default\".nested WHERE _sequence = 7")).matches("VALUES BIGINT '7'");
        assertQueryFails("SELECT r.x FROM \"default\".nested", ".*message 6 of stream NESTED, subject nested.a: column 'r': .*");
        // a row that is none is an error also for what is in it
        assertQueryFails("SELECT r.s.y FROM \"default\".nested", ".*message 7 of stream NESTED, subject nested.a: column 'r': .*");
        assertThat(query(nullSession(), "SELECT id, r.x, _corrupt FROM \"default\".nested WHERE _sequence >= 6")).matches("VALUES (CAST(NULL AS bigint), CAST(NULL AS bigint), true), (7, 7, false)");
    }

    @Test
    void testNamesThatDifferByCase()
    {
        assertSame("SELECT r.x FROM \"default\".similar WHERE _sequence = 1", "VALUES VARCHAR '1'");
        assertThat(query("SELECT r[1], r[2], r[3] FROM \"default\".similar WHERE _sequence = 1")).matches("VALUES (BIGINT '10', CAST(NULL AS bigint), VARCHAR '1')");
        assertSame("SELECT r[2] FROM \"default\".similar WHERE _sequence = 1", "VALUES CAST(NULL AS bigint)");
    }

    private Session nullSession()
    {
        return Session.builder(getSession()).setCatalogSessionProperty("nats", "decode_error", "NULL").build();
    }

    private static Session off(Session session)
    {
        return Session.builder(session).setCatalogSessionProperty("nats", "projection_pushdown_enabled", "false").build();
    }

    private void assertSame(@Language("SQL") String sql, @Language("SQL") String expected)
    {
        assertSame(sql, expected, getSession());
    }

    private void assertSame(@Language("SQL") String sql, @Language("SQL") String expected, Session session)
    {
        assertThat(query(session, sql)).matches(expected);
        assertThat(query(off(session), sql)).matches(expected);
    }
}
