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
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

import static com.google.common.collect.Iterables.getOnlyElement;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// A REST namespace that vends credentials of one table each, which an S3-compatible server issues and checks.
@Execution(ExecutionMode.SAME_THREAD)
final class TestLanceVendedCredentials
        extends AbstractTestQueryFramework
{
    private static final String ORDERS = "SELECT id FROM vended.sales.orders";
    private static final String RETURNS = "SELECT id FROM vended.sales.returns";

    private DistributedQueryRunner queryRunner;
    private VendingNamespace namespace;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        queryRunner = DistributedQueryRunner.builder(testSessionBuilder().build()).build();
        queryRunner.installPlugin(new LancePlugin());
        namespace = closeAfterClass(new VendingNamespace());
        // without vended credentials, requests to the storage are not signed
        createCatalog("vended", ImmutableMap.<String, String>builder()
                .putAll(namespace.s3().connectionOptions())
                .put("skip_signature", "true")
                .buildOrThrow());
        return queryRunner;
    }

    @Test
    void testRefusedWithoutCredentials()
    {
        namespace.vend(_ -> Map.of());
        assertQuery("SHOW TABLES FROM vended.sales", "VALUES 'orders', 'returns'");
        assertQueryFails(ORDERS, "(?s)Cannot open the newest version of table sales.orders at s3://bucket/lake/.*");
    }

    @Test
    void testNamesOfOptions()
    {
        namespace.vend(namespace::tableOptions);
        assertQuery(ORDERS, "VALUES 42");
        namespace.vend(location -> namespace.tableOptions(location, "aws_access_key_id", "aws_secret_access_key", "aws_session_token"));
        assertQuery(ORDERS, "VALUES 42");
        namespace.vend(location -> namespace.tableOptions(location, "s3.access-key-id", "s3.secret-access-key", "s3.session-token"));
        assertQuery(ORDERS, "VALUES 42");
    }

    @Test
    void testConnectionIsVendedToo()
    {
        createCatalog("without_options", Map.of());
        namespace.vend(location -> ImmutableMap.<String, String>builder()
                .putAll(namespace.s3().connectionOptions())
                .putAll(namespace.tableOptions(location))
                .buildOrThrow());
        assertQuery("SELECT o.id, r.id FROM without_options.sales.orders o CROSS JOIN without_options.sales.returns r", "VALUES (42, 7)");
    }

    @Test
    void testVendedComeBeforeOptionsOfCatalog()
    {
        createCatalog("wrong_options", ImmutableMap.<String, String>builder()
                .putAll(namespace.s3().connectionOptions())
                .put("access_key_id", "wrong")
                .put("secret_access_key", "wrong")
                .put("session_token", "of another key")
                .buildOrThrow());
        Map<String, String> owner = namespace.s3().ownerOptions();
        namespace.vend(_ -> Map.of("aws_access_key_id", owner.get("access_key_id"), "aws_secret_access_key", owner.get("secret_access_key")));
        assertQuery("SELECT id FROM wrong_options.sales.orders", "VALUES 42");
    }

    @Test
    void testCredentialsOfOneTable()
    {
        Set<String> locations = new ConcurrentSkipListSet<>();
        namespace.vend(location -> {
            locations.add(location);
            return namespace.tableOptions(location);
        });
        assertQuery(RETURNS, "VALUES 7");
        locations.clear();
        assertQuery(ORDERS, "VALUES 42");
        String orders = getOnlyElement(locations);

        namespace.vend(_ -> namespace.tableOptions(orders));
        assertQuery(ORDERS, "VALUES 42");
        // its dataset is open with other credentials, which must not help
        assertQueryFails(RETURNS, "(?s)Cannot open the newest version of table sales.returns at s3://bucket/lake/.*");
    }

    @Test
    void testLanceServer()
    {
        Map<String, String> properties = ImmutableMap.<String, String>builder()
                .putAll(namespace.directoryProperties())
                .put("vend_input_storage_options", "true")
                .put("vend_input_storage_options_refresh_interval_millis", "3600000")
                .buildOrThrow();
        try (RestNamespaceServer server = new RestNamespaceServer(properties)) {
            queryRunner.createCatalog("lance_server", "lance", Map.of("lance.namespace.type", "rest", "lance.namespace.uri", server.uri().toString()));
            assertQuery("SELECT id FROM lance_server.sales.orders", "VALUES 42");
        }
    }

    @Test
    void testOneDescribePerQuery()
    {
        namespace.vend(namespace::tableOptions);
        namespace.takeRequests();
        assertQuery("SELECT a.id FROM vended.sales.orders a JOIN vended.sales.orders b ON a.id = b.id", "VALUES 42");
        assertThat(namespace.takeRequests()).hasSize(1);
    }

    @Test
    void testRenewedBeforeExpiry()
    {
        namespace.vend(location -> namespace.expiringOptions(location, Duration.ofMillis(20)));
        assertThatThrownBy(() -> newTransaction().execute(getSession(), session -> {
            assertThat(queryRunner.execute(session, ORDERS).getOnlyValue()).isEqualTo(42L);
            // only a query that asks again gets these
            namespace.vend(_ -> Map.of("access_key_id", "renewed", "secret_access_key", "but-wrong"));
            queryRunner.execute(session, ORDERS);
        })).hasMessageContaining("of table sales.orders at s3://bucket/lake/");
    }

    @Test
    void testNotRenewedEarly()
    {
        namespace.vend(location -> namespace.expiringOptions(location, Duration.ofHours(1)));
        namespace.takeRequests();
        newTransaction().execute(getSession(), session -> {
            assertThat(queryRunner.execute(session, ORDERS).getOnlyValue()).isEqualTo(42L);
            assertThat(queryRunner.execute(session, ORDERS).getOnlyValue()).isEqualTo(42L);
        });
        assertThat(namespace.takeRequests()).hasSize(1);
    }

    private void createCatalog(String name, Map<String, String> storageOptions)
    {
        queryRunner.createCatalog(name, "lance", namespace.catalogProperties(storageOptions));
    }
}
