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

import com.google.common.collect.ImmutableMap;
import io.trino.spi.catalog.CatalogName;
import io.trino.spi.catalog.CatalogProperties;
import io.trino.spi.catalog.CatalogStore.StoredCatalog;
import io.trino.spi.connector.ConnectorName;

import java.util.HashMap;
import java.util.Map;

import static java.util.Objects.requireNonNull;

/// A catalog that exists because a namespace does, or because the store's properties mount one.
///
/// @param origin where it comes from, for messages
/// @param removal what an operator does to be rid of it
record NamespaceCatalog(CatalogName name, Map<String, String> properties, String origin, String removal)
        implements StoredCatalog
{
    private static final ConnectorName LANCE = new ConnectorName("lance");
    private static final String PARENT = "lance.namespace.parent";
    private static final String REQUIRED = "lance.namespace.required";

    NamespaceCatalog
    {
        requireNonNull(name, "name is null");
        properties = ImmutableMap.copyOf(requireNonNull(properties, "properties is null"));
        requireNonNull(origin, "origin is null");
        requireNonNull(removal, "removal is null");
    }

    /// A namespace directly below the root of the store, or below the parent that the root's properties name.
    static NamespaceCatalog topLevel(CatalogName name, Map<String, String> rootProperties)
    {
        Map<String, String> properties = new HashMap<>(rootProperties);
        properties.merge(PARENT, name.toString(), (parent, child) -> parent + "." + child);
        // not the root's value, which is about the listing: one namespace must not keep the others from starting
        properties.put(REQUIRED, "false");
        return new NamespaceCatalog(
                name,
                properties,
                "the namespace '%s' of the root in %s".formatted(properties.get(PARENT), StoreProperties.FILE),
                "drop the namespace in Lance or add '%s' to catalog.disabled-catalogs there, and restart the coordinator".formatted(name));
    }

    static NamespaceCatalog mount(CatalogName name, Map<String, String> mountProperties)
    {
        Map<String, String> properties = new HashMap<>(mountProperties);
        properties.putIfAbsent(REQUIRED, "false");
        return new NamespaceCatalog(
                name,
                properties,
                "a mount in %s".formatted(StoreProperties.FILE),
                "remove the properties mount.%s.* there and restart the coordinator".formatted(name));
    }

    /// `system` is always the catalog of Trino's own tables.
    static boolean isReserved(String name)
    {
        return name.equals("system");
    }

    @Override
    public CatalogProperties loadProperties()
    {
        return CatalogVersions.versioned(name, LANCE, properties);
    }

    /// Without the properties, which may have secrets.
    @Override
    public String toString()
    {
        return "%s (%s)".formatted(name, origin);
    }
}
