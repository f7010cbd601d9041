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

import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TestStoreProperties
{
    @Test
    void testParts()
    {
        StoreProperties properties = StoreProperties.parse(ImmutableMap.<String, String>builder()
                .put("catalog.config-dir", "/catalogs")
                .put("lance.namespace.root", "s3://lake")
                .put("lance.storage.region", "eu-central-1")
                .put("mount.crm.lance.namespace.root", "/crm")
                .put("mount.crm.lance.namespace.parent", "prod.emea")
                .put("mount.web.logs.lance.namespace.root", "/web")
                .buildOrThrow());
        assertThat(properties.store()).isEqualTo(Map.of("catalog.config-dir", "/catalogs"));
        assertThat(properties.root()).isEqualTo(Map.of("lance.namespace.root", "s3://lake", "lance.storage.region", "eu-central-1"));
        // a mount has what is written for it, nothing of the root's: that may be another store with other credentials
        assertThat(properties.mounts()).isEqualTo(Map.of(
                "crm", Map.of("lance.namespace.root", "/crm", "lance.namespace.parent", "prod.emea"),
                "web.logs", Map.of("lance.namespace.root", "/web")));
    }

    @Test
    void testWhatIsNoMountIsLeftToTheStore()
    {
        // the store's configuration refuses properties it does not know, by name
        Map<String, String> unknown = Map.of("mount.crm", "x", "mount.lance.namespace.root", "x", "mount.crm.connector.name", "x", "lance", "x");
        assertThat(StoreProperties.parse(unknown)).isEqualTo(new StoreProperties(unknown, Map.of(), Map.of()));
    }

    @Test
    void testNamesThatCannotBeMounts()
    {
        assertThatThrownBy(() -> StoreProperties.parse(Map.of("mount.Crm.lance.namespace.root", "/crm")))
                .hasMessage("The mount 'Crm' in etc/catalog-store.properties must be in lower case, as names of catalogs are. Write mount.crm");
        assertThatThrownBy(() -> StoreProperties.parse(Map.of("mount.system.lance.namespace.root", "/crm")))
                .hasMessage("The mount 'system' in etc/catalog-store.properties has the name of a catalog of Trino. Choose another name");
    }
}
