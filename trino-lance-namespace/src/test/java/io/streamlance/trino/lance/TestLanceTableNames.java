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

import com.google.common.collect.ImmutableList;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static com.google.common.io.MoreFiles.deleteRecursively;
import static com.google.common.io.RecursiveDeleteOption.ALLOW_INSECURE;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

/// Tables under names with characters that mean something to URIs, paths, file systems or SQL, as pylance writes them. Each has
/// the rows 1 and 3.
final class TestLanceTableNames
        extends AbstractTestQueryFramework
{
    // of characters that Lance encodes, decodes, takes for wildcards, or for the end of a path
    private static final List<String> NAMES = ImmutableList.of(
            "plain",
            "sp ace %20 ü#?",
            "a b",
            "pct%zz",
            "pct%41x",
            "hash#h",
            "q?x",
            "ü",
            "decomposed u\u0308",
            "日本",
            "emoji😀",
            "br[0]",
            "back\\slash",
            "quo\"te",
            "til~de",
            "st*ar",
            "plus+",
            "amp&eq=",
            "colon:x",
            "semi;",
            "nbsp\u00a0x",
            "{c}",
            "^c",
            "`b`",
            "<g>",
            "|p",
            "it's",
            "c1\u0085x",
            "u\u2028x",
            " lead",
            "%2f",
            "%2e%2e",
            "a%5cb",
            "dot.",
            "...x");

    private Path root;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = DistributedQueryRunner.builder(testSessionBuilder().setCatalog("lake").setSchema("default").build()).build();
        queryRunner.installPlugin(new LancePlugin());
        // the root has such a name, too
        root = Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve("rö ot[0]%41#?"));
        for (String name : NAMES) {
            copyTable(name);
        }
        queryRunner.createCatalog("lake", "lance", Map.of("lance.namespace.root", root.toString()));
        queryRunner.createCatalog("uri", "lance", Map.of("lance.namespace.root", root.toUri().toString()));
        return queryRunner;
    }

    @Test
    void testListing()
    {
        for (String catalog : List.of("lake", "uri")) {
            assertThat(computeActual("SHOW TABLES FROM " + catalog + ".\"default\"").getOnlyColumnAsSet()).containsExactlyInAnyOrderElementsOf(NAMES);
            assertThat(computeActual("SELECT table_name FROM " + catalog + ".information_schema.columns WHERE table_schema = 'default' AND column_name = 'a'").getOnlyColumnAsSet())
                    .containsExactlyInAnyOrderElementsOf(NAMES);
        }
    }

    @Test
    void testReading()
    {
        for (String catalog : List.of("lake", "uri")) {
            assertSame(catalog, "SELECT array_agg(a ORDER BY a) = ARRAY[1, 3] FROM %s WHERE a > 0", "");
            assertSame(catalog, "SELECT count(*) = 2 FROM %s", "");
        }
    }

    @Test
    void testOtherVersions()
    {
        assertSame("lake", "SELECT array_agg(a ORDER BY a) = ARRAY[1, 2, 3] FROM %s FOR VERSION AS OF 2", "");
        assertSame("lake", "SELECT array_agg(a ORDER BY a) = ARRAY[1, 2] FROM %s FOR VERSION AS OF 'first'", "");
        assertSame("lake", "SELECT array_agg(version ORDER BY version) = ARRAY[1, 2, 3] FROM %s", "$versions");
        assertSame("lake", "SELECT sum(num_rows) = 2 FROM %s", "$fragments");
    }

    @Test
    void testNoWayOut()
    {
        for (String name : List.of("../" + root.getFileName() + "/plain", "plain.lance/../plain", "nothing%", "nothing ü", "nothing\u0001", "%70lain")) {
            assertQueryFails("SELECT * FROM " + quote(name), "(?s).*does not exist");
        }
    }

    @Test
    void testControlCharacters()
            throws Exception
    {
        Path control = Files.createDirectories(getQueryRunner().getCoordinator().getBaseDataDir().resolve("control"));
        try (LanceTestData data = new LanceTestData(control)) {
            data.createNamespace("tab\tx").createNamespace("bell\u0007").createNamespace("it's").createNamespace("it's", "a");
            RestCatalogs.write(data, 1, "registered");
            RestCatalogs.write(data, 2, "tab\tx", "t");
            RestCatalogs.write(data, 3, "it's", "t");
            // Lance takes the name of the namespace for longer than it is
            RestCatalogs.write(data, 4, "it's", "a", "b");
        }
        for (String name : List.of("plain", "ü", "bell\u0007", "line\nend", "gone ü")) {
            copyTable(control, name);
        }
        Files.createFile(control.resolve("gone ü.lance/.lance-deregistered"));
        getQueryRunner().createCatalog("control", "lance", Map.of("lance.namespace.root", control.toString()));
        assertQuery("SHOW SCHEMAS FROM control", "VALUES 'default', 'information_schema', 'tab\tx', 'bell\u0007', 'it''s', 'it''s.a'");
        assertQuery("SHOW TABLES FROM control.\"default\"", "VALUES 'plain', 'registered', 'ü'");
        assertQuery(
                "SELECT table_schema, table_name FROM control.information_schema.tables WHERE table_schema <> 'information_schema'",
                "VALUES ('default', 'plain'), ('default', 'registered'), ('default', 'ü'), ('tab\tx', 't'), ('it''s', 't'), ('it''s.a', 'b')");
        assertQuery("SELECT table_name FROM control.information_schema.columns WHERE table_schema = 'default'", "VALUES 'plain', 'registered', 'ü'");
        assertQuery("SELECT a FROM control.\"default\".\"ü\"", "VALUES 1, 3");
        assertQuery("SELECT id FROM control.\"default\".registered", "VALUES 1");
        assertQuery("SELECT id FROM control.\"tab\tx\".t", "VALUES 2");
        assertQuery("SELECT id FROM control.\"it's\".t", "VALUES 3");
        assertQuery("SELECT id FROM control.\"it's.a\".b", "VALUES 4");
        assertQueryFails("SELECT * FROM control.\"default\".\"bell\u0007\"", "(?s).*does not exist");
        assertQueryFails("SELECT * FROM control.\"default\".\"gone ü\"", "(?s).*does not exist");
    }

    @Test
    void testUnknownMetadataTable()
    {
        assertQueryFails(
                "SELECT * FROM \"ü$foo\"",
                ".*Table 'default.ü\\$foo' does not exist. The metadata tables of ü are \"ü\\$versions\", \"ü\\$fragments\", \"ü\\$indexes\", \"ü\\$tags\", \"ü\\$branches\", \"ü\\$properties\"");
        assertQueryFails("SELECT * FROM \"nothing$foo\"", ".*nothing\\$foo\"' does not exist");
        assertQueryFails("SELECT * FROM \"nothing$versions\"", ".*nothing\\$versions\"' does not exist");
    }

    @Test
    void testDamagedFileIsNamed()
            throws Exception
    {
        String name = "damaged ü#[%41]?";
        copyTable(name);
        Path data;
        try (Stream<Path> files = Files.list(root.resolve(name + ".lance/data"))) {
            data = files.sorted().findFirst().orElseThrow();
        }
        Files.delete(data);
        assertQueryFails("SELECT * FROM " + quote(name), "(?s).*data/" + data.getFileName() + " is missing.*");
        deleteRecursively(root.resolve(name + ".lance"), ALLOW_INSECURE);
    }

    private void copyTable(String name)
            throws Exception
    {
        copyTable(root, name);
    }

    private static void copyTable(Path root, String name)
            throws Exception
    {
        TestResources.copyDirectory("names/table.lance", root.resolve(name + ".lance"));
    }

    // of every table the same is true
    private void assertSame(String catalog, String query, String suffix)
    {
        assertThat(computeActual(NAMES.stream()
                .map(name -> query.formatted("%s.\"default\".%s".formatted(catalog, quote(name + suffix))))
                .collect(joining(" UNION ALL "))).getOnlyColumn())
                .hasSize(NAMES.size())
                .containsOnly(true);
    }

    private static String quote(String name)
    {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
