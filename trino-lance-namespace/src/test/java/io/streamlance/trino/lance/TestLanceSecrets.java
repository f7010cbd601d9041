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

import com.google.common.collect.ImmutableMap;
import io.streamlance.trino.lance.TestingS3Server.TemporaryCredentials;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import static com.google.common.base.Throwables.getStackTraceAsString;
import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Neither the credentials of a catalog nor those that a namespace vends are in anything that users or logs get to see.
@Execution(ExecutionMode.SAME_THREAD)
final class TestLanceSecrets
        extends AbstractTestQueryFramework
{
    private static final String QUERY = "SELECT o.id, r.id FROM vended.sales.orders o CROSS JOIN vended.sales.returns r";

    private static final String CATALOG_SECRET = "secret-of-the-catalog";

    private final Set<String> vendedSecrets = ConcurrentHashMap.newKeySet();
    private DistributedQueryRunner queryRunner;
    private VendingNamespace namespace;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        queryRunner = DistributedQueryRunner.builder(testSessionBuilder().build()).build();
        queryRunner.installPlugin(new LancePlugin());
        namespace = closeAfterClass(new VendingNamespace());
        namespace.vend(this::vend);
        queryRunner.createCatalog("vended", "lance", namespace.catalogProperties(ImmutableMap.<String, String>builder()
                .putAll(namespace.s3().connectionOptions())
                .put("access_key_id", "catalog-key")
                .put("secret_access_key", CATALOG_SECRET)
                .buildOrThrow()));
        return queryRunner;
    }

    @Test
    void testPlans()
    {
        for (String explain : List.of("(TYPE LOGICAL)", "(TYPE DISTRIBUTED)", "(TYPE DISTRIBUTED, FORMAT JSON)", "(TYPE IO)", "ANALYZE VERBOSE")) {
            assertThat((String) computeScalar("EXPLAIN %s %s".formatted(explain, QUERY)))
                    .contains("orders")
                    .satisfies(this::assertWithoutSecrets);
        }
    }

    @Test
    void testSystemTables()
    {
        assertQuery(QUERY, "VALUES (42, 7)");
        assertThat(computeActual("SELECT * FROM system.runtime.queries").getMaterializedRows().toString())
                .contains("vended.sales.orders")
                .satisfies(this::assertWithoutSecrets);
        assertWithoutSecrets(computeActual("SELECT * FROM system.runtime.tasks").toString());
        assertWithoutSecrets(computeActual("SELECT * FROM system.metadata.catalogs").toString());
    }

    @Test
    void testQueryInfo()
            throws Exception
    {
        String queryId = queryRunner.executeWithPlan(getSession(), QUERY).queryId().toString();
        assertThat(queryInfo(queryId))
                .contains("LanceTableHandle")
                .contains("s3://bucket/lake/")
                // Trino itself adds the properties of catalogs if their management is dynamic, as it is in tests
                .satisfies(this::assertWithoutVendedSecrets);
    }

    @Test
    void testErrors()
            throws Exception
    {
        namespace.vend(_ -> {
            vendedSecrets.add("vended-but-wrong");
            return Map.of("access_key_id", "unknown", "secret_access_key", "vended-but-wrong", "session_token", "vended-but-wrong");
        });
        try {
            String sql = "SELECT id AS refused FROM vended.sales.orders";
            assertThatThrownBy(() -> queryRunner.execute(sql))
                    .hasMessageContaining("sales.orders")
                    .satisfies(failure -> assertWithoutSecrets(getStackTraceAsString(failure)));
            String queryId = (String) computeScalar("SELECT query_id FROM system.runtime.queries WHERE query = '%s'".formatted(sql));
            assertThat(queryInfo(queryId))
                    .contains("LANCE_OPEN_ERROR")
                    .satisfies(this::assertWithoutSecrets);
        }
        finally {
            namespace.vend(this::vend);
        }
    }

    @Test
    void testAnswerCutOff()
    {
        vendedSecrets.add("vended-in-half-an-answer");
        namespace.answerDescribe("{\"location\": \"s3://bucket/lake/t\", \"storage_options\": {\"session_token\": \"vended-in-half-an-answer");
        try {
            assertThatThrownBy(() -> queryRunner.execute("SELECT id FROM vended.sales.orders"))
                    .hasMessageContaining("The server answered with something else than JSON of Lance Namespace")
                    .satisfies(failure -> assertWithoutSecrets(getStackTraceAsString(failure)));
        }
        finally {
            namespace.vend(this::vend);
        }
    }

    @Test
    void testLogs()
    {
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        Logger root = Logger.getLogger("");
        List<Logger> loggers = List.of("io.streamlance", "io.trino").stream().map(Logger::getLogger).collect(toImmutableList());
        Handler handler = new Handler()
        {
            @Override
            public void publish(LogRecord entry)
            {
                lines.add(entry.getMessage() + (entry.getThrown() == null ? "" : getStackTraceAsString(entry.getThrown())));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        handler.setLevel(Level.ALL);
        root.addHandler(handler);
        loggers.forEach(logger -> logger.setLevel(Level.ALL));
        try {
            assertQuery(QUERY, "VALUES (42, 7)");
        }
        finally {
            loggers.forEach(logger -> logger.setLevel(null));
            root.removeHandler(handler);
        }
        assertThat(lines).isNotEmpty();
        assertWithoutSecrets(String.join("\n", lines));
    }

    @Test
    void testToString()
    {
        LanceTableCredentials credentials = new LanceTableCredentials(Map.of("secret_access_key", "hidden", "session_token", "hidden"));
        assertThat(credentials.toString()).contains("secret_access_key").doesNotContain("hidden");
    }

    private Map<String, String> vend(String location)
    {
        TemporaryCredentials credentials = namespace.issueCredentials(location);
        vendedSecrets.add(credentials.secretKey());
        vendedSecrets.add(credentials.sessionToken());
        return Map.of("access_key_id", credentials.accessKey(), "secret_access_key", credentials.secretKey(), "session_token", credentials.sessionToken());
    }

    private void assertWithoutSecrets(String text)
    {
        assertThat(text).doesNotContain(CATALOG_SECRET);
        assertWithoutVendedSecrets(text);
    }

    private void assertWithoutVendedSecrets(String text)
    {
        assertThat(vendedSecrets).isNotEmpty().noneMatch(text::contains);
    }

    // what the web interface shows is taken from this
    private String queryInfo(String queryId)
            throws IOException, InterruptedException
    {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(queryRunner.getCoordinator().getBaseUrl().resolve("/v1/query/" + queryId))
                    .header("X-Trino-User", getSession().getUser())
                    .build();
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }
}
