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

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.streamlance.trino.lance.index.DatasetIndexes;
import io.streamlance.trino.lance.integrity.DatasetIntegrity;
import io.streamlance.trino.lance.wide.DatasetColumns;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import static java.util.Objects.requireNonNull;

/**
 * A dataset that closes when it has left the cache and nobody reads it any more.
 */
@ThreadSafe
final class SharedDataset
{
    private final DatasetVersion version;
    private final OpenDataset dataset;
    private final Optional<DatasetIntegrity> integrity;
    private final Optional<Instant> credentialsExpireAt;
    private final AtomicInteger openLeases;
    private final Supplier<FragmentLayout> layout;
    private final Supplier<DatasetColumns> columns;
    private final DatasetIndexes indexes;

    @GuardedBy("this")
    private int leases;
    @GuardedBy("this")
    private boolean evicted;

    /// @param integrity empty if the files are not looked at
    /// @param openLeases counts those of all datasets
    SharedDataset(DatasetVersion version, OpenDataset dataset, Optional<DatasetIntegrity> integrity, Optional<Instant> credentialsExpireAt, AtomicInteger openLeases)
    {
        this.version = requireNonNull(version, "version is null");
        this.dataset = requireNonNull(dataset, "dataset is null");
        this.integrity = requireNonNull(integrity, "integrity is null");
        this.credentialsExpireAt = requireNonNull(credentialsExpireAt, "credentialsExpireAt is null");
        this.openLeases = requireNonNull(openLeases, "openLeases is null");
        layout = Suppliers.memoize(() -> FragmentLayout.of(dataset.dataset()));
        columns = Suppliers.memoize(() -> DatasetColumns.of(dataset.dataset()));
        indexes = new DatasetIndexes(dataset.dataset());
    }

    /// @return empty if it has closed, or is about to
    synchronized Optional<DatasetLease> lease()
    {
        if (evicted) {
            return Optional.empty();
        }
        leases++;
        openLeases.incrementAndGet();
        return Optional.of(new DatasetLease(version, dataset.dataset(), layout, columns, indexes, integrity, credentialsExpireAt, this::release));
    }

    synchronized boolean isUseless(Instant now)
    {
        return evicted || credentialsExpireAt.map(now::isAfter).orElse(false);
    }

    synchronized void evict()
    {
        if (!evicted) {
            evicted = true;
            closeIfUnused();
        }
    }

    /// Makes room for the caches of another dataset.
    ///
    /// @return whether there is more room now
    synchronized boolean giveWay()
    {
        if (evicted || leases > 0 || !dataset.hasFullShare()) {
            return false;
        }
        evict();
        return true;
    }

    private synchronized void release()
    {
        leases--;
        openLeases.decrementAndGet();
        evicted |= leases == 0 && !dataset.isKept();
        closeIfUnused();
    }

    @GuardedBy("this")
    private void closeIfUnused()
    {
        if (evicted && leases == 0) {
            dataset.close();
        }
    }
}
