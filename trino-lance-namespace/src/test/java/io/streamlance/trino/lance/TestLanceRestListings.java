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

import io.streamlance.trino.lance.RestProxy.Action;
import io.streamlance.trino.lance.RestProxy.Fault;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import static io.streamlance.trino.lance.RestCatalogs.write;
import static io.streamlance.trino.lance.RestFaults.status;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

/// A REST namespace that keeps some of its objects to itself, cannot do all that it could, or never comes to an end.
@Execution(SAME_THREAD)
final class TestLanceRestListings
        extends AbstractTestQueryFramework
{
    private static final String TABLES = "SELECT table_schema, table_name FROM partial.information_schema.tables WHERE table_schema <> 'information_schema'";
    private static final String COLUMNS = "SELECT table_name FROM partial.information_schema.columns WHERE table_schema = 's'";

    private RestProxy proxy;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = DistributedQueryRunner.builder(testSessionBuilder().build())
                .setWorkerCount(0)
                .build();
        queryRunner.installPlugin(new LancePlugin());
        RestCatalogs catalogs = closeAfterClass(new RestCatalogs(queryRunner));
        Path root = catalogs.createRoot("listings");
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("s").createNamespace("closed").createNamespace("closed", "below");
            write(data, 1, "s", "t");
            write(data, 2, "closed", "t");
            write(data, 3, "at_root");
            data.declareTable("s", "declared");
        }
        proxy = catalogs.create("partial", root, Map.of("lance.namespace.max-attempts", "1"));
        return queryRunner;
    }

    @BeforeEach
    void mend()
    {
        proxy.setFault(_ -> Optional.empty());
        proxy.takeRequests();
    }

    @Test
    void testNamespaceThatRefusesItsListings()
    {
        Set<String> listings = Set.of("/v1/namespace/closed/list", "/v1/namespace/closed/table/list");
        for (int refusal : new int[] {403, 405, 501}) {
            proxy.setFault(at(listings, status(refusal, "")));
            assertQuery("SHOW SCHEMAS FROM partial", "VALUES 'closed', 'default', 'information_schema', 's'");
            assertQuery(TABLES, "VALUES ('default', 'at_root'), ('s', 'declared'), ('s', 't')");
            // who names it is told
            assertThatThrownBy(() -> computeActual("SHOW TABLES FROM partial.closed")).hasMessageContaining("Cannot list the tables of [closed]");
            assertQuery("SELECT id FROM partial.closed.t", "VALUES 2");
        }
        for (int outage : new int[] {401, 500}) {
            proxy.setFault(at(listings, status(outage, "")));
            assertQueryFails("SHOW SCHEMAS FROM partial", ".*Cannot list the namespaces of \\[closed] .*HTTP " + outage + ".*");
            assertQueryFails(TABLES, ".*Cannot list the .* of \\[closed] .*HTTP " + outage + ".*");
        }
    }

    @Test
    void testListedTableExists()
    {
        proxy.setFault(at(Set.of("/v1/table/at_root/describe"), status(501, "not now")));
        assertQueryFails("SELECT id FROM partial.\"default\".at_root", "Cannot describe the table \\[at_root] .*not now.*");
    }

    @Test
    void testRefusedTokenHidesNoTable()
    {
        proxy.setFault(request -> request.isDescribe() ? Optional.of(status(401, "revoked")) : Optional.empty());
        assertQueryFails(COLUMNS, ".*Cannot describe the table .*revoked.*does not accept this catalog's credentials.*");
        // while a table that is denied or cannot be described hides no other
        for (int refusal : new int[] {403, 501}) {
            proxy.setFault(at(Set.of("/v1/table/s$declared/describe"), status(refusal, "")));
            assertQuery(COLUMNS, "VALUES 't'");
        }
    }

    @Test
    void testTableThatMayBeDeclared()
    {
        assertQueryFails("SELECT * FROM partial.s.declared", "Table s.declared is declared in the Lance namespace but has no data at.*");
        for (int refusal : new int[] {400, 500, 501}) {
            proxy.setFault(request -> request.uri().getQuery().contains("check_declared") ? Optional.of(status(refusal, "no idea")) : Optional.empty());
            assertThatThrownBy(() -> computeActual("SELECT * FROM partial.s.declared"))
                    .hasMessageContaining("Cannot open the newest version of table s.declared")
                    .hasStackTraceContaining("no idea");
            assertQuery(COLUMNS, "VALUES 't'");
        }
    }

    @Test
    void testStorageThatIsGone()
    {
        proxy.setDescribeAnswer(answer -> new String(answer, UTF_8).replace("/listings/", "/gone/").getBytes(UTF_8));
        assertQueryFails(COLUMNS, ".*Not one of the listed tables can be opened. The first failure: (Cannot open the newest version of table s.t at|Table s.declared is in the Lance namespace, but its directory) .*");
        proxy.setDescribeAnswer(UnaryOperator.identity());
        assertQuery(COLUMNS, "VALUES 't'");
    }

    @Test
    void testPagesThatDoNotEnd()
    {
        AtomicInteger tokens = new AtomicInteger();
        proxy.setFault(_ -> Optional.of(status(200, "{\"tables\": [\"a\", \"b\"], \"page_token\": \"fresh %s\"}".formatted(tokens.incrementAndGet()))));
        assertQueryFails("SHOW TABLES FROM partial.s", ".*Cannot list the tables of \\[s] .*it gave a page twice, and a token for the next one");
        assertThat(proxy.takeRequests()).hasSize(2);

        proxy.setFault(_ -> Optional.of(status(200, "{\"tables\": [], \"page_token\": \"fresh %s\"}".formatted(tokens.incrementAndGet()))));
        assertQueryFails("SHOW TABLES FROM partial.s", ".*Cannot list the tables of \\[s] .*it gave .* pages without a name, and a token for the next one");
    }

    @Test
    void testPagesWithoutNames()
    {
        AtomicInteger pages = new AtomicInteger();
        proxy.setFault(request -> request.isTableList() ? Optional.of(switch (pages.getAndIncrement()) {
            case 0, 1, 2 -> status(200, "{\"tables\": [], \"page_token\": \"fresh %s\"}".formatted(pages));
            default -> status(200, "{\"tables\": [\"late\"]}");
        }) : Optional.empty());
        assertQuery("SHOW TABLES FROM partial.s", "VALUES 'late'");
    }

    @Test
    void testNamespacesThatDoNotEnd()
    {
        // the children of the root, whichever are asked for
        proxy.setFault(request -> request.uri().getPath().matches("/v1/namespace/[^/]*/list") ? Optional.of(status(200, "{\"namespaces\": [\"a\", \"b\"]}")) : Optional.empty());
        assertQueryFails("SHOW SCHEMAS FROM partial", ".*The Lance namespace shows more than 32 levels: \\[a, a, .*");
        assertThat(proxy.takeRequests()).hasSizeLessThan(40);
    }

    private static Fault at(Set<String> paths, Action action)
    {
        return request -> paths.contains(request.uri().getPath()) ? Optional.of(action) : Optional.empty();
    }
}
