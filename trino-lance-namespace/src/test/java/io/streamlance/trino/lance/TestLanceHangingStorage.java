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

import io.trino.dispatcher.DispatchManager;
import io.trino.server.BasicQueryInfo;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

import static io.trino.testing.assertions.Assert.assertEventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// A table in an object store that takes requests and never answers, beside one that is well.
@Timeout(120)
final class TestLanceHangingStorage
        extends AbstractTestQueryFramework
{
    private ServerSocket storage;
    private RestCatalogs catalogs;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog()
                .setWorkerCount(0)
                .build();
        queryRunner.installPlugin(new LancePlugin());
        storage = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        catalogs = new RestCatalogs(queryRunner);
        Path root = catalogs.createRoot("hanging");
        try (LanceTestData data = new LanceTestData(root)) {
            RestCatalogs.write(data, 1, "hanging");
            RestCatalogs.write(data, 2, "well");
        }
        RestProxy proxy = catalogs.create("lance", root, Map.of(
                "lance.listing.table-timeout", "500ms",
                "lance.storage.aws_endpoint", "http://127.0.0.1:" + storage.getLocalPort(),
                "lance.storage.aws_region", "us-east-1",
                "lance.storage.aws_access_key_id", "key",
                "lance.storage.aws_secret_access_key", "secret",
                "lance.storage.allow_http", "true",
                "lance.storage.timeout", "20s",
                "lance.storage.client_max_retries", "0"));
        String hanging = root.resolve("hanging.lance").toString();
        proxy.setDescribeAnswer(body -> new String(body, UTF_8).replace(hanging, "s3://bucket/hanging.lance").getBytes(UTF_8));
        return queryRunner;
    }

    @AfterAll
    void tearDown()
            throws Exception
    {
        storage.close();
        catalogs.close();
    }

    @Test
    void testListing()
    {
        // not the table that cannot be opened in time
        assertQuery("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'default'", "VALUES ('well', 'id')");
        assertQuery("SELECT table_name FROM system.metadata.table_comments WHERE catalog_name = 'lance' AND schema_name = 'default'", "VALUES 'well', 'hanging'");
    }

    @Test
    void testCancel()
            throws IOException
    {
        for (String sql : new String[] {"SELECT count(*) FROM hanging", "DESCRIBE hanging"}) {
            Thread query = new Thread(() -> assertThatThrownBy(() -> computeActual(sql)).hasMessageContaining("Query was canceled"));
            query.start();
            assertEventually(() -> assertThat(planning()).as(sql).isNotEmpty());
            assertEventually(() -> assertThat(cancel(sql)).isTrue());
            // the thread of the query is free, whatever the storage does
            assertEventually(() -> assertThat(planning()).as(sql).isEmpty());
        }
    }

    private boolean cancel(String sql)
    {
        DispatchManager manager = getDistributedQueryRunner().getCoordinator().getDispatchManager();
        for (BasicQueryInfo query : manager.getQueries()) {
            if (query.getQuery().equals(sql) && !query.getState().isDone()) {
                manager.cancelQuery(query.getQueryId());
                return true;
            }
        }
        return false;
    }

    /// Threads of queries that wait for the connector.
    private static Stream<String> planning()
    {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> !thread.getKey().getName().startsWith("lance-"))
                .filter(thread -> Stream.of(thread.getValue()).anyMatch(frame -> frame.getClassName().endsWith(".LanceTableResolver")))
                .map(thread -> thread.getKey().getName());
    }
}
