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

import io.trino.spi.TrinoException;
import io.trino.spi.catalog.CatalogName;
import io.trino.spi.catalog.CatalogProperties;
import io.trino.spi.catalog.CatalogStore.StoredCatalog;
import io.trino.spi.connector.ConnectorName;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import static io.trino.spi.StandardErrorCode.CONFIGURATION_INVALID;
import static java.util.Objects.requireNonNull;

/// A catalog of any connector that is defined by a file. Secrets stay references (`${ENV:NAME}`): each node resolves
/// them when it creates the catalog.
record FileCatalog(CatalogName name, Path file)
        implements StoredCatalog
{
    static final String CONNECTOR_NAME = "connector.name";

    FileCatalog
    {
        requireNonNull(name, "name is null");
        requireNonNull(file, "file is null");
    }

    @Override
    public CatalogProperties loadProperties()
    {
        Map<String, String> properties;
        try {
            properties = new HashMap<>(PropertyFiles.read(file));
        }
        catch (IOException e) {
            throw new UncheckedIOException("Cannot read the catalog file " + file, e);
        }
        String connectorName = properties.remove(CONNECTOR_NAME);
        if (connectorName == null) {
            throw new TrinoException(CONFIGURATION_INVALID, "The catalog file %s has no connector.name".formatted(file));
        }
        // names of connectors had hyphens once; Trino still takes them
        return CatalogVersions.versioned(name, new ConnectorName(connectorName.replace('-', '_')), properties);
    }
}
