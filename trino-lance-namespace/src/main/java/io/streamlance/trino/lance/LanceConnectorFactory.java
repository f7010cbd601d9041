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

import com.google.inject.Injector;
import io.airlift.bootstrap.Bootstrap;
import io.streamlance.trino.lance.namespace.NamespaceProperties;
import io.streamlance.trino.lance.namespace.NamespaceTypeModule;
import io.streamlance.trino.lance.namespace.StorageOptions;
import io.trino.plugin.base.ConnectorContextModule;
import io.trino.spi.connector.Connector;
import io.trino.spi.connector.ConnectorContext;
import io.trino.spi.connector.ConnectorFactory;

import java.util.Map;
import java.util.Map.Entry;

import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static io.streamlance.trino.lance.namespace.NamespaceProperties.isNamespaceProperty;
import static io.streamlance.trino.lance.namespace.StorageOptions.isStorageOption;
import static io.trino.plugin.base.Versions.checkStrictSpiVersionMatch;
import static java.util.Objects.requireNonNull;

public class LanceConnectorFactory
        implements ConnectorFactory
{
    @Override
    public String getName()
    {
        return "lance";
    }

    @Override
    public Connector create(String catalogName, Map<String, String> requiredConfig, ConnectorContext context)
    {
        requireNonNull(requiredConfig, "requiredConfig is null");
        checkStrictSpiVersionMatch(context, this);
        JavaNioAccess.ensureOpen();

        Bootstrap app = new Bootstrap(
                "io.trino.bootstrap.catalog." + catalogName,
                new ConnectorContextModule(catalogName, context),
                new NamespaceTypeModule(NamespaceProperties.fromCatalogProperties(requiredConfig)),
                new LanceModule(StorageOptions.fromCatalogProperties(requiredConfig)));

        Injector injector = app
                .doNotInitializeLogging()
                .disableSystemProperties()
                .setRequiredConfigurationProperties(withoutForeignProperties(requiredConfig))
                .initialize();

        return injector.getInstance(LanceConnector.class);
    }

    // Lance, its object stores and namespaces define these names, so they cannot be declared in a config class
    private static Map<String, String> withoutForeignProperties(Map<String, String> properties)
    {
        return properties.entrySet().stream()
                .filter(property -> !isStorageOption(property.getKey()) && !isNamespaceProperty(property.getKey()))
                .collect(toImmutableMap(Entry::getKey, Entry::getValue));
    }
}
