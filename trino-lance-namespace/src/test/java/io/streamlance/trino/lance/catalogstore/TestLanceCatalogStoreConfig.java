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
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static io.airlift.configuration.testing.ConfigAssertions.assertFullMapping;
import static io.airlift.configuration.testing.ConfigAssertions.assertRecordedDefaults;
import static io.airlift.configuration.testing.ConfigAssertions.recordDefaults;

final class TestLanceCatalogStoreConfig
{
    @Test
    void testDefaults()
    {
        assertRecordedDefaults(recordDefaults(LanceCatalogStoreConfig.class)
                .setCatalogConfigurationDirectory(Path.of("etc/catalog"))
                .setDisabledCatalogs(List.of())
                .setReadOnly(false));
    }

    @Test
    void testExplicitPropertyMappings()
    {
        Map<String, String> properties = ImmutableMap.<String, String>builder()
                .put("catalog.config-dir", "/catalogs")
                .put("catalog.disabled-catalogs", "abc,xyz")
                .put("catalog.read-only", "true")
                .buildOrThrow();

        LanceCatalogStoreConfig expected = new LanceCatalogStoreConfig()
                .setCatalogConfigurationDirectory(Path.of("/catalogs"))
                .setDisabledCatalogs(List.of("abc", "xyz"))
                .setReadOnly(true);

        assertFullMapping(properties, expected);
    }
}
