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
package io.streamlance.trino.lance.blob;

import com.google.common.collect.ImmutableMap;
import io.airlift.units.DataSize;
import org.junit.jupiter.api.Test;

import java.util.List;

import static io.airlift.configuration.testing.ConfigAssertions.assertFullMapping;
import static io.airlift.configuration.testing.ConfigAssertions.assertRecordedDefaults;
import static io.airlift.configuration.testing.ConfigAssertions.recordDefaults;
import static io.airlift.units.DataSize.Unit.MEGABYTE;

final class TestBlobConfig
{
    @Test
    void testDefaults()
    {
        assertRecordedDefaults(recordDefaults(BlobConfig.class)
                .setMaxSize(DataSize.of(64, MEGABYTE))
                .setExternalLocations(List.of()));
    }

    @Test
    void testExplicitPropertyMappings()
    {
        assertFullMapping(
                ImmutableMap.of(
                        "lance.blob.max-size", "5MB",
                        "lance.blob.external-locations", "s3://media/images,/data/videos"),
                new BlobConfig()
                        .setMaxSize(DataSize.of(5, MEGABYTE))
                        .setExternalLocations(List.of("s3://media/images", "/data/videos")));
    }
}
