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
import io.trino.spi.connector.ConnectorName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

import static io.streamlance.trino.lance.CatalogStoreDirectories.assertFails;
import static io.streamlance.trino.lance.CatalogStoreDirectories.createCatalog;
import static io.streamlance.trino.lance.CatalogStoreDirectories.load;
import static io.trino.spi.StandardErrorCode.CATALOG_STORE_ERROR;
import static io.trino.spi.StandardErrorCode.INVALID_CATALOG_PROPERTY;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
import static org.assertj.core.api.Assertions.assertThat;

/// What CREATE CATALOG and DROP CATALOG do to a store.
final class TestLanceCatalogStoreChanges
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
    void testCreatedCatalogIsThereAfterRestart()
            throws IOException
    {
        directories.createNamespaces("retail");
        CatalogStore store = directories.store(Map.of());
        Map<String, String> properties = ImmutableMap.of(
                "lance.namespace.root", "/other lake/\u00e4",
                "lance.storage.secret_access_key", "${ENV:SECRET=KEY}");
        CatalogProperties created = createCatalog(store, "lake", LANCE, properties);
        assertThat(created.properties()).isEqualTo(properties);

        // a secret stays the reference that the user wrote
        assertThat(Files.readString(directories.catalogs().resolve("lake.properties"))).contains("SECRET");
        CatalogStore restarted = directories.store(Map.of());
        assertThat(load(restarted)).containsOnlyKeys("retail", "lake").containsEntry("lake", created);

        restarted.removeCatalog(new CatalogName("lake"));
        assertThat(load(restarted)).containsOnlyKeys("retail");
        assertThat(load(directories.store(Map.of()))).containsOnlyKeys("retail");
        assertThat(directories.catalogs()).isEmptyDirectory();
    }

    @Test
    void testOnlyTheOwnerReadsFiles()
            throws IOException
    {
        Path file = directories.catalogs().resolve("lake.properties");
        Files.writeString(file, "connector.name=memory\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(directories.catalogs().resolve("lake.properties.tmp"), "left by a crash");
        CatalogStore store = directories.store(Map.of());
        for (String name : new String[] {"lake", "other"}) {
            createCatalog(store, name, LANCE, Map.of("lance.storage.secret_access_key", "hidden"));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directories.catalogs().resolve(name + ".properties")))).isEqualTo("rw-------");
        }
        assertThat(directories.catalogs()).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void testCatalogIsReplaced()
    {
        CatalogStore store = directories.store(Map.of());
        CatalogProperties first = createCatalog(store, "lake", LANCE, Map.of("lance.namespace.root", "/first"));
        CatalogProperties second = createCatalog(store, "lake", LANCE, Map.of("lance.namespace.root", "/second"));
        // nodes keep catalogs by name and version
        assertThat(second.version()).isNotEqualTo(first.version());
        assertThat(load(directories.store(Map.of()))).isEqualTo(Map.of("lake", second));
    }

    @Test
    void testNamespacesCannotBeDropped()
    {
        directories.createNamespaces("retail");
        CatalogStore store = directories.store(Map.of("mount.crm.lance.namespace.root", "/other"));
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
        Files.writeString(directories.catalogs().resolve("memory.properties"), "connector.name=memory\n");
        CatalogStore store = directories.store(Map.of("catalog.read-only", "true"));
        assertFails(() -> createCatalog(store, "lake", LANCE, Map.of()))
                .returns(NOT_SUPPORTED.toErrorCode(), TrinoException::getErrorCode)
                .withMessageContaining("catalog.read-only is set in etc/catalog-store.properties");
        assertFails(() -> store.removeCatalog(new CatalogName("memory")))
                .withMessageContaining("catalog.read-only is set in etc/catalog-store.properties");
        assertThat(load(directories.store(Map.of()))).containsOnlyKeys("memory");
    }

    @Test
    void testNamesNeverLeaveTheDirectory()
    {
        CatalogStore store = directories.store(Map.of());
        for (String name : new String[] {"../lake", "a/b", "a\\b", "/lake", "a\0b"}) {
            assertFails(() -> createCatalog(store, name, LANCE, Map.of()))
                    .returns(INVALID_CATALOG_PROPERTY.toErrorCode(), TrinoException::getErrorCode)
                    .withMessageContaining("Choose a name without slashes and control characters");
        }
        createCatalog(store, "..", LANCE, Map.of());
        assertThat(directories.catalogs().resolve("...properties")).isRegularFile();
        assertThat(directory).isDirectoryNotContaining("glob:**properties");
    }

    @Test
    void testCatalogThatCannotBeWritten()
            throws IOException
    {
        CatalogStore store = directories.store(Map.of());
        Files.delete(directories.catalogs());
        Files.writeString(directories.catalogs(), "a file where the directory was");
        assertFails(() -> createCatalog(store, "lake", LANCE, Map.of("lance.storage.secret_access_key", "hidden")))
                .returns(CATALOG_STORE_ERROR.toErrorCode(), TrinoException::getErrorCode)
                .withMessage("The properties of catalog 'lake' cannot be stored, so it was not created. The log of the coordinator has the reason");
        assertThat(load(store)).isEmpty();
    }

    @Test
    void testDirectoryIsCreatedWhenNeeded()
            throws IOException
    {
        Files.delete(directories.catalogs());
        CatalogStore store = directories.store(Map.of());
        assertThat(directories.catalogs()).doesNotExist();
        createCatalog(store, "lake", MEMORY, Map.of());
        assertThat(load(directories.store(Map.of()))).containsOnlyKeys("lake");
    }
}
