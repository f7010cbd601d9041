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
import io.airlift.configuration.Config;
import io.airlift.configuration.ConfigDescription;
import jakarta.validation.constraints.NotNull;

import java.nio.file.Path;
import java.util.List;

/// The properties of Trino's own file store, with their names and defaults, so that files move over unchanged.
public class LanceCatalogStoreConfig
{
    private Path catalogConfigurationDirectory = Path.of("etc/catalog");
    private List<String> disabledCatalogs = ImmutableList.of();
    private boolean readOnly;

    @NotNull
    public Path getCatalogConfigurationDirectory()
    {
        return catalogConfigurationDirectory;
    }

    @Config("catalog.config-dir")
    @ConfigDescription("Directory of the catalogs that are defined by files")
    public LanceCatalogStoreConfig setCatalogConfigurationDirectory(Path catalogConfigurationDirectory)
    {
        this.catalogConfigurationDirectory = catalogConfigurationDirectory;
        return this;
    }

    @NotNull
    public List<String> getDisabledCatalogs()
    {
        return disabledCatalogs;
    }

    @Config("catalog.disabled-catalogs")
    @ConfigDescription("Files, namespaces and mounts that do not become catalogs")
    public LanceCatalogStoreConfig setDisabledCatalogs(List<String> disabledCatalogs)
    {
        this.disabledCatalogs = ImmutableList.copyOf(disabledCatalogs);
        return this;
    }

    public boolean isReadOnly()
    {
        return readOnly;
    }

    @Config("catalog.read-only")
    @ConfigDescription("Whether CREATE CATALOG and DROP CATALOG are refused")
    public LanceCatalogStoreConfig setReadOnly(boolean readOnly)
    {
        this.readOnly = readOnly;
        return this;
    }
}
