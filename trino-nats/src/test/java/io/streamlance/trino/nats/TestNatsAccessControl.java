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
import io.trino.Session;
import io.trino.spi.security.Identity;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static io.trino.spi.StandardErrorCode.TABLE_NOT_FOUND;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Locale.ENGLISH;
import static org.assertj.core.api.Assertions.assertThat;

/// The rules of section "Access control" of docs/nats.md, and the properties that turn tables off.
final class TestNatsAccessControl
        extends AbstractTestQueryFramework
{
    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        TestingNatsServer server = closeAfterClass(new TestingNatsServer());
        try (Connection connection = server.connect()) {
            for (String name : new String[] {"ORDERS", "TRADES"}) {
                String subject = name.toLowerCase(ENGLISH);
                connection.jetStreamManagement().addStream(stream(name, subject + ".*").build());
                connection.jetStream().publish(subject + ".1", "{\"id\": 1, \"region\": \"eu\", \"email\": \"a@example.com\"}".getBytes(UTF_8));
                connection.jetStream().publish(subject + ".1", "{\"id\": 2, \"region\": \"eu\", \"email\": \"b@example.com\"}".getBytes(UTF_8));
                connection.jetStream().publish(subject + ".2", "{\"id\": 3, \"region\": \"us\", \"email\": \"c@example.com\"}".getBytes(UTF_8));
            }
        }
        Path rules = Files.writeString(server.createDirectory("rules").resolve("rules.json"), documentedRules()
                .replace("\"tables\": [", "\"tables\": [{\"catalog\": \"closed\", \"privileges\": [\"SELECT\"]},"));
        DistributedQueryRunner runner = NatsQueryRunner.builder(server)
                .setSystemAccessControl("file", ImmutableMap.of("security.config-file", rules.toString()))
                .build();
        runner.createCatalog("closed", "nats", ImmutableMap.of(
                "nats.servers", server.url(),
                "nats.last-tables.enabled", "false",
                "nats.metadata-tables.enabled", "false"));
        return runner;
    }

    /// The JSON block of the section.
    private static String documentedRules()
            throws IOException
    {
        String page = Files.readString(Path.of("..", "docs", "nats.md"));
        String section = page.substring(page.indexOf("\n## Access control\n"));
        int start = section.indexOf("```json\n") + "```json\n".length();
        return section.substring(start, section.indexOf("```", start));
    }

    @Test
    void testAdministrator()
    {
        assertQuery(user("admin"), "SELECT id FROM nats.streams.orders", "VALUES 1, 2, 3");
        assertQuery(user("admin"), "SELECT id FROM nats.streams.\"trades$last\"", "VALUES 2, 3");
        assertQuery(user("admin"), "SELECT DISTINCT stream FROM nats.system.subjects", "VALUES 'ORDERS', 'TRADES'");
        assertQuery(user("admin"), "SELECT count(*) FROM TABLE(nats.system.infer_columns(stream => 'TRADES'))", "VALUES 3");
    }

    @Test
    void testRowFilterReachesNewestMessages()
    {
        assertQuery(user("bob"), "SELECT id, region FROM nats.streams.orders", "VALUES (1, 'eu'), (2, 'eu')");
        assertQuery(user("bob"), "SELECT id, region FROM nats.streams.\"orders$last\"", "VALUES (2, 'eu')");
        assertQuery(user("bob"), "SELECT count(*) FROM nats.streams.orders", "VALUES 2");
        assertQuery(user("bob"), "SELECT max(_sequence) FROM nats.streams.orders", "VALUES 2");
        assertQuery(user("carol"), "SELECT id, email FROM nats.streams.\"orders$last\"", "VALUES (2, 'b@example.com'), (3, 'c@example.com')");
    }

    @Test
    void testHiddenColumns()
    {
        for (String column : new String[] {"email", "_payload", "_error"}) {
            assertAccessDenied("bob", "SELECT %s FROM nats.streams.orders".formatted(column), "Cannot select from .* nats.streams.orders");
            assertAccessDenied("bob", "SELECT %s FROM nats.streams.\"orders$last\"".formatted(column), "Cannot select from .* nats.streams.orders\\$last");
        }
    }

    @Test
    void testOtherTables()
    {
        for (String user : new String[] {"bob", "carol", "dave"}) {
            assertAccessDenied(user, "SELECT * FROM nats.streams.trades", "Cannot select from .* nats.streams.trades");
            assertAccessDenied(user, "SELECT * FROM nats.streams.\"trades$last\"", "Cannot select from .* nats.streams.trades\\$last");
            for (String table : new String[] {"streams", "consumers", "subjects"}) {
                assertAccessDenied(user, "SELECT * FROM nats.system." + table, "Cannot select from .* nats.system." + table);
            }
        }
    }

    @Test
    void testFunctions()
    {
        assertAccessDenied("bob", "SELECT * FROM TABLE(nats.system.read_subject(subject => 'orders.1'))", "Cannot execute function nats.system.read_subject");
        assertQuery(user("carol"), "SELECT id FROM TABLE(nats.system.read_subject(subject => 'orders.1'))", "VALUES 1, 2");
        assertAccessDenied("carol", "SELECT * FROM TABLE(nats.system.read_subject(subject => 'trades.1'))", "Cannot select from .* nats.streams.trades");
        assertAccessDenied("carol", "SELECT * FROM TABLE(nats.system.infer_columns(stream => 'TRADES'))", "Cannot select from .* nats.streams.trades");
    }

    @Test
    void testTablesTurnedOff()
    {
        assertQuery("SELECT count(*) FROM closed.streams.orders", "VALUES 3");
        assertThat(query("SELECT * FROM closed.streams.\"orders$last\"")).failure()
                .hasErrorCode(TABLE_NOT_FOUND)
                .hasMessageContaining("Table 'streams.orders$last' does not exist: tables of newest messages are turned off by nats.last-tables.enabled");
        for (String table : new String[] {"streams", "consumers", "subjects"}) {
            assertThat(query("SELECT * FROM closed.system." + table)).failure()
                    .hasErrorCode(TABLE_NOT_FOUND)
                    .hasMessageContaining("Table 'system.%s' does not exist: the tables of schema system are turned off by nats.metadata-tables.enabled", table);
        }
        assertThat(computeActual("SHOW SCHEMAS FROM closed").getOnlyColumnAsSet()).containsExactlyInAnyOrder("default", "information_schema", "streams");
        // other tables of the catalog are there
        assertQuery("SELECT table_name FROM closed.information_schema.tables WHERE table_schema = 'streams'", "VALUES 'orders', 'trades'");
    }

    private void assertAccessDenied(String user, String sql, String problem)
    {
        assertQueryFails(user(user), sql, ".*Access Denied: " + problem + ".*");
    }

    private Session user(String name)
    {
        return Session.builder(getSession()).setIdentity(Identity.ofUser(name)).build();
    }
}
