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
import org.lance.Dataset;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import static com.google.common.base.Preconditions.checkState;
import static java.util.Objects.requireNonNull;

/**
 * A dataset that closes when it has left the cache and nobody reads it any more.
 */
@ThreadSafe
final class SharedDataset
{
    private final DatasetVersion version;
    private final Dataset dataset;
    private final Optional<Instant> credentialsExpireAt;
    private final AtomicInteger openLeases;
    private final Supplier<FragmentLayout> layout;

    @GuardedBy("this")
    private int leases;
    @GuardedBy("this")
    private boolean evicted;

    /// @param openLeases counts those of all datasets
    SharedDataset(DatasetVersion version, Dataset dataset, Optional<Instant> credentialsExpireAt, AtomicInteger openLeases)
    {
        this.version = requireNonNull(version, "version is null");
        this.dataset = requireNonNull(dataset, "dataset is null");
        this.credentialsExpireAt = requireNonNull(credentialsExpireAt, "credentialsExpireAt is null");
        this.openLeases = requireNonNull(openLeases, "openLeases is null");
        layout = Suppliers.memoize(() -> FragmentLayout.of(dataset));
    }

    synchronized DatasetLease lease()
    {
        checkState(!evicted, "dataset has left the cache: %s", version);
        leases++;
        openLeases.incrementAndGet();
        return new DatasetLease(version, dataset, layout, this::release);
    }

    boolean isExpired(Instant now)
    {
        return credentialsExpireAt.map(now::isAfter).orElse(false);
    }

    synchronized void evict()
    {
        evicted = true;
        closeIfUnused();
    }

    private synchronized void release()
    {
        leases--;
        openLeases.decrementAndGet();
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
