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

import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.inject.Inject;
import io.streamlance.trino.lance.LanceConfig;
import io.streamlance.trino.lance.dataset.OwnCaches.Share;
import io.streamlance.trino.lance.integrity.DamageException;
import io.streamlance.trino.lance.integrity.LocalManifest;
import io.streamlance.trino.lance.namespace.StorageOptions;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.connector.SchemaTableName;
import jakarta.annotation.PreDestroy;
import org.lance.Dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import static io.streamlance.trino.lance.dataset.DatasetOpener.checkVersion;
import static io.streamlance.trino.lance.dataset.DatasetOpener.failure;

/**
 * Open datasets of one catalog on this node, one per version and credentials, shared by all readers. At most
 * {@code lance.cache.max-datasets} are kept, and fewer of those with caches of their own; the least recently used are
 * closed as soon as the last reader has returned its lease.
 */
@ThreadSafe
public class DatasetCache
{
    private final DatasetOpener opener;
    private final OwnCaches ownCaches;
    private final int maxDatasets;
    private final CredentialsIdentity credentials = new CredentialsIdentity();
    private final AtomicInteger openLeases = new AtomicInteger();

    @GuardedBy("this")
    private final Map<Key, SharedDataset> datasets = new LinkedHashMap<>(16, 0.75f, true);

    @Inject
    public DatasetCache(LanceRuntime runtime, StorageOptions storageOptions, LanceConfig config)
    {
        this.opener = new DatasetOpener(runtime, storageOptions, config);
        this.ownCaches = new OwnCaches(config);
        this.maxDatasets = config.getCacheMaxDatasets();
    }

    /**
     * Opens the newest version at a location. This always asks the storage, as there may be a newer
     * version, or another dataset, since the last time.
     */
    public DatasetLease openLatest(SchemaTableName table, String location, VendedOptions vended)
    {
        return openFound(table, location, OptionalLong.empty(), vended);
    }

    /**
     * Opens the version with a number, whenever it was committed. This always asks the storage too.
     */
    public DatasetLease openVersion(SchemaTableName table, String location, long version, VendedOptions vended)
    {
        return openFound(table, location, OptionalLong.of(version), vended);
    }

    private DatasetLease openFound(SchemaTableName table, String location, OptionalLong number, VendedOptions vended)
    {
        Optional<LocalManifest> manifest = readManifest(table, location, number, vended);
        Dataset dataset = opener.open(table, location, number, vended);
        try {
            DatasetVersion version = DatasetVersion.of(location, dataset.getVersion());
            Key key = wholeKey(version, vended);
            Optional<DatasetLease> known = lease(key);
            if (known.isPresent()) {
                // a version never changes, and only those that are readable get here
                dataset.close();
                return known.orElseThrow();
            }
            opener.checkReadable(table, version, dataset, manifest);
            return share(key, separate(table, version, dataset, vended), vended.expiresAt());
        }
        // the native code throws whatever it has for the error
        catch (Throwable e) {
            dataset.close();
            throw failure(table, location, number, vended, e);
        }
    }

    /**
     * Opens exactly the given version, or fails if it is gone or belongs to another dataset by now.
     */
    public DatasetLease open(SchemaTableName table, DatasetVersion version, VendedOptions vended)
    {
        Key key = wholeKey(version, vended);
        Optional<DatasetLease> known = lease(key);
        if (known.isPresent()) {
            return known.orElseThrow();
        }
        // outside of the lock, as it waits for the storage; of two concurrent openers one wins
        OptionalLong number = OptionalLong.of(version.version());
        readManifest(table, version.location(), number, vended);
        Dataset dataset = opener.open(table, version.location(), number, vended);
        try {
            checkVersion(table, version, dataset);
            return share(key, separate(table, version, dataset, vended), vended.expiresAt());
        }
        // the native code throws whatever it has for the error
        catch (Throwable e) {
            dataset.close();
            throw failure(table, version.location(), number, vended, e);
        }
    }

    /// The same, to read some of the columns. The dataset of a wide table may have no others besides those with an index.
    ///
    /// @param columns names of columns, or what is not one
    public DatasetLease open(SchemaTableName table, DatasetVersion version, VendedOptions vended, Set<String> columns)
    {
        DatasetLease whole = open(table, version, vended);
        Key key = new Key(version, credentials.of(vended), Optional.of(ImmutableSet.copyOf(columns)));
        try {
            if (!canNarrow(whole, columns)) {
                return whole;
            }
            Optional<DatasetLease> narrow = lease(key);
            if (narrow.isEmpty()) {
                narrow = narrow(table, whole, vended, columns).map(manifest -> share(key, openNarrow(table, whole, vended, manifest), vended.expiresAt()));
            }
            narrow.ifPresent(_ -> whole.close());
            return narrow.orElse(whole);
        }
        // the native code throws whatever it has for the error
        catch (Throwable e) {
            whole.close();
            throw failure(table, version.location(), OptionalLong.of(version.version()), vended, e);
        }
    }

    // Lance reads the first file format by what the schema of the dataset says, and files of the others by what they say themselves
    private static boolean canNarrow(DatasetLease whole, Set<String> columns)
    {
        return whole.columns().isCostly(columns.size()) && whole.columns().isMoreThan(columns) && DatasetFormat.hasFragmentMetadata(whole.dataset());
    }

    private static Optional<ByteBuffer> narrow(SchemaTableName table, DatasetLease whole, VendedOptions vended, Set<String> columns)
    {
        return readManifest(table, whole.version().location(), OptionalLong.of(whole.version().version()), vended)
                .map(manifest -> whole.columns().narrow(manifest.message(), columns));
    }

    private OpenDataset openNarrow(SchemaTableName table, DatasetLease whole, VendedOptions vended, ByteBuffer manifest)
    {
        Optional<Share> caches = whole.dataset().hasStableRowIds() ? Optional.of(ownCaches.take(this::closeUnused)) : Optional.empty();
        return open(table, whole.version(), caches, () -> opener.openNarrow(table, whole.version(), vended, manifest, caches));
    }

    private static OpenDataset open(SchemaTableName table, DatasetVersion version, Optional<Share> caches, Supplier<Dataset> opening)
    {
        try {
            Dataset dataset = opening.get();
            try {
                checkVersion(table, version, dataset);
                return new OpenDataset(dataset, caches);
            }
            catch (Throwable e) {
                dataset.close();
                throw e;
            }
        }
        catch (Throwable e) {
            caches.ifPresent(share -> share.free().run());
            throw e;
        }
    }

    /// Leases that have not been returned.
    public int openLeases()
    {
        return openLeases.get();
    }

    @PreDestroy
    public synchronized void close()
    {
        datasets.values().forEach(SharedDataset::evict);
        datasets.clear();
    }

    // A session remembers the row ids of a fragment by its number, which an overwrite or a restore uses again: with a session
    // that has read another version, look-ups by row ids and indexes find other rows, or none
    private OpenDataset separate(SchemaTableName table, DatasetVersion version, Dataset dataset, VendedOptions vended)
    {
        if (!dataset.hasStableRowIds()) {
            return new OpenDataset(dataset, Optional.empty());
        }
        dataset.close();
        Share caches = ownCaches.take(this::closeUnused);
        return open(table, version, Optional.of(caches), () -> opener.openSeparately(table, version, vended, caches));
    }

    private Key wholeKey(DatasetVersion version, VendedOptions vended)
    {
        return new Key(version, credentials.of(vended), Optional.empty());
    }

    private static Optional<LocalManifest> readManifest(SchemaTableName table, String location, OptionalLong number, VendedOptions vended)
    {
        try {
            return DatasetOpener.readManifest(location, number);
        }
        catch (IOException | DamageException e) {
            throw failure(table, location, number, vended, e);
        }
    }

    private synchronized Optional<DatasetLease> lease(Key key)
    {
        return Optional.ofNullable(datasets.get(key)).flatMap(SharedDataset::lease);
    }

    private synchronized DatasetLease share(Key key, OpenDataset dataset, Optional<Instant> credentialsExpireAt)
    {
        Optional<DatasetLease> known = lease(key);
        if (known.isPresent()) {
            dataset.close();
            return known.orElseThrow();
        }
        SharedDataset shared = new SharedDataset(key.version(), dataset, opener.integrity(key.version()), credentialsExpireAt, openLeases);
        DatasetLease lease = shared.lease().orElseThrow();
        evictUseless();
        datasets.put(key, shared);
        if (datasets.size() > maxDatasets) {
            Key leastRecentlyUsed = datasets.keySet().iterator().next();
            datasets.remove(leastRecentlyUsed).evict();
        }
        return lease;
    }

    // the least recently used of those with caches of their own
    private synchronized boolean closeUnused()
    {
        Iterator<SharedDataset> candidates = datasets.values().iterator();
        while (candidates.hasNext()) {
            if (candidates.next().giveWay()) {
                candidates.remove();
                return true;
            }
        }
        return false;
    }

    // a namespace that vends new credentials for each query would else fill the cache with what nobody can use
    @GuardedBy("this")
    private void evictUseless()
    {
        Instant now = Instant.now();
        datasets.values().removeIf(dataset -> {
            if (!dataset.isUseless(now)) {
                return false;
            }
            dataset.evict();
            return true;
        });
    }

    /// @param columns empty if the dataset has all of them
    private record Key(DatasetVersion version, HashCode credentials, Optional<Set<String>> columns) {}
}
