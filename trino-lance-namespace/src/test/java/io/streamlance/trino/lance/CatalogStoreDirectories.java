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
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.trino.spi.TrinoException;
import io.trino.spi.catalog.CatalogName;
import io.trino.spi.catalog.CatalogProperties;
import io.trino.spi.catalog.CatalogStore;
import io.trino.spi.catalog.CatalogStore.StoredCatalog;
import io.trino.spi.connector.ConnectorName;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/// A root of namespaces and a directory of catalog files, and stores of both.
///
/// @param catalogs where the catalog files are
record CatalogStoreDirectories(Path root, Path catalogs)
{
    static CatalogStoreDirectories create(Path directory)
            throws IOException
    {
        return new CatalogStoreDirectories(Files.createDirectory(directory.resolve("root")), Files.createDirectory(directory.resolve("catalogs")));
    }

    void createNamespaces(String... names)
    {
        try (LanceTestData data = new LanceTestData(root)) {
            for (String name : names) {
                data.createNamespace(name);
            }
        }
    }

    /// A store as after a start of the coordinator.
    CatalogStore store(Map<String, String> properties)
    {
        return new LanceCatalogStoreFactory().create(ImmutableMap.<String, String>builder()
                .put("catalog.config-dir", catalogs.toString())
                .put("lance.namespace.root", root.toString())
                .putAll(properties)
                .buildOrThrow());
    }

    /// As CREATE CATALOG does.
    @CanIgnoreReturnValue
    static CatalogProperties createCatalog(CatalogStore store, String name, ConnectorName connector, Map<String, String> properties)
    {
        CatalogProperties catalog = store.createCatalogProperties(new CatalogName(name), connector, properties);
        store.addOrReplaceCatalog(catalog);
        return catalog;
    }

    static Map<String, CatalogProperties> load(CatalogStore store)
    {
        return store.getCatalogs().stream()
                .collect(toImmutableMap(catalog -> catalog.name().toString(), StoredCatalog::loadProperties));
    }

    static StoredCatalog find(CatalogStore store, String name)
    {
        return store.getCatalogs().stream()
                .filter(catalog -> catalog.name().toString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static ThrowableAssertAlternative<TrinoException> assertFails(ThrowingCallable action)
    {
        return assertThatExceptionOfType(TrinoException.class).isThrownBy(action);
    }
}
