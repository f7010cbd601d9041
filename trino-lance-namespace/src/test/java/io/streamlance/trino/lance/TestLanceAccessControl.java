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
import io.trino.Session;
import io.trino.spi.security.Identity;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

import static io.trino.spi.StandardErrorCode.TABLE_NOT_FOUND;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/// The rules of section "Access control" of docs/lance.md, and the property that turns metadata tables off.
final class TestLanceAccessControl
        extends AbstractTestQueryFramework
{
    private static final Schema SCHEMA = new Schema(List.of(
            Field.nullable("id", new ArrowType.Int(64, true)),
            Field.nullable("region", ArrowType.Utf8.INSTANCE)));
    private static final List<String> METADATA_TABLES = List.of("versions", "fragments", "indexes", "tags", "branches", "properties");
    private static final String CHANGES = "SELECT id, _change_type FROM TABLE(lance.system.table_changes('sales', '%s', 0, 1))";

    @TempDir
    private static Path directory;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        Path root = Files.createDirectory(directory.resolve("lake"));
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("sales");
            for (String table : List.of("orders", "trades")) {
                Consumer<VectorSchemaRoot> rows = TestLanceAccessControl::fill;
                data.writeTable(List.of("sales", table), SCHEMA, List.of(rows).iterator(), builder -> builder.enableStableRowIds(true));
            }
        }
        Path rules = Files.writeString(directory.resolve("rules.json"), documentedRules()
                .replace("\"tables\": [", "\"tables\": [{\"catalog\": \"closed\", \"privileges\": [\"SELECT\"]},"));
        DistributedQueryRunner runner = LanceQueryRunner.builderWithoutCatalog()
                .setSystemAccessControl("file", ImmutableMap.of("security.config-file", rules.toString()))
                .build();
        runner.installPlugin(new LancePlugin());
        runner.createCatalog("lance", "lance", ImmutableMap.of("lance.namespace.root", root.toString()));
        runner.createCatalog("closed", "lance", ImmutableMap.of("lance.namespace.root", root.toString(), "lance.metadata-tables.enabled", "false"));
        return runner;
    }

    private static void fill(VectorSchemaRoot root)
    {
        BigIntVector ids = (BigIntVector) root.getVector("id");
        VarCharVector regions = (VarCharVector) root.getVector("region");
        for (int i = 0; i < 3; i++) {
            ids.setSafe(i, i + 1);
            regions.setSafe(i, (i < 2 ? "eu" : "us").getBytes(UTF_8));
        }
        root.setRowCount(3);
    }

    /// The JSON block of the section.
    private static String documentedRules()
            throws IOException
    {
        String page = Files.readString(Path.of("..", "docs", "lance.md"));
        String section = page.substring(page.indexOf("\n## Access control\n"));
        int start = section.indexOf("```json\n") + "```json\n".length();
        return section.substring(start, section.indexOf("```", start));
    }

    @Test
    void testTables()
    {
        assertQuery(user("admin"), "SELECT id FROM lance.sales.trades", "VALUES 1, 2, 3");
        assertQuery(user("bob"), "SELECT id FROM lance.sales.orders", "VALUES 1, 2");
        assertQuery(user("bob"), "SELECT count(*), max(id) FROM lance.sales.orders", "VALUES (2, 2)");
        assertQuery(user("bob"), "SELECT id FROM lance.sales.orders FOR VERSION AS OF 1", "VALUES 1, 2");
        assertQuery(user("carol"), "SELECT id FROM lance.sales.orders", "VALUES 1, 2, 3");
        for (String name : List.of("bob", "carol", "dave")) {
            assertAccessDenied(name, "SELECT * FROM lance.sales.trades", "Cannot select from .* lance.sales.trades");
        }
    }

    @Test
    void testMetadataTables()
    {
        for (String table : METADATA_TABLES) {
            computeActual(user("admin"), "SELECT * FROM lance.sales.\"trades$%s\"".formatted(table));
            computeActual(user("carol"), "SELECT * FROM lance.sales.\"orders$%s\"".formatted(table));
            assertAccessDenied("carol", "SELECT * FROM lance.sales.\"trades$%s\"".formatted(table), "Cannot select from .* lance.sales.trades\\$" + table);
            assertAccessDenied("bob", "SELECT * FROM lance.sales.\"orders$%s\"".formatted(table), "Cannot select from .* lance.sales.orders\\$" + table);
        }
    }

    @Test
    void testTableChanges()
    {
        assertQuery(user("carol"), CHANGES.formatted("orders"), "VALUES (1, 'insert'), (2, 'insert'), (3, 'insert')");
        assertAccessDenied("carol", CHANGES.formatted("trades"), "Cannot select from .* lance.sales.trades");
        assertAccessDenied("dave", CHANGES.formatted("orders"), "Cannot execute function lance.system.table_changes");
        // the row filter would not apply
        assertQueryFails(user("bob"), CHANGES.formatted("orders"), ".*Row filtering not supported.*");
    }

    @Test
    void testMetadataTablesTurnedOff()
    {
        assertQuery("SELECT count(*) FROM closed.sales.orders", "VALUES 3");
        for (String table : METADATA_TABLES) {
            assertThat(query("SELECT * FROM closed.sales.\"orders$%s\"".formatted(table))).failure()
                    .hasErrorCode(TABLE_NOT_FOUND)
                    .hasMessageContaining("Table 'sales.orders$%s' does not exist: metadata tables are turned off by lance.metadata-tables.enabled", table);
        }
    }

    private void assertAccessDenied(String user, String sql, String problem)
    {
        assertQueryFails(user(user), sql, ".*Access Denied: " + problem + ".*");
    }

    private Session user(String name)
    {
        return Session.builder(getSession()).setIdentity(Identity.ofUser(name)).build();
    }
}
