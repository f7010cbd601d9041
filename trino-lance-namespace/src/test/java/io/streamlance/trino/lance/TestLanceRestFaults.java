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
package io.streamlance.trino.lance;

import com.sun.net.httpserver.HttpExchange;
import io.streamlance.trino.lance.RestProxy.Action;
import io.streamlance.trino.lance.RestProxy.Request;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import static io.streamlance.trino.lance.RestCatalogs.write;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

/// A REST namespace that fails: the query recovers or says what is wrong, within the timeout, and never that a table
/// does not exist.
@Execution(SAME_THREAD)
final class TestLanceRestFaults
        extends AbstractTestQueryFramework
{
    private static final String QUERY = "SELECT id FROM faulty.s.t";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private DistributedQueryRunner queryRunner;
    private RestCatalogs catalogs;
    private Path root;
    private RestProxy proxy;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        queryRunner = DistributedQueryRunner.builder(testSessionBuilder().build())
                .setWorkerCount(0)
                .build();
        queryRunner.installPlugin(new LancePlugin());
        catalogs = closeAfterClass(new RestCatalogs(queryRunner));
        root = catalogs.createRoot("faults");
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("s");
            write(data, 1, "s", "t");
            write(data, 2, "s", "u");
            write(data, 3, "at_root");
        }
        proxy = catalogs.create("faulty", root, Map.of("lance.namespace.request-timeout", "2s", "lance.namespace.max-attempts", "4"));
        return queryRunner;
    }

    @BeforeEach
    void mend()
    {
        proxy.setFault(_ -> Optional.empty());
        proxy.takeRequests();
    }

    @Test
    void testPassingFaultsAreRetried()
    {
        for (Action fault : new Action[] {status(500, "oops"), status(503, ""), status(429, "{\"error\": \"slow down\", \"code\": 21}"), exchange -> exchange.close(), TestLanceRestFaults::breakOff}) {
            proxy.takeRequests();
            proxy.setFault(times(3, fault));
            assertQuery(QUERY, "VALUES 1");
            assertThat(proxy.takeRequests()).hasSize(4);
        }
    }

    @Test
    void testLastingFaultsAreErrors()
    {
        proxy.setFault(always(status(500, "oops")));
        assertQueryFails(QUERY, "Cannot describe the table \\[s, t] in the Lance namespace http://.*: HTTP 500: oops \\(attempt 4, no further one\\).*");
        assertQueryFails("SHOW TABLES FROM faulty.s", ".*Cannot list the tables of \\[s] in the Lance namespace http://.*: HTTP 500: oops.*");
        assertQueryFails("SHOW SCHEMAS FROM faulty", ".*Cannot list the namespaces of \\[] in the Lance namespace http://.*: HTTP 500: oops.*");
        proxy.setFault(always(status(429, "{\"error\": \"slow down\", \"code\": 21}")));
        assertQueryFails(QUERY, "Cannot describe the table \\[s, t] .*: HTTP 429: slow down .*limits the rate.*");
        proxy.setFault(always(exchange -> exchange.close()));
        assertQueryFails(QUERY, "Cannot describe the table \\[s, t] .*does not answer.*");
    }

    @Test
    void testGarbage()
    {
        for (String garbage : new String[] {"<html>Welcome</html>", "", "[]", "{}", "{\"location\": 7, \"tables\": null", "{\"tables\": [null]}", "\u0000\u0001"}) {
            proxy.takeRequests();
            proxy.setFault(always(status(200, garbage)));
            assertQueryFails(QUERY, "(?s)Cannot describe the table \\[s, t] in the Lance namespace .*: The server (answered with something else|described the table without its location).*");
            assertThat(proxy.takeRequests()).hasSize(1);
            assertQueryFails("SHOW TABLES FROM faulty.s", "(?s).*Cannot list the tables of \\[s] in the Lance namespace .*: The server answered with .*");
        }
    }

    @Test
    void testNotFoundOfOthersIsNoMissingTable()
    {
        for (String body : new String[] {"<html>404 page not found</html>", "", "{\"error\": \"no route\"}", "{\"error\": \"no route\", \"code\": 404}"}) {
            proxy.setFault(always(status(404, body)));
            assertQueryFails(QUERY, "Cannot describe the table \\[s, t] in the Lance namespace .*HTTP 404.*");
        }
        proxy.setFault(always(exchange -> {
            exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/login");
            RestProxy.answer(exchange, 302, new byte[0]);
        }));
        assertQueryFails(QUERY, "Cannot describe the table \\[s, t] in the Lance namespace .*HTTP 302.*look at lance.namespace.uri.*|Cannot describe .*look at lance.namespace.uri.*HTTP 302.*");
    }

    @Test
    void testDenied()
    {
        proxy.setFault(always(status(403, "{\"error\": \"not yours\", \"code\": 15}")));
        assertThatThrownBy(() -> computeActual(QUERY)).hasMessageContaining("not yours").hasMessageContaining("does not permit");
        assertThat(proxy.takeRequests()).hasSize(1);
        proxy.setFault(always(status(401, "who?")));
        assertThatThrownBy(() -> computeActual(QUERY)).hasMessageContaining("who?").hasMessageContaining("does not accept this catalog's credentials");

        // one table that is denied hides no other
        proxy.setFault(request -> request.uri().getPath().endsWith("$t/describe") ? Optional.of(status(403, "no")) : Optional.empty());
        assertQuery("SELECT table_name FROM faulty.information_schema.columns WHERE table_schema = 's'", "VALUES 'u'");
    }

    @Test
    void testRootWithoutTables()
    {
        Predicate<Request> rootTables = request -> request.uri().getPath().equals("/v1/namespace/$/table/list") || request.uri().getPath().equals("/v1/table/nothing/describe");
        for (Action refusal : new Action[] {status(400, "{\"error\": \"tables need a namespace\", \"code\": 13}"), status(501, ""), status(406, "{\"error\": \"unsupported\", \"code\": 0}")}) {
            proxy.setFault(request -> rootTables.test(request) ? Optional.of(refusal) : Optional.empty());
            assertQuery("SHOW SCHEMAS FROM faulty", "VALUES 'default', 'information_schema', 's'");
            assertQuery("SELECT table_schema, table_name FROM faulty.information_schema.tables WHERE table_schema <> 'information_schema'", "VALUES ('s', 't'), ('s', 'u')");
            assertQueryReturnsEmptyResult("SHOW TABLES FROM faulty.\"default\"");
            assertQueryFails("SELECT * FROM faulty.\"default\".nothing", ".*Table 'faulty.default.nothing' does not exist");
        }
        proxy.setFault(request -> rootTables.test(request) ? Optional.of(status(403, "")) : Optional.empty());
        assertQuery("SELECT table_schema, table_name FROM faulty.information_schema.tables WHERE table_schema <> 'information_schema'", "VALUES ('s', 't'), ('s', 'u')");
        // an outage of the root is no empty root
        proxy.setFault(request -> rootTables.test(request) ? Optional.of(status(500, "")) : Optional.empty());
        assertQueryFails("SELECT table_schema, table_name FROM faulty.information_schema.tables", ".*Cannot list the tables of \\[] .*HTTP 500.*");
    }

    @Test
    void testSlowAnswers()
    {
        proxy.setFault(always(_ -> sleep(Duration.ofSeconds(20))));
        assertTimesOut();
        // headers in time, a body that never ends
        proxy.setFault(always(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            while (true) {
                body.write(' ');
                body.flush();
                sleep(Duration.ofMillis(100));
            }
        }));
        assertTimesOut();
        mend();
        assertQuery(QUERY, "VALUES 1");
    }

    @Test
    void testKilledInMidListing()
            throws Exception
    {
        RestNamespaceServer server = new RestNamespaceServer(root);
        RestProxy killed = catalogs.create("killed", server.uri(), Map.of("lance.namespace.request-timeout", "2s"));
        killed.setPageSize(1);
        AtomicInteger lists = new AtomicInteger();
        killed.setFault(request -> {
            if (request.isTableList() && lists.incrementAndGet() == 2) {
                killed.close();
            }
            return Optional.empty();
        });
        assertQueryFails("SHOW TABLES FROM killed.s", ".*Cannot list the tables of \\[s] in the Lance namespace .*does not answer.*");
        assertQueryFails("SELECT * FROM killed.s.t", "Cannot describe the table \\[s, t] in the Lance namespace .*ConnectException.*does not answer.*");
        server.close();
    }

    @Test
    void testDeadServer()
            throws Exception
    {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        // mounting the root makes no request, so that a namespace that is down does not stop the start
        queryRunner.createCatalog("dead", "lance", Map.of(
                "lance.namespace.type", "rest",
                "lance.namespace.uri", "http://127.0.0.1:" + port,
                "lance.namespace.request-timeout", "1s"));
        assertQueryFails("SELECT * FROM dead.s.t", "Cannot describe the table \\[s, t] in the Lance namespace http://127.0.0.1:.*does not answer.*");
    }

    @Test
    void testTenThousandTablesInPages()
    {
        proxy.setFault(request -> {
            if (!request.isTableList()) {
                return Optional.empty();
            }
            int page = Integer.parseInt(Optional.ofNullable(request.uri().getQuery())
                    .filter(query -> query.contains("page_token="))
                    .map(query -> query.replaceAll(".*page_token=page (\\d+)&?.*", "$1"))
                    .orElse("0"));
            String names = IntStream.range(page * 1000, (page + 1) * 1000).mapToObj("\"t%s\""::formatted).collect(joining(","));
            // tokens are opaque: one with a space has to come back as it was
            String next = page < 9 ? ", \"page_token\": \"page %s\"".formatted(page + 1) : "";
            return Optional.of(status(200, "{\"tables\": [%s]%s}".formatted(names, next)));
        });
        assertThat(computeActual("SHOW TABLES FROM faulty.s").getRowCount()).isEqualTo(10_000);
        assertThat(proxy.takeRequests()).hasSize(10);
    }

    @Test
    void testRepeatedPageToken()
    {
        proxy.setFault(always(status(200, "{\"tables\": [\"a\"], \"page_token\": \"again\"}")));
        assertQueryFails("SHOW TABLES FROM faulty.s", ".*Cannot list the tables of \\[s] .*it gave the same page token twice.*");
    }

    @Test
    void testHeadersAndTokens()
            throws Exception
    {
        Path headers = Files.writeString(root.resolveSibling("headers.properties"), "X-Api-Key=key-secret\n");
        RestProxy withHeaders = catalogs.create("with_headers", root, Map.of(
                "lance.namespace.headers-file", headers.toString(),
                "lance.namespace.auth.token", "token-secret"));
        assertQuery("SELECT id FROM with_headers.s.t", "VALUES 1");
        assertThat(withHeaders.takeRequests()).allMatch(request ->
                request.apiKey().equals(Optional.of("key-secret")) && request.authorization().equals(Optional.of("Bearer token-secret")));
        withHeaders.setFault(always(status(401, "who?")));
        assertThatThrownBy(() -> computeActual("SELECT id FROM with_headers.s.t"))
                .hasStackTraceContaining("who?")
                .satisfies(failure -> assertThat(failure.toString()).doesNotContain("secret"));
    }

    @Test
    void testOauth2ClientCredentials()
            throws Exception
    {
        RestNamespaceServer server = new RestNamespaceServer(root);
        AtomicInteger tokens = new AtomicInteger();
        try (RestProxy tokenServer = new RestProxy(server.uri())) {
            tokenServer.setFault(always(exchange -> RestProxy.answer(exchange, 200, "{\"access_token\": \"token-%s\", \"expires_in\": 3600, \"token_type\": \"Bearer\"}".formatted(tokens.incrementAndGet()).getBytes(UTF_8))));
            RestProxy protectedProxy = catalogs.create("oauth", server.uri(), Map.of(
                    "lance.namespace.oauth2.token-uri", tokenServer.uri() + "/token",
                    "lance.namespace.oauth2.client-id", "trino",
                    "lance.namespace.oauth2.client-secret", "secret"));
            assertQuery("SELECT id FROM oauth.s.t", "VALUES 1");
            assertQuery("SELECT id FROM oauth.s.u", "VALUES 2");
            assertThat(protectedProxy.takeRequests()).allMatch(request -> request.authorization().equals(Optional.of("Bearer token-1")));
            assertThat(tokenServer.takeRequests()).singleElement()
                    .satisfies(request -> assertThat(request.authorization()).contains("Basic dHJpbm86c2VjcmV0"));

            // revoked before its time
            protectedProxy.setFault(request -> request.authorization().equals(Optional.of("Bearer token-1")) ? Optional.of(status(401, "expired")) : Optional.empty());
            assertQuery("SELECT id FROM oauth.s.t", "VALUES 1");
            assertThat(tokens).hasValue(2);

            protectedProxy.setFault(always(status(401, "never")));
            tokenServer.setFault(always(status(400, "{\"error\": \"invalid_client\"}")));
            assertQueryFails("SELECT id FROM oauth.s.t", "Cannot describe the table \\[s, t] .*No token from .*it refuses the client.*");
        }
        server.close();
    }

    @Test
    void testWrongConfiguration()
    {
        assertInvalid(Map.of("lance.namespace.type", "rest"), "lance.namespace.uri");
        assertInvalid(Map.of("lance.namespace.type", "rest", "lance.namespace.uri", "ftp://x"), "lance.namespace.uri must be an http or https URI");
        assertInvalid(Map.of("lance.namespace.type", "rest", "lance.namespace.uri", "http://x", "lance.namespace.root", root.toString()), "only dir has a lance.namespace.root");
        assertInvalid(Map.of("lance.namespace.type", "dir"), "lance.namespace.root is required");
        assertInvalid(Map.of("lance.namespace.root", root.toString(), "lance.namespace.uri", "http://x"), "lance.namespace.uri");
        assertInvalid(Map.of("lance.namespace.type", "rest", "lance.namespace.uri", "http://x", "lance.namespace.property.x", "y"), "has no meaning for lance.namespace.type=rest");
        assertInvalid(Map.of("lance.namespace.type", "com.example.Nothing"), "neither dir nor rest nor a class");
        assertInvalid(Map.of("lance.namespace.type", "rest", "lance.namespace.uri", "http://x", "lance.namespace.oauth2.client-id", "x"), "belong together");
    }

    @Test
    void testNamespaceOfClass()
    {
        queryRunner.createCatalog("by_class", "lance", Map.of(
                "lance.namespace.type", "org.lance.namespace.DirectoryNamespace",
                "lance.namespace.property.root", root.toString()));
        assertQuery("SELECT id FROM by_class.s.t", "VALUES 1");
    }

    private void assertInvalid(Map<String, String> properties, String message)
    {
        assertThatThrownBy(() -> queryRunner.createCatalog("invalid", "lance", properties)).hasStackTraceContaining(message);
    }

    private void assertTimesOut()
    {
        long start = System.nanoTime();
        assertQueryFails(QUERY, "Cannot describe the table \\[s, t] .*No complete answer within 2.0 s.*");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.multipliedBy(4));
    }

    private static Action status(int status, String body)
    {
        return exchange -> RestProxy.answer(exchange, status, body.getBytes(UTF_8));
    }

    private static RestProxy.Fault always(Action action)
    {
        return _ -> Optional.of(action);
    }

    private static RestProxy.Fault times(int times, Action action)
    {
        AtomicInteger left = new AtomicInteger(times);
        return _ -> left.getAndDecrement() > 0 ? Optional.of(action) : Optional.empty();
    }

    // half of the answer, then the connection ends
    private static void breakOff(HttpExchange exchange)
            throws IOException
    {
        exchange.sendResponseHeaders(200, 100);
        exchange.getResponseBody().write("{\"location\": \"".getBytes(UTF_8));
        exchange.getResponseBody().flush();
        throw new IOException("broken off");
    }

    private static void sleep(Duration duration)
            throws IOException
    {
        try {
            Thread.sleep(duration);
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
