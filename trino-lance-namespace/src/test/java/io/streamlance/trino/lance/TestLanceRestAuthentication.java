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

import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import static io.streamlance.trino.lance.RestCatalogs.write;
import static io.streamlance.trino.lance.RestFaults.always;
import static io.streamlance.trino.lance.RestFaults.status;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// How a catalog tells a REST namespace who it is.
final class TestLanceRestAuthentication
        extends AbstractTestQueryFramework
{
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
}
