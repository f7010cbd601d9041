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
import com.google.inject.Module;
import io.airlift.bootstrap.Bootstrap;
import io.streamlance.trino.lance.namespace.NamespaceTypeModule;
import io.streamlance.trino.lance.namespace.StorageOptions;

import java.util.Map;
import java.util.Map.Entry;

import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static io.streamlance.trino.lance.namespace.NamespaceProperties.isNamespaceProperty;
import static io.streamlance.trino.lance.namespace.StorageOptions.isStorageOption;

/// Turns the properties of a catalog into what reads its namespace, and whatever else the modules bind.
public final class LanceBootstrap
{
    private LanceBootstrap() {}

    public static Bootstrap configure(String name, Map<String, String> catalogProperties, Module... modules)
    {
        return new Bootstrap(
                name,
                ImmutableList.<Module>builder()
                        .add(new NamespaceTypeModule(catalogProperties))
                        .add(new LanceNamespaceModule(StorageOptions.fromCatalogProperties(catalogProperties)))
                        .add(modules)
                        .build())
                .doNotInitializeLogging()
                .disableSystemProperties()
                .setRequiredConfigurationProperties(withoutForeignProperties(catalogProperties));
    }

    // Lance, its object stores and namespaces define these names, so they cannot be declared in a config class
    private static Map<String, String> withoutForeignProperties(Map<String, String> properties)
    {
        return properties.entrySet().stream()
                .filter(property -> !isStorageOption(property.getKey()) && !isNamespaceProperty(property.getKey()))
                .collect(toImmutableMap(Entry::getKey, Entry::getValue));
    }
}
