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
import io.nats.client.Connection;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.QueryRunner;
import org.intellij.lang.annotations.Language;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.Map;
import java.util.Map.Entry;

import static io.streamlance.trino.nats.NatsErrorCode.NATS_PERMISSION_DENIED;
import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.TestInstance.Lifecycle.PER_CLASS;

/// The server answers no request that it does not permit, and says so apart. A query must not wait for the answer, which
/// would take five minutes here.
@TestInstance(PER_CLASS)
@Timeout(value = 4, unit = MINUTES)
final class TestNatsPermissions
        extends AbstractTestQueryFramework
{
    private static final int MESSAGES = 500;

    /// The catalog of each user has the user's name.
    private static final Map<String, List<String>> DENIED_PUBLISH = ImmutableMap.<String, List<String>>builder()
            .put("names", ImmutableList.of("$JS.API.STREAM.NAMES"))
            .put("lists", ImmutableList.of("$JS.API.STREAM.LIST", "$JS.API.CONSUMER.LIST.>"))
            .put("info", ImmutableList.of("$JS.API.STREAM.INFO.>"))
            .put("get", ImmutableList.of("$JS.API.STREAM.MSG.GET.>"))
            .put("creation", ImmutableList.of("$JS.API.CONSUMER.CREATE.>"))
            .put("pull", ImmutableList.of("$JS.API.CONSUMER.MSG.NEXT.>"))
            .put("deletion", ImmutableList.of("$JS.API.CONSUMER.DELETE.>"))
            .put("direct", ImmutableList.of("$JS.API.DIRECT.GET.>"))
            .put("leader_only", ImmutableList.of("$JS.API.CONSUMER.>", "$JS.API.DIRECT.GET.>"))
            .put("nothing", ImmutableList.of("$JS.API.CONSUMER.>", "$JS.API.DIRECT.GET.>", "$JS.API.STREAM.MSG.GET.>"))
            .buildOrThrow();

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        StringBuilder users = new StringBuilder("{user: admin, password: secret}\n");
        for (Entry<String, List<String>> user : DENIED_PUBLISH.entrySet()) {
            users.append("{user: %s, password: secret, permissions: {publish: {deny: [%s]}}}\n".formatted(
                    user.getKey(),
                    user.getValue().stream().map("\"%s\""::formatted).collect(joining(", "))));
        }
        users.append("{user: answers, password: secret, permissions: {subscribe: {deny: [\"_INBOX.>\"]}}}\n");
        TestingNatsServer server = closeAfterClass(TestingNatsServer.configured("authorization {users: [\n%s]}".formatted(users), "admin", "secret"));
        try (Connection connection = server.connect()) {
            connection.jetStreamManagement().addStream(stream("ORDERS", "orders.>").build());
            connection.jetStreamManagement().addStream(stream("PLAIN", "plain.>").allowDirect(false).build());
            for (int i = 0; i < 6; i++) {
                connection.jetStreamManagement().addStream(stream("OTHER_" + i, "other." + i).build());
            }
            for (int i = 0; i < MESSAGES; i++) {
                connection.jetStream().publish("orders." + i % 5, "{\"a\": %s}".formatted(i).getBytes(UTF_8));
                connection.jetStream().publish("plain." + i % 5, "{\"a\": %s}".formatted(i).getBytes(UTF_8));
            }
        }
        QueryRunner runner = NatsQueryRunner.builder(server)
                .addConnectorProperty("nats.user", "admin")
                .addConnectorProperty("nats.password", "secret")
                .build();
        for (String user : ImmutableList.<String>builder().addAll(DENIED_PUBLISH.keySet()).add("answers").build()) {
            runner.createCatalog(user, "nats", ImmutableMap.of(
                    "nats.servers", server.url(),
                    "nats.user", user,
                    "nats.password", "secret",
                    "nats.request-timeout", "5m",
                    "nats.stall-timeout", "5m"));
        }
        return runner;
    }

    @Test
    void testMetadata()
    {
        assertDenied("SHOW TABLES FROM names.streams", "list streams", "publish to", "$JS.API.STREAM.NAMES");
        assertDenied("SELECT a FROM info.streams.orders", "describe stream orders", "publish to", "$JS.API.STREAM.INFO.orders");
        assertDenied("SELECT a FROM get.streams.orders", "read stream ORDERS", "publish to", "$JS.API.STREAM.MSG.GET.ORDERS");
        assertDenied("SELECT * FROM lists.system.streams", "list streams", "publish to", "$JS.API.STREAM.LIST");
        assertDenied("SELECT * FROM lists.system.consumers", "list consumers of stream [A-Z_0-9]+", "publish to", "$JS.API.CONSUMER.LIST.");
        // when splits are planned
        assertDenied("SELECT a FROM TABLE(get.system.read_subject(subject => 'orders.>', columns => DESCRIPTOR(a bigint, _timestamp timestamp(9) with time zone))) WHERE _timestamp > TIMESTAMP '2020-01-01 00:00:00 UTC'", "read stream ORDERS", "publish to", "$JS.API.STREAM.MSG.GET.ORDERS");
        assertDenied("SELECT * FROM TABLE(names.system.read_subject(subject => 'orders.1'))", "find the stream of subject orders.1", "publish to", "$JS.API.STREAM.NAMES");
    }

    @Test
    void testListingOfColumns()
    {
        assertQuery("SELECT count(*) FROM lists.information_schema.columns WHERE table_schema = 'streams' AND column_name = 'a'", "VALUES 2");
    }

    @Test
    void testAnswers()
    {
        assertDenied("SHOW TABLES FROM answers.streams", "list streams", "subscribe to", "_INBOX.");
        // the server has said so once
        assertDenied("SELECT * FROM answers.streams.orders", "describe stream orders", "subscribe to", "_INBOX.");
    }

    @Test
    void testScansWithoutConsumers()
    {
        for (String catalog : List.of("creation", "pull", "deletion", "direct", "leader_only")) {
            for (String stream : List.of("orders", "plain")) {
                String table = "%s.streams.%s".formatted(catalog, stream);
                assertQuery("SELECT count(*), count(DISTINCT a), sum(a) FROM (SELECT a FROM %s)".formatted(table), "VALUES (500, 500, 124750)");
                assertQuery("SELECT count(a), min(a) FROM %s WHERE _subject = '%s.3'".formatted(table, stream), "VALUES (100, 3)");
                assertQuery("SELECT count(a), min(a) FROM %1$s WHERE _subject IN ('%2$s.3', '%2$s.4')".formatted(table, stream), "VALUES (200, 3)");
                assertQuery("SELECT count(*) FROM %s WHERE _subject = '%s.3'".formatted(table, stream), "VALUES 100");
                assertQuery("SELECT a FROM %s WHERE _subject = '%s.3' ORDER BY _sequence DESC LIMIT 2".formatted(table, stream), "VALUES 498, 493");
                assertQuery("SELECT a FROM %s.streams.\"%s$last\"".formatted(catalog, stream), "VALUES 495, 496, 497, 498, 499");
            }
        }
    }

    @Test
    void testScanDenied()
    {
        assertDenied("SELECT _sequence FROM TABLE(nothing.system.read_subject(subject => 'orders.>', columns => DESCRIPTOR(a bigint, _sequence bigint))) WHERE a >= 0", "read stream ORDERS", "publish to", "$JS.API.STREAM.MSG.GET.ORDERS");
    }

    private void assertDenied(@Language("SQL") String sql, String action, String verb, String subject)
    {
        assertThat(query(sql)).failure()
                .hasErrorCode(NATS_PERMISSION_DENIED)
                .hasMessageMatching("(Error listing .*: )?NATS denied permission: (%s): the user of the catalog may not %s \"\\Q%s\\E.*\". Allow it in the permissions of this user".formatted(action, verb, subject));
    }
}
