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
import io.trino.spi.TrinoException;

import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;

import static io.trino.spi.StandardErrorCode.CONFIGURATION_INVALID;
import static java.util.Locale.ENGLISH;
import static java.util.Objects.requireNonNull;

/// The parts of `etc/catalog-store.properties`.
///
/// @param store what configures the store itself
/// @param root `lance.*`: the root whose top-level namespaces are catalogs, as the properties of a catalog; may be empty
/// @param mounts `mount.<catalog>.lance.*`: the properties of single catalogs, by name
record StoreProperties(Map<String, String> store, Map<String, String> root, Map<String, Map<String, String>> mounts)
{
    static final String FILE = "etc/catalog-store.properties";

    private static final String LANCE = "lance.";
    private static final String MOUNT = "mount.";

    StoreProperties
    {
        store = ImmutableMap.copyOf(requireNonNull(store, "store is null"));
        root = ImmutableMap.copyOf(requireNonNull(root, "root is null"));
        mounts = ImmutableMap.copyOf(requireNonNull(mounts, "mounts is null"));
    }

    static StoreProperties parse(Map<String, String> properties)
    {
        ImmutableMap.Builder<String, String> store = ImmutableMap.builder();
        ImmutableMap.Builder<String, String> root = ImmutableMap.builder();
        Map<String, Map<String, String>> mounts = new TreeMap<>();
        for (Entry<String, String> property : properties.entrySet()) {
            String key = property.getKey();
            // the name of a mount may itself have dots
            int lance = key.indexOf("." + LANCE, MOUNT.length());
            if (key.startsWith(LANCE)) {
                root.put(property);
            }
            else if (key.startsWith(MOUNT) && lance > MOUNT.length()) {
                String name = checkMountName(key.substring(MOUNT.length(), lance));
                mounts.computeIfAbsent(name, _ -> new TreeMap<>()).put(key.substring(lance + 1), property.getValue());
            }
            else {
                store.put(property);
            }
        }
        return new StoreProperties(store.buildOrThrow(), root.buildOrThrow(), mounts);
    }

    private static String checkMountName(String name)
    {
        if (!name.equals(name.toLowerCase(ENGLISH))) {
            throw new TrinoException(CONFIGURATION_INVALID, "The mount '%s' in %s must be in lower case, as names of catalogs are. Write mount.%s".formatted(name, FILE, name.toLowerCase(ENGLISH)));
        }
        if (NamespaceCatalog.isReserved(name)) {
            throw new TrinoException(CONFIGURATION_INVALID, "The mount '%s' in %s has the name of a catalog of Trino. Choose another name".formatted(name, FILE));
        }
        return name;
    }
}
