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

import com.google.common.base.Stopwatch;
import io.streamlance.trino.lance.RestProxy.Action;
import io.streamlance.trino.lance.RestProxy.Request;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_NAMESPACE_ERROR;
import static io.streamlance.trino.lance.RestCatalogs.write;
import static io.streamlance.trino.lance.RestFaults.always;
import static io.streamlance.trino.lance.RestFaults.retryLater;
import static io.streamlance.trino.lance.RestFaults.sleep;
import static io.streamlance.trino.lance.RestFaults.status;
import static io.streamlance.trino.lance.RestFaults.times;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.time.ZoneOffset.UTC;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;
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
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

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
        proxy = catalogs.create("faulty", root, Map.of("lance.namespace.request-timeout", "4s", "lance.namespace.max-attempts", "4"));
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
        for (Action fault : new Action[] {status(500, "oops"), status(503, ""), status(429, "{\"error\": \"slow down\", \"code\": 21}"), exchange -> exchange.close(), RestFaults::breakOff}) {
            proxy.takeRequests();
            proxy.setFault(times(3, fault));
            assertQuery(QUERY, "VALUES 1");
            assertThat(proxy.takeRequests()).hasSize(4);
        }
    }

    @Test
    void testServerSaysWhenToComeBack()
    {
        assertWaitsASecond(retryLater(429, "1"));
        // dates have whole seconds
        assertWaitsASecond(retryLater(503, RFC_1123_DATE_TIME.format(ZonedDateTime.now(UTC).plusSeconds(2))));
        // later than the query is willing to wait: it fails at once
        proxy.setFault(always(retryLater(429, "600")));
        assertQueryFails(QUERY, "Cannot describe the table \\[s, t] .*HTTP 429.*attempt 1; the server wants the next one in 600 s, which is beyond lance.namespace.request-timeout.*");
        assertThat(proxy.takeRequests()).hasSize(1);
        // and what is no time is no reason to wait
        proxy.setFault(times(1, retryLater(503, "soon")));
        assertQuery(QUERY, "VALUES 1");
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
    void testTooLargeAnswer()
    {
        proxy.setFault(always(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] spaces = new byte[1 << 20];
            Arrays.fill(spaces, (byte) ' ');
            for (int i = 0; i < 65; i++) {
                exchange.getResponseBody().write(spaces);
            }
        }));
        assertQueryFails("SHOW TABLES FROM faulty.s", ".*Cannot list the tables of \\[s] .*The server's answer is too large: more than 67108864 bytes.*");
        assertThat(proxy.takeRequests()).hasSize(1);

        proxy.setFault(always(status(403, "{\"error\": \"%s\", \"code\": 15}".formatted("no ".repeat(100_000)))));
        assertThatThrownBy(() -> computeActual(QUERY))
                .hasMessageContaining("HTTP 403: no no")
                .satisfies(failure -> assertThat(failure.getMessage()).hasSizeLessThan(1000));
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
    void testSomethingElseThanNamespace()
    {
        for (int status : new int[] {404, 405, 501}) {
            proxy.setFault(always(status(status, "<html>Not here</html>")));
            assertThat(query(QUERY)).failure()
                    .hasMessageMatching("Cannot describe the table \\[s, t] .*The server does not answer as a REST namespace does, look at lance.namespace.uri; HTTP %s: <html>.*".formatted(status))
                    .hasErrorCode(LANCE_NAMESPACE_ERROR);
        }
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
        assertQueryFails("SELECT * FROM killed.s.t", "Cannot describe the table \\[s, t] in the Lance namespace .*Connection refused, or no route.*does not answer.*");
        server.close();
        // the node goes on
        assertQuery(QUERY, "VALUES 1");
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

    private void assertWaitsASecond(Action fault)
    {
        proxy.takeRequests();
        proxy.setFault(times(1, fault));
        Stopwatch stopwatch = Stopwatch.createStarted();
        assertQuery(QUERY, "VALUES 1");
        assertThat(stopwatch.elapsed()).isGreaterThan(Duration.ofMillis(900));
        assertThat(proxy.takeRequests()).hasSize(2);
    }

    private void assertTimesOut()
    {
        long start = System.nanoTime();
        assertQueryFails(QUERY, "Cannot describe the table \\[s, t] .*No complete answer within 4.0 s.*");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.multipliedBy(4));
    }
}
