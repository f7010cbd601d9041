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
package io.streamlance.trino.lance.planning;

import com.google.common.collect.ImmutableMap;
import io.airlift.units.Duration;
import org.junit.jupiter.api.Test;

import java.util.Map;

import static io.airlift.configuration.testing.ConfigAssertions.assertFullMapping;
import static io.airlift.configuration.testing.ConfigAssertions.assertRecordedDefaults;
import static io.airlift.configuration.testing.ConfigAssertions.recordDefaults;
import static java.util.concurrent.TimeUnit.SECONDS;

final class TestListingConfig
{
    @Test
    void testDefaults()
    {
        assertRecordedDefaults(recordDefaults(ListingConfig.class)
                .setMaxThreads(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()))
                .setTableTimeout(new Duration(10, SECONDS)));
    }

    @Test
    void testExplicitPropertyMappings()
    {
        Map<String, String> properties = ImmutableMap.of("lance.listing.max-threads", "3", "lance.listing.table-timeout", "3s");
        ListingConfig expected = new ListingConfig()
                .setMaxThreads(3)
                .setTableTimeout(new Duration(3, SECONDS));
        assertFullMapping(properties, expected);
    }
}
