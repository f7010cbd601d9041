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

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.trino.spi.catalog.CatalogName;
import io.trino.spi.catalog.CatalogProperties;
import io.trino.spi.connector.CatalogVersion;
import io.trino.spi.connector.ConnectorName;

import java.util.Map;

/// Versions of catalogs. Workers keep a catalog by name and version, so other properties must have another version.
final class CatalogVersions
{
    private CatalogVersions() {}

    static CatalogProperties versioned(CatalogName name, ConnectorName connectorName, Map<String, String> properties)
    {
        Hasher hasher = Hashing.sha256().newHasher();
        putString(hasher, name.toString());
        putString(hasher, connectorName.toString());
        ImmutableSortedMap.copyOf(properties).forEach((key, value) -> {
            putString(hasher, key);
            putString(hasher, value);
        });
        return new CatalogProperties(name, new CatalogVersion(hasher.hash().toString()), connectorName, properties);
    }

    // with its length, so that what ends one string cannot begin the next
    private static void putString(Hasher hasher, String value)
    {
        hasher.putInt(value.length());
        hasher.putUnencodedChars(value);
    }
}
