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

import io.trino.spi.catalog.CatalogName;
import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/// Names that other implementations than `dir` may list.
final class TestNamespaceCatalogs
{
    @Test
    void testNames()
    {
        Map<CatalogName, NamespaceCatalog> catalogs = new HashMap<>();
        StoreProperties properties = StoreProperties.parse(Map.of("lance.namespace.root", "/lake"));
        for (String child : List.of("system", "retail", "ÜNI code", "${env:home}", "a${ENV:HOME}b", "$dollar", "co:lon")) {
            NamespaceCatalogs.addTopLevel(catalogs, child, properties);
        }
        // Trino would put an environment variable into the properties, and into the errors that tell them
        assertThat(catalogs.values()).extracting(catalog -> catalog.properties().get("lance.namespace.parent"))
                .containsExactlyInAnyOrder("retail", "üni code", "$dollar", "co:lon");
        assertThat(catalogs.get(new CatalogName("retail"))).hasToString("retail (the namespace 'retail' of the root in etc/catalog-store.properties)");
    }
}
