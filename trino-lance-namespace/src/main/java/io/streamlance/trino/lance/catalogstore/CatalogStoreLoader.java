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

import io.airlift.bootstrap.Bootstrap;
import io.trino.spi.catalog.CatalogStore;

import java.util.Map;

import static io.airlift.configuration.ConfigBinder.configBinder;

/// Makes the store from the properties of `etc/catalog-store.properties`.
public final class CatalogStoreLoader
{
    private CatalogStoreLoader() {}

    public static CatalogStore load(String storeName, Map<String, String> config)
    {
        StoreProperties properties = StoreProperties.parse(config);
        LanceCatalogStoreConfig storeConfig = new Bootstrap(
                "io.trino.bootstrap.store." + storeName,
                binder -> configBinder(binder).bindConfig(LanceCatalogStoreConfig.class))
                .doNotInitializeLogging()
                .disableSystemProperties()
                .setRequiredConfigurationProperties(properties.store())
                .initialize()
                .getInstance(LanceCatalogStoreConfig.class);
        return LanceCatalogStore.load(storeConfig, properties);
    }
}
