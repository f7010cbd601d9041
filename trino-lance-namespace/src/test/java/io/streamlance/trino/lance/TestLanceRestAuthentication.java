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
import com.google.common.collect.ImmutableMap;
import io.streamlance.trino.lance.RestProxy.Action;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import static com.google.common.base.Throwables.getStackTraceAsString;
import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.util.concurrent.Uninterruptibles.awaitUninterruptibly;
import static com.google.common.util.concurrent.Uninterruptibles.sleepUninterruptibly;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_NAMESPACE_ERROR;
import static io.streamlance.trino.lance.RestCatalogs.write;
import static io.streamlance.trino.lance.RestFaults.always;
import static io.streamlance.trino.lance.RestFaults.sleep;
import static io.streamlance.trino.lance.RestFaults.status;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// How a catalog tells a REST namespace who it is.
final class TestLanceRestAuthentication
        extends AbstractTestQueryFramework
{
    private static final int QUERIES = 4;

    private RestCatalogs catalogs;
    private Path root;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = DistributedQueryRunner.builder(testSessionBuilder().build())
                .setWorkerCount(0)
                .build();
        queryRunner.installPlugin(new LancePlugin());
        catalogs = closeAfterClass(new RestCatalogs(queryRunner));
        root = catalogs.createRoot("authentication");
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("s");
            write(data, 1, "s", "t");
            write(data, 2, "s", "u");
        }
        return queryRunner;
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
        AtomicInteger tokens = new AtomicInteger();
        try (RestNamespaceServer server = new RestNamespaceServer(root); RestProxy tokenServer = new RestProxy(server.uri())) {
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
    }

    @Test
    void testTokenEndpointSaysNothingAboutTables()
            throws Exception
    {
        try (OauthCatalog oauth = new OauthCatalog("oauth_refusals", Map.of())) {
            // codes of Lance Namespace among them, for "no such table" and "unsupported"
            for (Action refusal : new Action[] {status(501, "<html>"), status(405, ""), status(403, "no"), status(404, "{\"error\": \"gone\", \"code\": 4}"), status(406, "{\"error\": \"no\", \"code\": 0}")}) {
                oauth.tokenServer().setFault(always(refusal));
                for (String sql : new String[] {"SELECT id FROM oauth_refusals.s.t", "SELECT table_name FROM oauth_refusals.information_schema.tables"}) {
                    assertThat(query(sql)).failure()
                            .hasMessageContaining("No token from")
                            .hasErrorCode(LANCE_NAMESPACE_ERROR);
                }
            }
        }
    }

    @Test
    void testTokenThatNoHeaderCanCarry()
            throws Exception
    {
        try (OauthCatalog oauth = new OauthCatalog("oauth_header", Map.of())) {
            oauth.tokenServer().setFault(always(token("hidden-token\\n")));
            assertThatThrownBy(() -> computeActual("SELECT id FROM oauth_header.s.t"))
                    .hasMessageContaining("has characters that no HTTP header can carry")
                    .satisfies(failure -> assertThat(getStackTraceAsString(failure)).doesNotContain("hidden-token"));
        }
    }

    @Test
    @Timeout(60)
    void testConcurrentQueriesRenewTokenOnce()
            throws Exception
    {
        AtomicInteger tokens = new AtomicInteger();
        try (OauthCatalog oauth = new OauthCatalog("oauth_renewal", Map.of()); ExecutorService executor = newVirtualThreadPerTaskExecutor()) {
            oauth.tokenServer().setFault(_ -> Optional.of(token("token-" + tokens.incrementAndGet())));
            CountDownLatch allSent = new CountDownLatch(QUERIES);
            oauth.server().setFault(request -> {
                if (!request.authorization().equals(Optional.of("Bearer token-1"))) {
                    return Optional.empty();
                }
                return Optional.of(exchange -> {
                    allSent.countDown();
                    awaitUninterruptibly(allSent);
                    RestProxy.answer(exchange, 401, "revoked".getBytes(UTF_8));
                });
            });
            for (Future<Object> query : queries(executor, "SELECT id FROM oauth_renewal.s.t")) {
                assertThat(query.get()).isEqualTo(1L);
            }
            assertThat(tokens).hasValue(2);
        }
    }

    @Test
    @Timeout(60)
    void testConcurrentQueriesWaitForOneToken()
            throws Exception
    {
        try (OauthCatalog oauth = new OauthCatalog("oauth_hanging", Map.of("lance.namespace.request-timeout", "4s")); ExecutorService executor = newVirtualThreadPerTaskExecutor()) {
            oauth.tokenServer().setFault(always(_ -> sleep(Duration.ofSeconds(50))));
            Stopwatch stopwatch = Stopwatch.createStarted();
            for (Future<Object> query : queries(executor, "SELECT id FROM oauth_hanging.s.t")) {
                assertThatThrownBy(query::get).cause().hasMessageContaining("No token from").hasMessageContaining("No complete answer within 4.0 s");
            }
            // one after the other would take four times as long
            assertThat(stopwatch.elapsed()).isLessThan(Duration.ofSeconds(12));
            assertThat(oauth.tokenServer().takeRequests()).hasSizeLessThan(QUERIES);
        }
    }

    @Test
    void testTimeOfRequestBeginsAfterItsToken()
            throws Exception
    {
        try (OauthCatalog oauth = new OauthCatalog("oauth_slow", Map.of("lance.namespace.request-timeout", "3s"))) {
            oauth.tokenServer().setFault(always(exchange -> {
                sleep(Duration.ofSeconds(2));
                token("slow").run(exchange);
            }));
            oauth.server().setFault(_ -> {
                sleepUninterruptibly(Duration.ofSeconds(2));
                return Optional.empty();
            });
            assertQuery("SELECT id FROM oauth_slow.s.t", "VALUES 1");
        }
    }

    private List<Future<Object>> queries(ExecutorService executor, String sql)
    {
        return IntStream.range(0, QUERIES)
                .mapToObj(_ -> executor.submit(() -> computeScalar(sql)))
                .collect(toImmutableList());
    }

    private static Action token(String token)
    {
        return exchange -> RestProxy.answer(exchange, 200, "{\"access_token\": \"%s\", \"expires_in\": 3600}".formatted(token).getBytes(UTF_8));
    }

    /// A catalog whose server wants tokens of another one.
    private final class OauthCatalog
            implements AutoCloseable
    {
        private final RestNamespaceServer namespace = new RestNamespaceServer(root);
        private final RestProxy tokenServer = new RestProxy(namespace.uri());
        private final RestProxy server;

        private OauthCatalog(String name, Map<String, String> properties)
                throws IOException
        {
            server = catalogs.create(name, namespace.uri(), ImmutableMap.<String, String>builder()
                    .put("lance.namespace.oauth2.token-uri", tokenServer.uri() + "/token")
                    .put("lance.namespace.oauth2.client-id", "trino")
                    .put("lance.namespace.oauth2.client-secret", "secret")
                    .putAll(properties)
                    .buildOrThrow());
        }

        private RestProxy tokenServer()
        {
            return tokenServer;
        }

        private RestProxy server()
        {
            return server;
        }

        @Override
        public void close()
        {
            tokenServer.close();
            namespace.close();
        }
    }
}
