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
package io.streamlance.trino.lance.dataset;

import com.google.common.collect.ImmutableMap;
import org.lance.ipc.ScanStats;

import java.util.Optional;

/// What a scan has done so far.
///
/// @param batches batches that came from Lance, and their rows and bytes
/// @param nanos time spent waiting for Lance
/// @param blobs blobs whose content was read, and their bytes
/// @param stats what Lance read from the storage and its indexes; known at the end
public record ScanProgress(long batches, long rows, long bytes, long nanos, long blobs, long blobBytes, Optional<ScanStats> stats)
{
    static final ScanProgress NONE = new ScanProgress(0, 0, 0, 0, 0, 0, Optional.empty());

    ScanProgress addBatch(long rows, long bytes)
    {
        return new ScanProgress(batches + 1, this.rows + rows, this.bytes + bytes, nanos, blobs, blobBytes, stats);
    }

    ScanProgress addRows(long rows)
    {
        return new ScanProgress(batches, this.rows + rows, bytes, nanos, blobs, blobBytes, stats);
    }

    ScanProgress addNanos(long nanos)
    {
        return new ScanProgress(batches, rows, bytes, this.nanos + nanos, blobs, blobBytes, stats);
    }

    public ScanProgress addBlobs(long blobs, long bytes, long nanos)
    {
        return new ScanProgress(batches, rows, this.bytes + bytes, this.nanos + nanos, this.blobs + blobs, blobBytes + bytes, stats);
    }

    ScanProgress addStats(Optional<ScanStats> stats)
    {
        return new ScanProgress(batches, rows, bytes, nanos, blobs, blobBytes, this.stats.isPresent() && stats.isPresent() ? Optional.of(sum(this.stats.orElseThrow(), stats.orElseThrow())) : stats.or(() -> this.stats));
    }

    private static ScanStats sum(ScanStats a, ScanStats b)
    {
        return new ScanStats(
                a.getIops() + b.getIops(),
                a.getRequests() + b.getRequests(),
                a.getBytesRead() + b.getBytesRead(),
                a.getIndicesLoaded() + b.getIndicesLoaded(),
                a.getPartsLoaded() + b.getPartsLoaded(),
                a.getIndexComparisons() + b.getIndexComparisons(),
                ImmutableMap.of(),
                ImmutableMap.of());
    }
}
