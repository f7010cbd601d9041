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
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Locale.ENGLISH;

/// Table functions need the rights that a query of the stream's table needs.
final class TestNatsFunctionAccess
        extends AbstractTestQueryFramework
{
    private static final String READ = "SELECT %s FROM TABLE(nats.system.read_subject(subject => '%s', columns => DESCRIPTOR(a bigint, _sequence bigint)))";

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        TestingNatsServer server = closeAfterClass(new TestingNatsServer());
        try (Connection connection = server.connect()) {
            for (String name : new String[] {"OPEN", "CLOSED", "PARTLY", "FILTERED", "MASKED"}) {
                connection.jetStreamManagement().addStream(stream(name, name.toLowerCase(ENGLISH)).build());
                connection.jetStream().publish(name.toLowerCase(ENGLISH), "{\"a\": 1, \"b\": 2}".getBytes(UTF_8));
            }
        }
        Path rules = Files.writeString(server.createDirectory("rules").resolve("rules.json"),
                """
                {
                    "tables": [
                        {"user": "bob", "catalog": "nats", "schema": "streams", "table": "open", "privileges": ["SELECT"]},
                        {"user": "bob", "catalog": "nats", "schema": "streams", "table": "partly", "privileges": ["SELECT"], "columns": [{"name": "a", "allow": false}]},
                        {"user": "bob", "catalog": "nats", "schema": "streams", "table": "filtered", "privileges": ["SELECT"], "filter": "a > 1"},
                        {"user": "bob", "catalog": "nats", "schema": "streams", "table": "masked", "privileges": ["SELECT"], "columns": [{"name": "_payload", "mask": "NULL"}]},
                        {"user": "bob", "catalog": "nats", "privileges": []},
                        {"privileges": ["SELECT"]}
                    ],
                    "functions": [
                        {"catalog": "nats", "schema": "system", "function": ".*", "privileges": ["EXECUTE"]}
                    ]
                }
                """);
        return NatsQueryRunner.builder(server)
                .setSystemAccessControl("file", ImmutableMap.of("security.config-file", rules.toString()))
                .build();
    }

    @Test
    void testReadSubject()
    {
        assertQuery(bob(), READ.formatted("a", "open"), "VALUES 1");
        assertQueryFails(bob(), READ.formatted("a", "closed"), ".*Access Denied: Cannot select from table nats.streams.closed");
        assertQueryFails(bob(), "SELECT * FROM TABLE(nats.system.read_subject(subject => 'closed'))", ".*Access Denied: Cannot select from table nats.streams.closed");
        assertQueryFails(bob(), READ.formatted("a", "partly"), ".*Access Denied: Cannot select from .* nats.streams.partly");
        assertQueryFails(bob(), READ.formatted("a", "filtered"), ".*Row filtering not supported");
        assertQueryFails(bob(), READ.formatted("a", "masked"), ".*Column masking not supported");
        assertQuery(READ.formatted("a", "closed"), "VALUES 1");
    }

    @Test
    void testInferColumns()
    {
        assertQuery(bob(), "SELECT column_name FROM TABLE(nats.system.infer_columns(stream => 'OPEN'))", "VALUES 'a', 'b'");
        assertQueryFails(bob(), "SELECT * FROM TABLE(nats.system.infer_columns(stream => 'CLOSED'))", ".*Access Denied: Cannot select from table nats.streams.closed");
    }

    private Session bob()
    {
        return Session.builder(getSession()).setIdentity(Identity.ofUser("bob")).build();
    }
}
