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
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

import static com.google.common.base.Throwables.getStackTraceAsString;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Directory namespaces in a bucket of a real S3-compatible server.
final class TestLanceObjectStore
        extends AbstractTestQueryFramework
{
    private DistributedQueryRunner queryRunner;
    private TestingS3Server s3;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        queryRunner = DistributedQueryRunner.builder(testSessionBuilder().setCatalog("lake").setSchema("sales").build()).build();
        queryRunner.installPlugin(new LancePlugin());
        s3 = closeAfterClass(new TestingS3Server());
        s3.createBucket("bucket");
        try (LanceTestData data = new LanceTestData("s3://bucket/lake", s3.ownerOptions())) {
            data.createNamespace("sales");
            RestCatalogs.write(data, 42, "sales", "orders");
            RestCatalogs.write(data, 7, "roots");
        }
        createCatalog("lake", "s3://bucket/lake", s3.ownerOptions());
        return queryRunner;
    }

    @Test
    void testRead()
    {
        assertQuery("SHOW SCHEMAS FROM lake", "VALUES 'default', 'information_schema', 'sales'");
        assertQuery("SHOW TABLES FROM lake.sales", "VALUES 'orders'");
        assertQuery("SELECT id FROM lake.sales.orders", "VALUES 42");
        assertQuery("SELECT r.id, o.id, count(*) OVER () FROM lake.\"default\".roots r CROSS JOIN orders o", "VALUES (7, 42, 1)");
    }

    @Test
    void testNamesOfOptions()
    {
        createCatalog("long_names", "s3://bucket/lake", ImmutableMap.of(
                "aws_access_key_id", s3.ownerOptions().get("access_key_id"),
                "aws_secret_access_key", s3.secretKey(),
                "aws_region", TestingS3Server.REGION,
                "aws_endpoint", s3.connectionOptions().get("endpoint"),
                "aws_virtual_hosted_style_request", "false",
                "aws_allow_http", "true"));
        assertQuery("SELECT id FROM long_names.sales.orders", "VALUES 42");
    }

    @Test
    void testEmptyPrefix()
    {
        createCatalog("nothing_yet", "s3://bucket/nothing", s3.ownerOptions());
        assertQuery("SHOW SCHEMAS FROM nothing_yet", "VALUES 'default', 'information_schema'");
        assertQueryReturnsEmptyResult("SHOW TABLES FROM nothing_yet.\"default\"");
    }

    @Test
    void testWrongSecret()
    {
        Map<String, String> options = withOption("secret_access_key", "not-the-secret");
        assertThatThrownBy(() -> createCatalog("wrong_secret", "s3://bucket/lake", options))
                .hasMessageContaining("s3://bucket/lake")
                .hasMessageContaining("lance.storage.")
                .satisfies(failure -> assertThat(getStackTraceAsString(failure)).doesNotContain("not-the-secret"));
    }

    @Test
    void testMissingBucket()
    {
        assertThatThrownBy(() -> createCatalog("missing_bucket", "s3://no-such-bucket/lake", s3.ownerOptions()))
                .hasMessageContaining("s3://no-such-bucket/lake")
                .satisfies(failure -> assertThat(getStackTraceAsString(failure)).doesNotContain(s3.secretKey()));
    }

    @Test
    void testKilledServer()
            throws IOException
    {
        try (TestingS3Server killed = new TestingS3Server()) {
            killed.createBucket("bucket");
            try (LanceTestData data = new LanceTestData("s3://bucket/lake", killed.ownerOptions())) {
                RestCatalogs.write(data, 1, "numbers");
            }
            createCatalog("killed", "s3://bucket/lake", killed.ownerOptions());
            assertQuery("SELECT id FROM killed.\"default\".numbers", "VALUES 1");
            killed.kill();
            Stopwatch stopwatch = Stopwatch.createStarted();
            assertQueryFails("SELECT id FROM killed.\"default\".numbers", "(?s).*s3://bucket/lake.*");
            assertThat(stopwatch.elapsed()).isLessThan(Duration.ofSeconds(60));
            killed.start();
            assertQuery("SELECT id FROM killed.\"default\".numbers", "VALUES 1");
        }
        assertQuery("SELECT id FROM lake.sales.orders", "VALUES 42");
    }

    private Map<String, String> withOption(String name, String value)
    {
        return ImmutableMap.<String, String>builder().putAll(s3.ownerOptions()).put(name, value).buildKeepingLast();
    }

    private void createCatalog(String name, String root, Map<String, String> storageOptions)
    {
        ImmutableMap.Builder<String, String> properties = ImmutableMap.builder();
        properties.put("lance.namespace.root", root);
        storageOptions.forEach((option, value) -> properties.put("lance.storage." + option, value));
        queryRunner.createCatalog(name, "lance", properties.buildOrThrow());
    }
}
