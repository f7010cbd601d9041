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
import io.streamlance.trino.lance.dataset.IndexSearch;
import io.streamlance.trino.lance.dataset.ScanProgress;
import io.trino.plugin.base.metrics.LongCount;
import io.trino.spi.metrics.Metric;
import io.trino.spi.metrics.Metrics;
import org.lance.ipc.ScanStats;

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
        if (progress.blobs() > 0) {
            metrics
                    .put("lanceBlobs", new LongCount(progress.blobs()))
                    .put("lanceBlobBytes", new LongCount(progress.blobBytes()));
        }
        progress.stats().ifPresent(stats -> addStats(metrics, "lance", stats));
        return new Metrics(metrics.buildOrThrow());
    }

    static Metrics of(IndexSearch search)
    {
        ImmutableMap.Builder<String, Metric<?>> metrics = ImmutableMap.<String, Metric<?>>builder()
                .put("lancePlanningRows", new LongCount(search.rows()))
                .put("lancePlanningNanos", new LongCount(search.nanos()));
        search.stats().ifPresent(stats -> addStats(metrics, "lancePlanning", stats));
        return new Metrics(metrics.buildOrThrow());
    }

    private static void addStats(ImmutableMap.Builder<String, Metric<?>> metrics, String prefix, ScanStats stats)
    {
        metrics
                .put(prefix + "StorageBytes", new LongCount(stats.getBytesRead()))
                .put(prefix + "StorageRequests", new LongCount(stats.getRequests()))
                .put(prefix + "StorageOperations", new LongCount(stats.getIops()))
                .put(prefix + "IndicesLoaded", new LongCount(stats.getIndicesLoaded()))
                .put(prefix + "IndexPartsLoaded", new LongCount(stats.getPartsLoaded()))
                .put(prefix + "IndexComparisons", new LongCount(stats.getIndexComparisons()));
    }
}
