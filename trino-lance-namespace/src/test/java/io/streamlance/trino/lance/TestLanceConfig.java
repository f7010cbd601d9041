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
package io.streamlance.trino.lance;

import com.google.common.collect.ImmutableMap;
import io.airlift.units.DataSize;
import io.airlift.units.Duration;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Set;

import static io.airlift.configuration.testing.ConfigAssertions.assertFullMapping;
import static io.airlift.configuration.testing.ConfigAssertions.assertRecordedDefaults;
import static io.airlift.configuration.testing.ConfigAssertions.recordDefaults;
import static io.airlift.units.DataSize.Unit.MEGABYTE;
import static java.util.concurrent.TimeUnit.SECONDS;

final class TestLanceConfig
{
    @Test
    void testDefaults()
    {
        assertRecordedDefaults(recordDefaults(LanceConfig.class)
                .setNamespaceType("dir")
                .setNamespaceRoot(null)
                .setNamespaceParent(null)
                .setSplitTargetRows(1_000_000)
                .setSplitTargetSize(DataSize.of(64, MEGABYTE))
                .setScanBatchRows(65_536)
                .setScanBatchSize(DataSize.of(16, MEGABYTE))
                .setScanReadahead(4)
                .setScanMaxThreads(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()))
                .setScanMaxConcurrent(Math.max(8, 2 * Runtime.getRuntime().availableProcessors()))
                .setMetadataTablesEnabled(true)
                .setFilterPushdownEnabled(true)
                .setProjectionPushdownEnabled(true)
                .setTopNPushdownEnabled(true)
                .setStatisticsEnabled(true)
                .setDynamicFilteringWaitTimeout(new Duration(1, SECONDS))
                .setCacheMaxDatasets(100)
                .setCacheMetadataSize(DataSize.of(256, MEGABYTE))
                .setCacheIndexSize(DataSize.of(512, MEGABYTE))
                .setCheckFiles(true));
    }

    @Test
    void testExplicitPropertyMappings()
    {
        Map<String, String> properties = ImmutableMap.<String, String>builder()
                .put("lance.namespace.root", "s3://bucket/lake")
                .put("lance.namespace.parent", "crm.emea")
                .put("lance.split.target-rows", "1000")
                .put("lance.split.target-size", "1MB")
                .put("lance.scan.batch-rows", "512")
                .put("lance.scan.batch-size", "2MB")
                .put("lance.scan.readahead", "7")
                .put("lance.scan.max-threads", "3")
                .put("lance.scan.max-concurrent", "3")
                .put("lance.metadata-tables.enabled", "false")
                .put("lance.filter-pushdown.enabled", "false")
                .put("lance.projection-pushdown.enabled", "false")
                .put("lance.topn-pushdown.enabled", "false")
                .put("lance.statistics.enabled", "false")
                .put("lance.dynamic-filtering.wait-timeout", "7s")
                .put("lance.cache.max-datasets", "5")
                .put("lance.cache.metadata-size", "3MB")
                .put("lance.cache.index-size", "4MB")
                .put("lance.check-files", "false")
                .buildOrThrow();

        LanceConfig expected = new LanceConfig()
                .setNamespaceType("dir")
                .setNamespaceRoot("s3://bucket/lake")
                .setNamespaceParent("crm.emea")
                .setSplitTargetRows(1000)
                .setSplitTargetSize(DataSize.of(1, MEGABYTE))
                .setScanBatchRows(512)
                .setScanBatchSize(DataSize.of(2, MEGABYTE))
                .setScanReadahead(7)
                .setScanMaxThreads(3)
                .setScanMaxConcurrent(3)
                .setMetadataTablesEnabled(false)
                .setFilterPushdownEnabled(false)
                .setProjectionPushdownEnabled(false)
                .setTopNPushdownEnabled(false)
                .setStatisticsEnabled(false)
                .setDynamicFilteringWaitTimeout(new Duration(7, SECONDS))
                .setCacheMaxDatasets(5)
                .setCacheMetadataSize(DataSize.of(3, MEGABYTE))
                .setCacheIndexSize(DataSize.of(4, MEGABYTE))
                .setCheckFiles(false);

        // the root belongs to the default type
        assertFullMapping(properties, expected, Set.of("lance.namespace.type"));
    }
}
