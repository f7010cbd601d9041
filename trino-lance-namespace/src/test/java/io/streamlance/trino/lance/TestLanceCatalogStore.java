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
import io.trino.spi.catalog.CatalogProperties;
import io.trino.spi.catalog.CatalogStore;
import io.trino.spi.connector.ConnectorName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import static io.airlift.configuration.ConfigurationLoader.loadPropertiesFrom;
import static io.streamlance.trino.lance.CatalogStoreDirectories.assertFails;
import static io.streamlance.trino.lance.CatalogStoreDirectories.createCatalog;
import static io.streamlance.trino.lance.CatalogStoreDirectories.find;
import static io.streamlance.trino.lance.CatalogStoreDirectories.load;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_INVALID_MOUNT;
import static io.trino.spi.StandardErrorCode.CONFIGURATION_INVALID;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Which catalogs a store has.
final class TestLanceCatalogStore
{
    private static final ConnectorName LANCE = new ConnectorName("lance");
    private static final ConnectorName MEMORY = new ConnectorName("memory");

    @TempDir
    private Path directory;

    private CatalogStoreDirectories directories;

    @BeforeEach
    void createDirectories()
            throws IOException
    {
        directories = CatalogStoreDirectories.create(directory);
    }

    @Test
    void testTopLevelNamespaces()
    {
        directories.createNamespaces("retail", "Sales", "with.dot");
        try (LanceTestData data = new LanceTestData(directories.root())) {
            data.createNamespace("retail", "deeper");
        }
        Map<String, CatalogProperties> found = load(directories.store(Map.of("lance.scan.readahead", "2")));
        assertThat(found).containsOnlyKeys("retail", "sales", "with.dot");
        assertThat(found.get("sales").connectorName()).isEqualTo(LANCE);
        assertThat(found.get("sales").properties()).isEqualTo(Map.of(
                "lance.namespace.root", directories.root().toString(),
                "lance.namespace.parent", "sales",
                "lance.namespace.required", "false",
                "lance.scan.readahead", "2"));
    }

    @Test
    void testNamespacesBelowTheParentOfTheRoot()
    {
        try (LanceTestData data = new LanceTestData(directories.root())) {
            data.createNamespace("prod").createNamespace("prod", "crm").createNamespace("test");
        }
        Map<String, CatalogProperties> found = load(directories.store(Map.of("lance.namespace.parent", "prod")));
        assertThat(found).containsOnlyKeys("crm");
        assertThat(found.get("crm").properties()).containsEntry("lance.namespace.parent", "prod.crm");
    }

    @Test
    void testNamespacesOfRestServer()
    {
        directories.createNamespaces("retail", "Sales");
        try (RestNamespaceServer server = new RestNamespaceServer(directories.root())) {
            Map<String, CatalogProperties> found = load(new LanceCatalogStoreFactory().create(Map.of(
                    "catalog.config-dir", directories.catalogs().toString(),
                    "lance.namespace.type", "rest",
                    "lance.namespace.uri", server.uri().toString(),
                    "lance.namespace.auth.token", "token")));
            assertThat(found).containsOnlyKeys("retail", "sales");
            assertThat(found.get("sales").properties()).isEqualTo(Map.of(
                    "lance.namespace.type", "rest",
                    "lance.namespace.uri", server.uri().toString(),
                    "lance.namespace.auth.token", "token",
                    "lance.namespace.parent", "sales",
                    "lance.namespace.required", "false"));
        }
    }

    @Test
    void testMounts()
    {
        directories.createNamespaces("retail", "crm");
        Map<String, CatalogProperties> found = load(directories.store(Map.of(
                "lance.storage.region", "eu-central-1",
                "mount.crm.lance.namespace.root", "/other",
                "mount.crm.lance.namespace.parent", "prod.crm")));
        // the mount takes the name of the namespace, and nothing of the root's options
        assertThat(found).containsOnlyKeys("retail", "crm");
        assertThat(found.get("crm").properties()).isEqualTo(Map.of(
                "lance.namespace.root", "/other",
                "lance.namespace.parent", "prod.crm",
                "lance.namespace.required", "false"));
    }

    @Test
    void testMountsWithoutRoot()
    {
        CatalogStore store = new LanceCatalogStoreFactory().create(Map.of(
                "catalog.config-dir", directories.catalogs().toString(),
                "mount.crm.lance.namespace.root", "/other",
                "mount.crm.lance.namespace.required", "true"));
        assertThat(load(store).get("crm").properties()).containsEntry("lance.namespace.required", "true");
    }

    @Test
    void testNamesThatTwoNamespacesHave()
    {
        directories.createNamespaces("Sales", "sales", "retail");
        assertThat(load(directories.store(Map.of()))).containsOnlyKeys("sales", "retail");
    }

    @Test
    void testNameOfTheSystemCatalog()
    {
        directories.createNamespaces("System", "retail");
        assertThat(load(directories.store(Map.of()))).containsOnlyKeys("retail");
    }

    @Test
    void testFilesBesideNamespaces()
            throws IOException
    {
        directories.createNamespaces("retail", "tpch");
        Files.writeString(directories.catalogs().resolve("TPCH.properties"), "connector.name=tpch\ntpch.splits-per-node=3\n");
        Files.writeString(directories.catalogs().resolve("readme.txt"), "not a catalog");
        Files.writeString(directories.catalogs().resolve("broken.properties"), "tpch.splits-per-node=3\n");
        Files.writeString(directories.catalogs().resolve("system.properties"), "connector.name=tpch\n");
        CatalogStore store = directories.store(Map.of());
        assertThat(store.getCatalogs()).extracting(catalog -> catalog.name().toString()).containsExactlyInAnyOrder("retail", "tpch", "broken");

        // the file takes the name of the namespace
        assertThat(find(store, "tpch").loadProperties().connectorName()).isEqualTo(new ConnectorName("tpch"));
        assertThat(find(store, "tpch").loadProperties().properties()).isEqualTo(Map.of("tpch.splits-per-node", "3"));
        assertThatThrownBy(() -> find(store, "broken").loadProperties())
                .hasMessage("The catalog file %s has no connector.name", directories.catalogs().resolve("broken.properties"));
    }

    @Test
    void testDisabledCatalogs()
            throws IOException
    {
        directories.createNamespaces("retail", "sales");
        Files.writeString(directories.catalogs().resolve("memory.properties"), "connector.name=memory\n");
        CatalogStore store = directories.store(Map.of("catalog.disabled-catalogs", "Sales,memory"));
        assertThat(load(store)).containsOnlyKeys("retail");
        assertThatThrownBy(() -> createCatalog(store, "memory", MEMORY, Map.of()))
                .hasMessageContaining("Catalog 'memory' is disabled by catalog.disabled-catalogs in etc/catalog-store.properties");
    }

    @Test
    void testFilesInUtf8()
            throws IOException
    {
        try (LanceTestData data = new LanceTestData(directories.root())) {
            data.createNamespace("Gr\u00f6\u00dfe").createNamespace("Gr\u00f6\u00dfe", "\u00fcber").createNamespace("Gr\u00f6\u00dfe", "\u6771\u4eac");
        }
        // as Trino reads it
        Path storeFile = Files.writeString(directory.resolve("catalog-store.properties"), "lance.namespace.parent=Gr\u00f6\u00dfe\ncatalog.disabled-catalogs=\u00fcber\n");
        assertThat(load(directories.store(loadPropertiesFrom(storeFile.toString())))).containsOnlyKeys("\u6771\u4eac");
        // a file that is no UTF-8, and escapes, mean what they meant
        Files.writeString(storeFile, "lance.namespace.parent=Gr\\u00f6\u00dfe\ncatalog.disabled-catalogs=\\u6771\\u4eac\n", ISO_8859_1);
        assertThat(load(directories.store(loadPropertiesFrom(storeFile.toString())))).containsOnlyKeys("\u00fcber");

        String catalog = "connector.name=lance\nlance.namespace.parent=Gr\u00f6\u00dfe.\\u00fcber \n";
        Files.writeString(directories.catalogs().resolve("utf8.properties"), catalog);
        Files.writeString(directories.catalogs().resolve("latin1.properties"), catalog, ISO_8859_1);
        for (String name : new String[] {"utf8", "latin1"}) {
            assertThat(find(directories.store(Map.of()), name).loadProperties().properties()).isEqualTo(Map.of("lance.namespace.parent", "Gr\u00f6\u00dfe.\u00fcber"));
        }
    }

    @Test
    void testVersionChangesWithProperties()
    {
        directories.createNamespaces("retail");
        CatalogProperties retail = load(directories.store(Map.of())).get("retail");
        assertThat(load(directories.store(Map.of())).get("retail")).isEqualTo(retail);
        assertThat(load(directories.store(Map.of("lance.scan.readahead", "2"))).get("retail").version()).isNotEqualTo(retail.version());
    }

    @Test
    void testMissingRoot()
    {
        Path missing = directory.resolve("missing");
        Map<String, String> properties = Map.of("catalog.config-dir", directories.catalogs().toString(), "lance.namespace.root", missing.toString(), "mount.crm.lance.namespace.root", directories.root().toString());
        assertFails(() -> new LanceCatalogStoreFactory().create(properties))
                .returns(LANCE_INVALID_MOUNT.toErrorCode(), TrinoException::getErrorCode)
                .withMessageStartingWith("The top-level namespaces of the root in etc/catalog-store.properties cannot be listed: The directory %s of lance.namespace.root does not exist".formatted(missing));

        CatalogStore store = new LanceCatalogStoreFactory().create(ImmutableMap.<String, String>builder()
                .putAll(properties)
                .put("lance.namespace.required", "false")
                .buildOrThrow());
        assertThat(load(store)).containsOnlyKeys("crm");
        assertThat(missing).doesNotExist();
    }

    @Test
    void testEmptyRoot()
    {
        assertThatThrownBy(() -> new LanceCatalogStoreFactory().create(Map.of("catalog.config-dir", directories.catalogs().toString(), "lance.namespace.root", "")))
                .hasMessageContaining("lance.namespace.root is empty");
    }

    @Test
    void testWrongProperties()
    {
        assertFails(() -> new LanceCatalogStoreFactory().create(Map.of("catalog.config-dir", directories.catalogs().toString())))
                .returns(CONFIGURATION_INVALID.toErrorCode(), TrinoException::getErrorCode)
                .withMessageContaining("Set lance.namespace.root, or mounts (mount.<catalog>.lance.namespace.root), in etc/catalog-store.properties");
        assertThatThrownBy(() -> directories.store(Map.of("lance.namespace.rot", "/lake"))).hasMessageContaining("Configuration property 'lance.namespace.rot' was not used");
        assertThatThrownBy(() -> directories.store(Map.of("catalog.read-olny", "true"))).hasMessageContaining("Configuration property 'catalog.read-olny' was not used");
    }
}
