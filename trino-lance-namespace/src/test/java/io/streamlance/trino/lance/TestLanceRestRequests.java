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

import io.streamlance.trino.lance.RestProxy.Request;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.lance.RestCatalogs.write;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.util.concurrent.TimeUnit.SECONDS;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

/// How many requests statements cost, counted at the server's door, on a coordinator with two workers.
@Execution(SAME_THREAD)
final class TestLanceRestRequests
        extends AbstractTestQueryFramework
{
    private RestCatalogs catalogs;
    private Path root;
    private RestProxy proxy;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = DistributedQueryRunner.builder(testSessionBuilder().setCatalog("rest").setSchema("sales").build())
                .setWorkerCount(2)
                .build();
        queryRunner.installPlugin(new LancePlugin());
        catalogs = closeAfterClass(new RestCatalogs(queryRunner));
        root = catalogs.createRoot("requests");
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("sales").createNamespace("sales", "emea").createNamespace("Upper");
            for (int i = 1; i <= 10; i++) {
                write(data, i, "sales", "t" + i);
            }
            write(data, 11, "sales", "emea", "t");
            write(data, 12, "Upper", "Case");
            write(data, 12, "Upper", "Other");
            write(data, 13, "at_root");
            write(data, 14, "sales", "emea", "changing");
        }
        proxy = catalogs.create("rest", root, Map.of());
        return queryRunner;
    }

    @BeforeEach
    @AfterEach
    void forget()
    {
        proxy.setFault(_ -> Optional.empty());
        proxy.takeRequests();
    }

    @Test
    void testQueryDescribesEachTableOnce()
    {
        assertQuery("SELECT id FROM t1", "VALUES 1");
        assertThat(paths()).containsExactly("/v1/table/sales$t1/describe");

        assertQuery("SELECT a.id, b.id, c.id FROM t1 a JOIN t1 b ON a.id = b.id CROSS JOIN t2 c WHERE a.id IN (SELECT id FROM t1)", "VALUES (1, 1, 2)");
        assertThat(paths()).containsExactlyInAnyOrder("/v1/table/sales$t1/describe", "/v1/table/sales$t2/describe");

        assertQuery("SELECT id FROM \"sales.emea\".t", "VALUES 11");
        assertThat(paths()).containsExactly("/v1/table/sales$emea$t/describe");

        assertQuery("SELECT id FROM \"default\".at_root", "VALUES 13");
        assertThat(paths()).containsExactly("/v1/table/at_root/describe");
    }

    @Test
    void testVersionsAndMetadataTablesDescribeTheTableOnce()
    {
        assertQuery("SELECT a.id, b.id, c.id FROM t1 FOR VERSION AS OF 1 a CROSS JOIN t1 FOR VERSION AS OF 'main' b CROSS JOIN t1 c", "VALUES (1, 1, 1)");
        assertThat(paths()).containsExactly("/v1/table/sales$t1/describe");

        for (String table : List.of("versions", "fragments", "indexes", "tags", "branches", "properties")) {
            assertThat(computeActual("SELECT * FROM \"t1$%s\"".formatted(table))).isNotNull();
            assertThat(paths()).containsExactly("/v1/table/sales$t1/describe");
        }
        assertQueryFails("SELECT * FROM TABLE(system.table_changes('sales', 't1', 0, 1))", ".*its rows have no stable ids.*");
        assertThat(paths()).containsExactly("/v1/table/sales$t1/describe");
    }

    @Test
    void testNameInUpperCaseCostsItsListings()
    {
        assertQuery("SELECT id FROM upper.\"case\"", "VALUES 12");
        assertThat(paths()).containsExactly(
                "/v1/table/upper$case/describe",
                "/v1/namespace/$/list",
                "/v1/namespace/Upper/table/list",
                "/v1/table/Upper$Case/describe");
    }

    @Test
    void testListingDescribesNothing()
    {
        assertThat(computeActual("SHOW TABLES FROM sales").getRowCount()).isEqualTo(10);
        assertThat(paths()).containsExactly("/v1/namespace/sales/table/list");

        assertQuery("SHOW TABLES FROM upper", "VALUES 'case', 'other'");
        assertThat(paths()).noneMatch(path -> path.endsWith("/describe"));

        assertQuery("SHOW SCHEMAS LIKE '%e%'", "VALUES 'default', 'information_schema', 'sales', 'sales.emea', 'upper'");
        assertThat(paths()).noneMatch(path -> path.endsWith("/describe") || path.endsWith("/table/list"));
    }

    @Test
    void testColumnsOfSchemaDescribeEachTableOnceAndSeveralAtATime()
    {
        AtomicInteger concurrent = new AtomicInteger();
        CountDownLatch fourAtATime = new CountDownLatch(4);
        proxy.setFault(request -> {
            if (request.isDescribe()) {
                concurrent.incrementAndGet();
                fourAtATime.countDown();
                try {
                    // released when four requests are under way, as none of them is answered before
                    assertThat(fourAtATime.await(20, SECONDS)).isTrue();
                }
                catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return Optional.empty();
        });
        assertThat(computeActual("SELECT * FROM information_schema.columns WHERE table_schema = 'sales'").getRowCount()).isEqualTo(10);
        assertThat(fourAtATime.getCount()).isZero();
        List<String> describes = paths().stream().filter(path -> path.endsWith("/describe")).collect(toImmutableList());
        assertThat(describes).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void testColumnsOfTableDescribeIt()
    {
        assertThat(computeActual("SELECT * FROM information_schema.columns WHERE table_schema = 'sales' AND table_name = 't3'").getRowCount()).isEqualTo(1);
        assertThat(paths().stream().filter(path -> path.endsWith("/describe"))).containsExactly("/v1/table/sales$t3/describe");

        assertQuery("DESCRIBE t3", "VALUES ('id', 'bigint', '', '')");
        assertThat(paths().stream().filter(path -> path.endsWith("/describe"))).containsExactly("/v1/table/sales$t3/describe");
    }

    // what JDBC drivers and the tools above them ask for
    @Test
    void testSystemTables()
    {
        assertThat(computeActual("SELECT * FROM system.jdbc.tables WHERE table_cat = 'rest' AND table_schem = 'sales'").getRowCount()).isEqualTo(10);
        assertThat(paths()).noneMatch(path -> path.endsWith("/describe"));

        assertQuery("SELECT column_name FROM system.jdbc.columns WHERE table_cat = 'rest' AND table_schem = 'sales' AND table_name = 't3'", "VALUES 'id'");
        assertThat(paths().stream().filter(path -> path.endsWith("/describe"))).containsExactly("/v1/table/sales$t3/describe");

        assertThat(computeActual("SELECT * FROM system.metadata.table_comments WHERE catalog_name = 'rest' AND schema_name = 'sales' AND table_name = 't3'").getRowCount()).isEqualTo(1);
        assertThat(paths().stream().filter(path -> path.endsWith("/describe"))).containsExactly("/v1/table/sales$t3/describe");
    }

    @Test
    void testPlansDescribeEachTableOnce()
    {
        for (String sql : List.of("EXPLAIN SELECT a.id FROM t1 a JOIN t1 b ON a.id = b.id", "EXPLAIN ANALYZE SELECT count(*) FROM t1", "SHOW STATS FOR t1", "SHOW CREATE TABLE t1", "SELECT count(*) FROM t1 WHERE id > 0 LIMIT 1", "WITH x AS (SELECT id FROM t1) SELECT * FROM x UNION ALL SELECT * FROM x")) {
            computeActual(sql);
            assertThat(paths()).as(sql).containsExactly("/v1/table/sales$t1/describe");
        }
    }

    @Test
    void testChangesOfOtherWritersAreSeenByTheNextQuery()
    {
        String sql = "SELECT id FROM \"sales.emea\".changing";
        try (LanceTestData writer = new LanceTestData(root)) {
            assertQuery(sql, "VALUES 14");
            assertQuery(sql, "VALUES 14");
            writer.changeTable(List.of("sales", "emea", "changing"), dataset -> dataset.delete("id = 14"));
            assertQueryReturnsEmptyResult(sql);
            assertThat(paths()).containsOnly("/v1/table/sales$emea$changing/describe").hasSize(3);

            writer.createNamespace("growth");
            write(writer, 15, "growth", "fresh");
        }
        assertQuery("SELECT id FROM growth.fresh", "VALUES 15");
        assertQuery("SHOW TABLES FROM growth", "VALUES 'fresh'");
    }

    @Test
    void testColumnsOfNamesInUpperCase()
    {
        assertQuery("SELECT table_name FROM information_schema.columns WHERE table_schema = 'upper'", "VALUES 'case', 'other'");
        assertThat(paths().stream().filter(path -> path.endsWith("/describe"))).containsExactlyInAnyOrder("/v1/table/Upper$Case/describe", "/v1/table/Upper$Other/describe");
    }

    @Test
    void testWorkersAskNothing()
            throws Exception
    {
        // the coordinator looks for the parent when the catalog is created
        RestProxy mounted = catalogs.create("mounted", root, Map.of("lance.namespace.parent", "sales"));
        assertQuery(
                IntStream.rangeClosed(1, 10).mapToObj("SELECT id FROM mounted.\"default\".t%s"::formatted).collect(joining(" UNION ALL ")),
                IntStream.rangeClosed(1, 10).mapToObj("(%s)"::formatted).collect(joining(", ", "VALUES ", "")));
        assertThat(paths(mounted)).hasSize(10).allMatch(path -> path.endsWith("/describe"));
    }

    private List<String> paths()
    {
        return paths(proxy);
    }

    private static List<String> paths(RestProxy proxy)
    {
        return proxy.takeRequests().stream()
                .map(Request::uri)
                .map(uri -> uri.getPath())
                .collect(toImmutableList());
    }
}
