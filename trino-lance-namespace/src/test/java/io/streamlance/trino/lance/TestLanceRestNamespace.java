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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static io.streamlance.trino.lance.RestCatalogs.write;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Namespaces and names of all kinds through Lance's REST server.
final class TestLanceRestNamespace
        extends AbstractTestQueryFramework
{
    private DistributedQueryRunner queryRunner;
    private RestCatalogs catalogs;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        queryRunner = DistributedQueryRunner.builder(testSessionBuilder().build())
                .setWorkerCount(0)
                .build();
        queryRunner.installPlugin(new LancePlugin());
        catalogs = closeAfterClass(new RestCatalogs(queryRunner));
        return queryRunner;
    }

    @Test
    void testMounts()
            throws Exception
    {
        Path root = catalogs.createRoot("mounts");
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("sales").createNamespace("sales", "EMEA").createNamespace("empty");
            write(data, 1, "at_root");
            write(data, 2, "sales", "orders");
            write(data, 3, "sales", "EMEA", "Orders");
        }
        catalogs.create("mounts", root, Map.of());
        assertQuery("SHOW SCHEMAS FROM mounts", "VALUES 'default', 'empty', 'information_schema', 'sales', 'sales.emea'");
        assertQuery(
                "SELECT table_schema, table_name FROM mounts.information_schema.tables WHERE table_schema <> 'information_schema'",
                "VALUES ('default', 'at_root'), ('sales', 'orders'), ('sales.emea', 'orders')");
        assertQuery("SELECT id FROM mounts.\"default\".at_root", "VALUES 1");
        assertQuery("SELECT id FROM mounts.sales.orders", "VALUES 2");
        assertQuery("SELECT id FROM mounts.\"sales.emea\".ORDERS", "VALUES 3");
        assertQueryReturnsEmptyResult("SHOW TABLES FROM mounts.empty");
        assertQueryFails("SELECT * FROM mounts.sales.nothing", ".*Table 'mounts.sales.nothing' does not exist");
        assertQueryFails("SELECT * FROM mounts.nothing.orders", ".*Schema 'nothing' does not exist");

        catalogs.create("parent_mount", root, Map.of("lance.namespace.parent", "Sales"));
        assertQuery("SELECT id FROM parent_mount.emea.orders", "VALUES 3");
        assertThatThrownBy(() -> catalogs.create("no_parent", root, Map.of("lance.namespace.parent", "nothing")))
                .hasStackTraceContaining("The namespace 'nothing' of lance.namespace.parent does not exist");
    }

    @Test
    void testNames()
            throws Exception
    {
        Path root = catalogs.createRoot("names");
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("a.b").createNamespace("with space").createNamespace("Ünï");
            write(data, 1, "a.b", "with.dot");
            write(data, 2, "a.b", "With Space");
            write(data, 3, "Ünï", "tÄble");
            write(data, 4, "with space", "plus+percent%41&query?#");
            write(data, 5, "with space", "UPPER");
        }
        catalogs.create("names", root, Map.of());
        assertQuery("SELECT id FROM names.\"a.b\".\"with.dot\"", "VALUES 1");
        assertQuery("SELECT id FROM names.\"a.b\".\"with space\"", "VALUES 2");
        assertQuery("SELECT id FROM names.\"ünï\".\"täble\"", "VALUES 3");
        assertQuery("SELECT id FROM names.\"with space\".\"plus+percent%41&query?#\"", "VALUES 4");
        assertQuery("SELECT id FROM names.\"with space\".upper", "VALUES 5");
    }

    @Test
    void testNamesDoNotLeaveTheMount()
            throws Exception
    {
        Path root = catalogs.createRoot("outer/inner");
        try (LanceTestData data = new LanceTestData(root); LanceTestData outside = new LanceTestData(root.getParent())) {
            data.createNamespace("mounted").createNamespace("other");
            write(data, 1, "mounted", "t");
            write(data, 2, "other", "secret");
            write(data, 3, "at_root");
            write(outside, 4, "outside");
        }
        assertThat(Files.isDirectory(root.getParent().resolve("outside.lance"))).isTrue();
        String outside = root.getParent().resolve("outside").toString();
        for (Map<String, String> mount : List.of(Map.<String, String>of(), Map.of("lance.namespace.parent", "mounted"))) {
            String catalog = "inside" + mount.size();
            catalogs.create(catalog, root, mount);
            queryRunner.createCatalog(catalog + "_dir", "lance", ImmutableMap.<String, String>builder()
                    .put("lance.namespace.root", root.toString())
                    .putAll(mount)
                    .buildOrThrow());
            for (String schema : new String[] {"default", "..", ".", "mounted/..", "..$other", "%2e%2e"}) {
                for (String table : new String[] {"../outside", "..%2Foutside", outside, "mounted$..$other$secret", "../other$secret", "..", ".", "$", "%24", "../../table/at_root", "secret?x=", "other%24secret", "\u0000"}) {
                    for (String suffix : new String[] {"", "_dir"}) {
                        assertQueryFails("SELECT * FROM %s%s.\"%s\".\"%s\"".formatted(catalog, suffix, schema, table), "(?s).*does not exist.*");
                    }
                }
            }
        }
    }

    @Test
    void testDelimiter()
            throws Exception
    {
        Path root = catalogs.createRoot("delimiter");
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("a").createNamespace("a", "b").createNamespace("c::d");
            write(data, 1, "a", "b", "t");
            write(data, 2, "c::d", "t");
        }
        RestProxy proxy = catalogs.create("delimiter", root, Map.of("lance.namespace.delimiter", "::"));
        assertQuery("SELECT id FROM delimiter.\"a.b\".t", "VALUES 1");
        assertThat(proxy.takeRequests()).extracting(request -> request.uri().getRawPath()).containsExactly("/v1/table/a%3A%3Ab%3A%3At/describe");
        // a name that the server would take for two levels
        assertQuery("SHOW SCHEMAS FROM delimiter", "VALUES 'a', 'a.b', 'default', 'information_schema'");
        assertQueryFails("SELECT id FROM delimiter.\"c::d\".t", ".*does not exist");
        assertQueryFails("SHOW TABLES FROM delimiter.\"a::b\"", ".*Schema 'a::b' does not exist");
    }

    @Test
    void testManyPages()
            throws Exception
    {
        Path root = catalogs.createRoot("pages");
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("s");
            for (int i = 0; i < 30; i++) {
                data.declareTable("s", "t" + i);
            }
        }
        RestProxy proxy = catalogs.create("pages", root, Map.of());
        proxy.setPageSize(7);
        assertThat(computeActual("SHOW TABLES FROM pages.s").getRowCount()).isEqualTo(30);
        assertThat(proxy.takeRequests().stream().filter(RestProxy.Request::isTableList)).hasSize(5);
    }
}
