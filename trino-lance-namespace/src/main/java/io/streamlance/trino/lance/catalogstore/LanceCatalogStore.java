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
package io.streamlance.trino.lance.catalogstore;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.inject.Injector;
import io.airlift.bootstrap.Bootstrap;
import io.airlift.log.Logger;
import io.trino.spi.TrinoException;
import io.trino.spi.catalog.CatalogName;
import io.trino.spi.catalog.CatalogProperties;
import io.trino.spi.catalog.CatalogStore;
import io.trino.spi.connector.ConnectorName;

import java.util.Collection;
import java.util.Map;
import java.util.Set;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static io.airlift.configuration.ConfigBinder.configBinder;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
import static java.util.Locale.ENGLISH;

/// Catalogs of two kinds: those that files define, which CREATE CATALOG and DROP CATALOG write and delete, and those
/// that are namespaces, which are found at start and which only Lance can remove.
public final class LanceCatalogStore
        implements CatalogStore
{
    private static final Logger log = Logger.get(LanceCatalogStore.class);

    private final boolean readOnly;
    private final Set<CatalogName> disabledCatalogs;
    private final FileCatalogs files;
    private final Map<CatalogName, NamespaceCatalog> namespaces;

    private LanceCatalogStore(boolean readOnly, Set<CatalogName> disabledCatalogs, FileCatalogs files, Map<CatalogName, NamespaceCatalog> namespaces)
    {
        this.readOnly = readOnly;
        this.disabledCatalogs = disabledCatalogs;
        this.files = files;
        this.namespaces = ImmutableMap.copyOf(namespaces);
    }

    /// Reads the files and lists the namespaces.
    ///
    /// @param config the content of `etc/catalog-store.properties`
    public static LanceCatalogStore load(Map<String, String> config)
    {
        StoreProperties properties = StoreProperties.parse(PropertyFiles.repair(config));
        Injector injector = new Bootstrap(
                "io.trino.bootstrap.store.lance-namespace",
                binder -> configBinder(binder).bindConfig(LanceCatalogStoreConfig.class))
                .doNotInitializeLogging()
                .disableSystemProperties()
                .setRequiredConfigurationProperties(properties.store())
                .initialize();
        return load(injector.getInstance(LanceCatalogStoreConfig.class), properties);
    }

    private static LanceCatalogStore load(LanceCatalogStoreConfig config, StoreProperties properties)
    {
        Set<CatalogName> disabledCatalogs = config.getDisabledCatalogs().stream()
                .map(name -> new CatalogName(name.toLowerCase(ENGLISH)))
                .collect(toImmutableSet());
        FileCatalogs files = new FileCatalogs(config.getCatalogConfigurationDirectory(), disabledCatalogs);

        ImmutableMap.Builder<CatalogName, NamespaceCatalog> namespaces = ImmutableMap.builder();
        NamespaceCatalogs.find(properties).forEach((name, catalog) -> {
            if (disabledCatalogs.contains(name)) {
                log.info("Catalog %s is disabled", catalog);
            }
            else if (files.contains(name)) {
                log.warn("%s is no catalog, as a file in %s takes its name. Rename the file to see both", catalog, config.getCatalogConfigurationDirectory());
            }
            else {
                namespaces.put(name, catalog);
            }
        });
        LanceCatalogStore store = new LanceCatalogStore(config.isReadOnly(), disabledCatalogs, files, namespaces.buildOrThrow());
        log.info("Catalogs of namespaces: %s; of files: %s", store.namespaces.keySet(), files.names());
        return store;
    }

    @Override
    public Collection<StoredCatalog> getCatalogs()
    {
        return ImmutableList.<StoredCatalog>builder()
                .addAll(namespaces.values())
                .addAll(files.catalogs())
                .build();
    }

    @Override
    public CatalogProperties createCatalogProperties(CatalogName name, ConnectorName connectorName, Map<String, String> properties)
    {
        checkWritable();
        if (disabledCatalogs.contains(name)) {
            throw new TrinoException(NOT_SUPPORTED, "Catalog '%s' is disabled by catalog.disabled-catalogs in %s, it would be gone after a restart. Choose another name".formatted(name, StoreProperties.FILE));
        }
        files.checkName(name);
        return CatalogVersions.versioned(name, connectorName, properties);
    }

    @Override
    public void addOrReplaceCatalog(CatalogProperties catalog)
    {
        checkWritable();
        files.put(catalog);
    }

    @Override
    public void removeCatalog(CatalogName name)
    {
        checkWritable();
        NamespaceCatalog namespace = namespaces.get(name);
        if (namespace != null) {
            throw new TrinoException(NOT_SUPPORTED, "Catalog '%s' cannot be dropped, as it is %s. To be rid of the catalog, %s".formatted(name, namespace.origin(), namespace.removal()));
        }
        files.remove(name);
    }

    private void checkWritable()
    {
        if (readOnly) {
            throw new TrinoException(NOT_SUPPORTED, "Catalogs cannot be created or dropped, as catalog.read-only is set in " + StoreProperties.FILE);
        }
    }
}
