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

import com.google.errorprone.annotations.ThreadSafe;
import io.streamlance.trino.lance.LanceConfig;
import org.lance.ReadOptions;

import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

import static java.util.Objects.requireNonNull;

/// Memory for the caches of datasets that cannot use the catalog's session: all of them together get as much as the session
/// has, in equal shares.
@ThreadSafe
final class OwnCaches
{
    static final int SHARES = 8;
    // of a share, for a dataset that is read while others hold all shares
    private static final int SMALL_SHARES = 64;

    private final long metadataBytes;
    private final long indexBytes;
    private final Semaphore shares = new Semaphore(SHARES);

    OwnCaches(LanceConfig config)
    {
        metadataBytes = config.getCacheMetadataSize().toBytes() / SHARES;
        indexBytes = config.getCacheIndexSize().toBytes() / SHARES;
    }

    /// @param giveWay closes the dataset that can best be spared; false if all are being read
    Share take(BooleanSupplier giveWay)
    {
        if (shares.tryAcquire() || (giveWay.getAsBoolean() && shares.tryAcquire())) {
            return new Share(metadataBytes, indexBytes, true, shares::release);
        }
        return new Share(metadataBytes / SMALL_SHARES, indexBytes / SMALL_SHARES, false, () -> {});
    }

    /// @param full whether the dataset may stay open when nobody reads it
    /// @param free gives the share back, once, after the dataset was closed
    record Share(long metadataBytes, long indexBytes, boolean full, Runnable free)
    {
        Share
        {
            requireNonNull(free, "free is null");
        }

        void addTo(ReadOptions.Builder options)
        {
            options.setMetadataCacheSizeBytes(metadataBytes).setIndexCacheSizeBytes(indexBytes);
        }
    }
}
