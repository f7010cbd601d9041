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
import io.streamlance.trino.lance.dataset.ScanProgress;
import io.trino.plugin.base.metrics.LongCount;
import io.trino.spi.metrics.Metric;
import io.trino.spi.metrics.Metrics;

/// What `EXPLAIN ANALYZE VERBOSE` shows of a scan.
final class ScanMetrics
{
    private ScanMetrics() {}

    static Metrics of(ScanProgress progress)
    {
        ImmutableMap.Builder<String, Metric<?>> metrics = ImmutableMap.<String, Metric<?>>builder()
                .put("lanceBatches", new LongCount(progress.batches()))
                .put("lanceRows", new LongCount(progress.rows()))
                .put("lanceReadNanos", new LongCount(progress.nanos()));
        progress.stats().ifPresent(stats -> metrics
                .put("lanceStorageBytes", new LongCount(stats.getBytesRead()))
                .put("lanceStorageRequests", new LongCount(stats.getRequests()))
                .put("lanceStorageOperations", new LongCount(stats.getIops()))
                .put("lanceIndicesLoaded", new LongCount(stats.getIndicesLoaded()))
                .put("lanceIndexPartsLoaded", new LongCount(stats.getPartsLoaded()))
                .put("lanceIndexComparisons", new LongCount(stats.getIndexComparisons())));
        return new Metrics(metrics.buildOrThrow());
    }
}
