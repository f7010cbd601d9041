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
import java.util.List;
import java.util.Map;

import static io.streamlance.trino.lance.RestCatalogs.write;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// `lance.namespace.type`: what belongs to which, and implementations by the name of their class.
final class TestLanceNamespaceTypes
        extends AbstractTestQueryFramework
{
    private DistributedQueryRunner queryRunner;
    private Path root;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        queryRunner = DistributedQueryRunner.builder(testSessionBuilder().build())
                .setWorkerCount(0)
                .build();
        queryRunner.installPlugin(new LancePlugin());
        root = Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve("types"));
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("s");
            write(data, 1, "s", "t");
        }
        return queryRunner;
    }

    @Test
    void testWrongConfiguration()
    {
        assertInvalid(Map.of("lance.namespace.type", "rest"), "lance.namespace.uri");
        assertInvalid(Map.of("lance.namespace.type", "rest", "lance.namespace.uri", "ftp://x"), "lance.namespace.uri must be an http or https URI");
        assertInvalid(Map.of("lance.namespace.type", "rest", "lance.namespace.uri", "http://x", "lance.namespace.root", root.toString()), "only dir has a lance.namespace.root");
        assertInvalid(Map.of("lance.namespace.type", "dir"), "lance.namespace.root is required");
        assertInvalid(Map.of("lance.namespace.root", root.toString(), "lance.namespace.uri", "http://x"), "lance.namespace.uri");
        assertInvalid(Map.of("lance.namespace.type", "rest", "lance.namespace.uri", "http://x", "lance.namespace.property.x", "y"), "has no meaning for lance.namespace.type=rest");
        assertInvalid(Map.of("lance.namespace.type", "Rest", "lance.namespace.uri", "http://x"), "lance.namespace.type is dir or rest in lower case");
        assertInvalid(Map.of("lance.namespace.root", root.toString(), "lance.namespace.uri", "http://x"), "lance.namespace.uri needs lance.namespace.type=rest");
        assertInvalid(Map.of("lance.namespace.type", "com.example.Nothing"), "neither dir nor rest nor a class");
        assertInvalid(Map.of("lance.namespace.type", "rest", "lance.namespace.uri", "http://x", "lance.namespace.oauth2.client-id", "x"), "belong together");
        for (String uri : List.of("login.example.com/token", "ftp://login.example.com/token", "https://user:hidden@login.example.com/token")) {
            assertInvalid(
                    Map.of("lance.namespace.type", "rest", "lance.namespace.uri", "http://x", "lance.namespace.oauth2.token-uri", uri, "lance.namespace.oauth2.client-id", "x", "lance.namespace.oauth2.client-secret", "y"),
                    "lance.namespace.oauth2.token-uri must be an http or https URI");
        }
    }

    @Test
    void testNamespaceOfClass()
    {
        queryRunner.createCatalog("by_class", "lance", Map.of(
                "lance.namespace.type", "org.lance.namespace.DirectoryNamespace",
                "lance.namespace.property.root", root.toString()));
        assertQuery("SELECT id FROM by_class.s.t", "VALUES 1");
    }

    @Test
    void testFailuresOfClassNameIt()
    {
        String type = BrokenNamespace.class.getName();
        assertInvalid(Map.of("lance.namespace.type", type), "Cannot open [] in the Lance namespace %1$s: %1$s failed with java.lang.IllegalStateException: which metastore?".formatted(type));

        queryRunner.createCatalog("broken", "lance", Map.of("lance.namespace.type", type, "lance.namespace.property.metastore", "here"));
        assertQueryFails("SHOW SCHEMAS FROM broken", ".*Cannot list the namespaces of \\[] in the Lance namespace .*BrokenNamespace gave no answer.*");
        assertQueryFails("SHOW TABLES FROM broken.s", ".*Cannot list the tables of \\[s] .*BrokenNamespace failed with java.lang.IllegalArgumentException: no connection to the metastore.*");
        assertQueryFails("SHOW TABLES FROM broken.no_list", ".*Cannot list the tables of \\[no_list] .*BrokenNamespace answered with no list.*");
        assertQueryFails("SELECT * FROM broken.s.no_location", "Cannot describe the table \\[s, no_location] .*BrokenNamespace described the table without its location.*");
        assertQueryFails("SELECT * FROM broken.s.no_code", "Cannot describe the table \\[s, no_code] .*BrokenNamespace failed without an error code: something is wrong.*");
        assertThatThrownBy(() -> computeActual("SELECT * FROM broken.s.old_library"))
                .hasMessageContaining("BrokenNamespace failed with java.lang.NoSuchMethodError: Metastore.table")
                .hasStackTraceContaining("BrokenNamespace.describeTable");
    }

    private void assertInvalid(Map<String, String> properties, String message)
    {
        assertThatThrownBy(() -> queryRunner.createCatalog("invalid", "lance", properties)).hasStackTraceContaining(message);
    }
}
