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
import io.trino.spi.TrinoException;
import io.trino.spi.connector.Connector;
import io.trino.spi.connector.ConnectorFactory;
import io.trino.testing.TestingConnectorContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static com.google.common.collect.Iterables.getOnlyElement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TestLancePlugin
{
    private final ConnectorFactory factory = getOnlyElement(new LancePlugin().getConnectorFactories());

    @TempDir
    private Path root;

    @Test
    void testCreateConnector()
    {
        assertThat(factory.getName()).isEqualTo("lance");
        Connector connector = create(Map.of("lance.namespace.root", root.toString()));
        assertThat(connector.getSessionProperties()).extracting("name")
                .containsExactly("split_target_rows", "split_target_size", "scan_batch_rows", "scan_batch_size", "scan_readahead", "blob_max_size", "filter_pushdown_enabled", "projection_pushdown_enabled", "topn_pushdown_enabled", "statistics_enabled", "dynamic_filtering_wait_timeout");
        connector.shutdown();
    }

    @Test
    void testRootAsUri()
    {
        create(Map.of("lance.namespace.root", root.toUri().toString())).shutdown();
    }

    @Test
    void testStorageOptionsArePassedThrough()
    {
        create(Map.of(
                "lance.namespace.root", root.toString(),
                "lance.storage.region", "us-east-1",
                "lance.storage.allow_http", "true")).shutdown();
    }

    @Test
    void testUnknownProperty()
    {
        assertThatThrownBy(() -> create(Map.of("lance.namespace.root", root.toString(), "lance.namespace.rot", "x")))
                .hasMessageContaining("Configuration property 'lance.namespace.rot' was not used");
    }

    @Test
    void testRootIsRequired()
    {
        assertThatThrownBy(() -> create(Map.of()))
                .hasMessageContaining("lance.namespace.root");
    }

    @Test
    void testEmptyRoot()
    {
        for (String empty : List.of("", " ", "\t")) {
            assertThatThrownBy(() -> create(Map.of("lance.namespace.root", empty)))
                    .hasMessageContaining("lance.namespace.root is empty");
        }
    }

    @Test
    void testUnknownNamespaceType()
    {
        assertThatThrownBy(() -> create(Map.of("lance.namespace.root", root.toString(), "lance.namespace.type", "hive")))
                .hasMessageContaining("lance.namespace.type is dir, rest or the full name of a Java class");
        assertThatThrownBy(() -> create(Map.of("lance.namespace.type", "hive")))
                .hasMessageContaining("lance.namespace.type")
                .hasMessageContaining("hive");
    }

    @Test
    void testMissingRootIsNotCreated()
    {
        Path missing = root.resolve("missing");
        assertThatThrownBy(() -> create(Map.of("lance.namespace.root", missing.toString())))
                .hasMessageContaining("The directory %s of lance.namespace.root does not exist", missing);
        assertThat(missing).doesNotExist();
    }

    @Test
    void testRootThatIsNone()
            throws IOException
    {
        Path file = Files.writeString(root.resolve("lake.txt"), "no directory");
        assertThatThrownBy(() -> create(Map.of("lance.namespace.root", file.toString())))
                .hasMessageContaining("The root %s of lance.namespace.root is a file", file);
        Path table = Files.createDirectories(root.resolve("orders.lance/_versions")).getParent();
        assertThatThrownBy(() -> create(Map.of("lance.namespace.root", table.toString())))
                .hasMessageContaining("The root %s of lance.namespace.root is a table", table);
        assertThat(table.resolve("__manifest")).doesNotExist();
        assertThatThrownBy(() -> create(Map.of("lance.namespace.root", "s4://bucket/lake")))
                .isInstanceOf(TrinoException.class)
                .hasMessageMatching("(?s)Catalog 'test' cannot be used: Cannot open the root s4://bucket/lake of lance.namespace.root: .*s4.*begins with s3://.*");
    }

    @Test
    void testMissingParent()
    {
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("crm");
        }
        assertThatThrownBy(() -> create(Map.of("lance.namespace.root", root.toString(), "lance.namespace.parent", "cmr")))
                .hasMessageContaining("The namespace 'cmr' of lance.namespace.parent does not exist. Namespaces at the root: [crm]");
    }

    private Connector create(Map<String, String> properties)
    {
        return factory.create("test", ImmutableMap.<String, String>builder()
                .putAll(properties)
                .put("bootstrap.quiet", "true")
                .buildOrThrow(), new TestingConnectorContext());
    }
}
