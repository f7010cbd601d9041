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
import io.trino.spi.catalog.CatalogName;
import io.trino.spi.catalog.CatalogProperties;
import io.trino.spi.catalog.CatalogStore;
import io.trino.spi.catalog.CatalogStore.StoredCatalog;
import io.trino.spi.connector.ConnectorName;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_INVALID_MOUNT;
import static io.trino.spi.StandardErrorCode.CATALOG_STORE_ERROR;
import static io.trino.spi.StandardErrorCode.CONFIGURATION_INVALID;
import static io.trino.spi.StandardErrorCode.INVALID_CATALOG_PROPERTY;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Which catalogs a store has, and what CREATE CATALOG and DROP CATALOG do to them.
final class TestLanceCatalogStore
{
    private static final ConnectorName LANCE = new ConnectorName("lance");
    private static final ConnectorName MEMORY = new ConnectorName("memory");

    @TempDir
    private Path directory;

    private Path root;
    private Path catalogs;

    @BeforeEach
    void createDirectories()
            throws IOException
    {
        root = Files.createDirectory(directory.resolve("root"));
        catalogs = Files.createDirectory(directory.resolve("catalogs"));
    }

    @Test
    void testTopLevelNamespaces()
    {
        createNamespaces("retail", "Sales", "with.dot");
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("retail", "deeper");
        }
        Map<String, CatalogProperties> found = load(store(Map.of("lance.scan.readahead", "2")));
        assertThat(found).containsOnlyKeys("retail", "sales", "with.dot");
        assertThat(found.get("sales").connectorName()).isEqualTo(LANCE);
        assertThat(found.get("sales").properties()).isEqualTo(Map.of(
                "lance.namespace.root", root.toString(),
                "lance.namespace.parent", "sales",
                "lance.namespace.required", "false",
                "lance.scan.readahead", "2"));
    }

    @Test
    void testNamespacesBelowTheParentOfTheRoot()
    {
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("prod").createNamespace("prod", "crm").createNamespace("test");
        }
        Map<String, CatalogProperties> found = load(store(Map.of("lance.namespace.parent", "prod")));
        assertThat(found).containsOnlyKeys("crm");
        assertThat(found.get("crm").properties()).containsEntry("lance.namespace.parent", "prod.crm");
    }

    @Test
    void testMounts()
    {
        createNamespaces("retail", "crm");
        Map<String, CatalogProperties> found = load(store(Map.of(
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
                "catalog.config-dir", catalogs.toString(),
                "mount.crm.lance.namespace.root", "/other",
                "mount.crm.lance.namespace.required", "true"));
        assertThat(load(store).get("crm").properties()).containsEntry("lance.namespace.required", "true");
    }

    @Test
    void testNamesThatTwoNamespacesHave()
    {
        createNamespaces("Sales", "sales", "retail");
        assertThat(load(store(Map.of()))).containsOnlyKeys("sales", "retail");
    }

    @Test
    void testNameOfTheSystemCatalog()
    {
        createNamespaces("System", "retail");
        assertThat(load(store(Map.of()))).containsOnlyKeys("retail");
    }

    @Test
    void testFilesBesideNamespaces()
            throws IOException
    {
        createNamespaces("retail", "tpch");
        Files.writeString(catalogs.resolve("TPCH.properties"), "connector.name=tpch\ntpch.splits-per-node=3\n");
        Files.writeString(catalogs.resolve("readme.txt"), "not a catalog");
        Files.writeString(catalogs.resolve("broken.properties"), "tpch.splits-per-node=3\n");
        Files.writeString(catalogs.resolve("system.properties"), "connector.name=tpch\n");
        CatalogStore store = store(Map.of());
        assertThat(store.getCatalogs()).extracting(catalog -> catalog.name().toString()).containsExactlyInAnyOrder("retail", "tpch", "broken");

        // the file takes the name of the namespace
        assertThat(find(store, "tpch").loadProperties().connectorName()).isEqualTo(new ConnectorName("tpch"));
        assertThat(find(store, "tpch").loadProperties().properties()).isEqualTo(Map.of("tpch.splits-per-node", "3"));
        assertThatThrownBy(() -> find(store, "broken").loadProperties())
                .hasMessage("The catalog file %s has no connector.name", catalogs.resolve("broken.properties"));
    }

    @Test
    void testDisabledCatalogs()
            throws IOException
    {
        createNamespaces("retail", "sales");
        Files.writeString(catalogs.resolve("memory.properties"), "connector.name=memory\n");
        CatalogStore store = store(Map.of("catalog.disabled-catalogs", "Sales,memory"));
        assertThat(load(store)).containsOnlyKeys("retail");
        assertThatThrownBy(() -> create(store, "memory", MEMORY, Map.of()))
                .hasMessageContaining("Catalog 'memory' is disabled by catalog.disabled-catalogs in etc/catalog-store.properties");
    }

    @Test
    void testCreatedCatalogIsThereAfterRestart()
            throws IOException
    {
        createNamespaces("retail");
        CatalogStore store = store(Map.of());
        Map<String, String> properties = ImmutableMap.of(
                "lance.namespace.root", "/other lake/\u00e4",
                "lance.storage.secret_access_key", "${ENV:SECRET=KEY}");
        CatalogProperties created = create(store, "lake", LANCE, properties);
        assertThat(created.properties()).isEqualTo(properties);

        // a secret stays the reference that the user wrote
        assertThat(Files.readString(catalogs.resolve("lake.properties"))).contains("SECRET");
        CatalogStore restarted = store(Map.of());
        assertThat(load(restarted)).containsOnlyKeys("retail", "lake").containsEntry("lake", created);

        restarted.removeCatalog(new CatalogName("lake"));
        assertThat(load(restarted)).containsOnlyKeys("retail");
        assertThat(load(store(Map.of()))).containsOnlyKeys("retail");
        assertThat(catalogs).isEmptyDirectory();
    }

    @Test
    void testCatalogIsReplaced()
    {
        CatalogStore store = store(Map.of());
        CatalogProperties first = create(store, "lake", LANCE, Map.of("lance.namespace.root", "/first"));
        CatalogProperties second = create(store, "lake", LANCE, Map.of("lance.namespace.root", "/second"));
        // nodes keep catalogs by name and version
        assertThat(second.version()).isNotEqualTo(first.version());
        assertThat(load(store(Map.of()))).isEqualTo(Map.of("lake", second));
    }

    @Test
    void testVersionChangesWithProperties()
    {
        createNamespaces("retail");
        CatalogProperties retail = load(store(Map.of())).get("retail");
        assertThat(load(store(Map.of())).get("retail")).isEqualTo(retail);
        assertThat(load(store(Map.of("lance.scan.readahead", "2"))).get("retail").version()).isNotEqualTo(retail.version());
    }

    @Test
    void testNamespacesCannotBeDropped()
    {
        createNamespaces("retail");
        CatalogStore store = store(Map.of("mount.crm.lance.namespace.root", "/other"));
        assertFails(() -> store.removeCatalog(new CatalogName("retail")))
                .returns(NOT_SUPPORTED.toErrorCode(), TrinoException::getErrorCode)
                .withMessage("Catalog 'retail' cannot be dropped, as it is the namespace 'retail' of the root in etc/catalog-store.properties. " +
                        "To be rid of the catalog, drop the namespace in Lance or add 'retail' to catalog.disabled-catalogs there, and restart the coordinator");
        assertFails(() -> store.removeCatalog(new CatalogName("crm")))
                .withMessage("Catalog 'crm' cannot be dropped, as it is a mount in etc/catalog-store.properties. " +
                        "To be rid of the catalog, remove the properties mount.crm.* there and restart the coordinator");
        assertThat(load(store)).containsOnlyKeys("retail", "crm");
        // Trino itself says that it is not there
        store.removeCatalog(new CatalogName("nothing"));
    }

    @Test
    void testReadOnly()
            throws IOException
    {
        Files.writeString(catalogs.resolve("memory.properties"), "connector.name=memory\n");
        CatalogStore store = store(Map.of("catalog.read-only", "true"));
        assertFails(() -> create(store, "lake", LANCE, Map.of()))
                .returns(NOT_SUPPORTED.toErrorCode(), TrinoException::getErrorCode)
                .withMessageContaining("catalog.read-only is set in etc/catalog-store.properties");
        assertFails(() -> store.removeCatalog(new CatalogName("memory")))
                .withMessageContaining("catalog.read-only is set in etc/catalog-store.properties");
        assertThat(load(store(Map.of()))).containsOnlyKeys("memory");
    }

    @Test
    void testNamesNeverLeaveTheDirectory()
    {
        CatalogStore store = store(Map.of());
        for (String name : new String[] {"../lake", "a/b", "a\\b", "/lake", "a\0b"}) {
            assertFails(() -> create(store, name, LANCE, Map.of()))
                    .returns(INVALID_CATALOG_PROPERTY.toErrorCode(), TrinoException::getErrorCode)
                    .withMessageContaining("Choose a name without slashes and control characters");
        }
        create(store, "..", LANCE, Map.of());
        assertThat(catalogs.resolve("...properties")).isRegularFile();
        assertThat(directory).isDirectoryNotContaining("glob:**properties");
    }

    @Test
    void testCatalogThatCannotBeWritten()
            throws IOException
    {
        CatalogStore store = store(Map.of());
        Files.delete(catalogs);
        Files.writeString(catalogs, "a file where the directory was");
        assertFails(() -> create(store, "lake", LANCE, Map.of("lance.storage.secret_access_key", "hidden")))
                .returns(CATALOG_STORE_ERROR.toErrorCode(), TrinoException::getErrorCode)
                .withMessage("The properties of catalog 'lake' cannot be stored, so it was not created. The log of the coordinator has the reason");
        assertThat(load(store)).isEmpty();
    }

    @Test
    void testDirectoryIsCreatedWhenNeeded()
            throws IOException
    {
        Files.delete(catalogs);
        CatalogStore store = store(Map.of());
        assertThat(catalogs).doesNotExist();
        create(store, "lake", MEMORY, Map.of());
        assertThat(load(store(Map.of()))).containsOnlyKeys("lake");
    }

    @Test
    void testMissingRoot()
    {
        Path missing = directory.resolve("missing");
        Map<String, String> properties = Map.of("catalog.config-dir", catalogs.toString(), "lance.namespace.root", missing.toString(), "mount.crm.lance.namespace.root", root.toString());
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
    void testWrongProperties()
    {
        assertFails(() -> new LanceCatalogStoreFactory().create(Map.of("catalog.config-dir", catalogs.toString())))
                .returns(CONFIGURATION_INVALID.toErrorCode(), TrinoException::getErrorCode)
                .withMessageContaining("Set lance.namespace.root, or mounts (mount.<catalog>.lance.namespace.root), in etc/catalog-store.properties");
        assertThatThrownBy(() -> store(Map.of("lance.namespace.rot", "/lake"))).hasMessageContaining("Configuration property 'lance.namespace.rot' was not used");
        assertThatThrownBy(() -> store(Map.of("catalog.read-olny", "true"))).hasMessageContaining("Configuration property 'catalog.read-olny' was not used");
    }

    private void createNamespaces(String... names)
    {
        try (LanceTestData data = new LanceTestData(root)) {
            for (String name : names) {
                data.createNamespace(name);
            }
        }
    }

    private CatalogStore store(Map<String, String> properties)
    {
        return new LanceCatalogStoreFactory().create(ImmutableMap.<String, String>builder()
                .put("catalog.config-dir", catalogs.toString())
                .put("lance.namespace.root", root.toString())
                .putAll(properties)
                .buildOrThrow());
    }

    /// As CREATE CATALOG does.
    private static CatalogProperties create(CatalogStore store, String name, ConnectorName connector, Map<String, String> properties)
    {
        CatalogProperties catalog = store.createCatalogProperties(new CatalogName(name), connector, properties);
        store.addOrReplaceCatalog(catalog);
        return catalog;
    }

    private static Map<String, CatalogProperties> load(CatalogStore store)
    {
        return store.getCatalogs().stream()
                .collect(toImmutableMap(catalog -> catalog.name().toString(), StoredCatalog::loadProperties));
    }

    private static StoredCatalog find(CatalogStore store, String name)
    {
        return store.getCatalogs().stream()
                .filter(catalog -> catalog.name().toString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ThrowableAssertAlternative<TrinoException> assertFails(ThrowingCallable action)
    {
        return assertThatExceptionOfType(TrinoException.class).isThrownBy(action);
    }
}
