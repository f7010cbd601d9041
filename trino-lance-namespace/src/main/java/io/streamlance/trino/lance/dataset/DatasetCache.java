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

import com.google.common.hash.HashCode;
import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.inject.Inject;
import io.airlift.log.Logger;
import io.streamlance.trino.lance.LanceConfig;
import io.streamlance.trino.lance.namespace.DataRoot;
import io.streamlance.trino.lance.namespace.StorageOptions;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;
import jakarta.annotation.PreDestroy;
import org.lance.Dataset;
import org.lance.OpenDatasetBuilder;
import org.lance.ReadOptions;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_OPEN_ERROR;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_TABLE_REPLACED;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_UNREADABLE_SCHEMA;
import static java.util.Objects.requireNonNull;

/**
 * Open datasets of one catalog on this node, one per version and credentials, shared by all readers. At most
 * {@code lance.cache.max-datasets} are kept; the least recently used are closed as soon as the last
 * reader has returned its lease.
 */
@ThreadSafe
public class DatasetCache
{
    private static final Logger log = Logger.get(DatasetCache.class);

    // of the catalog's caches, for a dataset that cannot use them
    private static final int OWN_CACHE_SHARE = 8;

    private final LanceRuntime runtime;
    private final StorageOptions storageOptions;
    private final DataRoot dataRoot;
    private final int maxDatasets;
    private final long ownMetadataCacheBytes;
    private final long ownIndexCacheBytes;
    private final CredentialsIdentity credentials = new CredentialsIdentity();
    private final AtomicInteger openLeases = new AtomicInteger();

    @GuardedBy("this")
    private final Map<Key, SharedDataset> datasets = new LinkedHashMap<>(16, 0.75f, true);

    @Inject
    public DatasetCache(LanceRuntime runtime, StorageOptions storageOptions, LanceConfig config)
    {
        this.runtime = requireNonNull(runtime, "runtime is null");
        this.storageOptions = requireNonNull(storageOptions, "storageOptions is null");
        this.dataRoot = DataRoot.of(config);
        this.maxDatasets = config.getCacheMaxDatasets();
        this.ownMetadataCacheBytes = config.getCacheMetadataSize().toBytes() / OWN_CACHE_SHARE;
        this.ownIndexCacheBytes = config.getCacheIndexSize().toBytes() / OWN_CACHE_SHARE;
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
        Dataset dataset = open(table, location, number, vended);
        DatasetVersion version = DatasetVersion.of(location, dataset.getVersion());
        Key key = new Key(version, credentials.of(vended));
        Optional<DatasetLease> known = lease(key);
        if (known.isPresent()) {
            // a version never changes, and only those that are readable get here
            dataset.close();
            return known.orElseThrow();
        }
        try {
            checkReadable(table, version, dataset);
        }
        catch (TrinoException e) {
            dataset.close();
            throw e;
        }
        return share(key, separate(table, version, dataset, vended), vended.expiresAt());
    }

    /**
     * Opens exactly the given version, or fails if it is gone or belongs to another dataset by now.
     */
    public DatasetLease open(SchemaTableName table, DatasetVersion version, VendedOptions vended)
    {
        Key key = new Key(version, credentials.of(vended));
        Optional<DatasetLease> known = lease(key);
        if (known.isPresent()) {
            return known.orElseThrow();
        }
        // outside of the lock, as it waits for the storage; of two concurrent openers one wins
        Dataset dataset = open(table, version.location(), OptionalLong.of(version.version()), vended);
        checkVersion(table, version, dataset);
        return share(key, separate(table, version, dataset, vended), vended.expiresAt());
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

    private void checkReadable(SchemaTableName table, DatasetVersion version, Dataset dataset)
    {
        // Lance reads a file of zeros as the manifest of a table without columns
        if (version.version() == 0) {
            throw new TrinoException(LANCE_OPEN_ERROR, "The newest manifest of table %s at %s is damaged. Restore it, or remove it to go back to the version before".formatted(table, version.location()));
        }
        List<String> unreadable;
        try {
            Optional<ByteBuffer> manifest = ManifestGuard.readManifest(version);
            unreadable = ManifestGuard.findUnreadableColumns(version, manifest);
            DatasetBases.check(table, version, dataset, manifest, dataRoot);
        }
        catch (IOException e) {
            throw new TrinoException(LANCE_OPEN_ERROR, "Cannot read the manifest of table %s version %s: %s".formatted(table, version.version(), e.getMessage()), e);
        }
        if (!unreadable.isEmpty()) {
            throw new TrinoException(LANCE_UNREADABLE_SCHEMA, "Table %s cannot be read, because Lance does not know the type of %s. Convert such a timestamp to UTC or to a named time zone".formatted(table, unreadable));
        }
    }

    private static void checkVersion(SchemaTableName table, DatasetVersion version, Dataset dataset)
    {
        if (!DatasetVersion.of(version.location(), dataset.getVersion()).equals(version)) {
            dataset.close();
            throw new TrinoException(LANCE_TABLE_REPLACED, "Table %s was dropped and created again while the query was reading version %s of it. Run the query again".formatted(table, version.version()));
        }
    }

    private Dataset open(SchemaTableName table, String location, OptionalLong version, VendedOptions vended)
    {
        return open(table, location, version, vended, (dataset, _) -> dataset.session(runtime.session()));
    }

    // A session remembers the row ids of a fragment by its number, which an overwrite or a restore uses again: with a session
    // that has read another version, look-ups by row ids and indexes find other rows, or none
    private Dataset separate(SchemaTableName table, DatasetVersion version, Dataset dataset, VendedOptions vended)
    {
        if (!dataset.hasStableRowIds()) {
            return dataset;
        }
        dataset.close();
        Dataset separated = open(table, version.location(), OptionalLong.of(version.version()), vended, (_, options) -> options
                .setMetadataCacheSizeBytes(ownMetadataCacheBytes)
                .setIndexCacheSizeBytes(ownIndexCacheBytes));
        checkVersion(table, version, separated);
        return separated;
    }

    private Dataset open(SchemaTableName table, String location, OptionalLong version, VendedOptions vended, BiConsumer<OpenDatasetBuilder, ReadOptions.Builder> session)
    {
        ReadOptions.Builder options = new ReadOptions.Builder()
                .setStorageOptions(storageOptions.forLocation(location, vended));
        version.ifPresent(options::setVersion);
        OpenDatasetBuilder dataset = Dataset.open()
                .allocator(runtime.allocator())
                .uri(location);
        session.accept(dataset, options);
        try {
            Dataset opened = dataset.readOptions(options.build()).build();
            log.debug("Opened table %s at %s", table, location);
            return opened;
        }
        // the native code throws IOException too, although the method does not declare it
        catch (Exception e) {
            String versionName = version.isPresent() ? "version " + version.getAsLong() : "the newest version";
            throw new TrinoException(LANCE_OPEN_ERROR, "Cannot open %s of table %s at %s: %s%s".formatted(versionName, table, location, e.getMessage(), hint(vended)), e);
        }
    }

    private synchronized Optional<DatasetLease> lease(Key key)
    {
        return Optional.ofNullable(datasets.get(key)).map(SharedDataset::lease);
    }

    private synchronized DatasetLease share(Key key, Dataset dataset, Optional<Instant> credentialsExpireAt)
    {
        SharedDataset shared = datasets.get(key);
        if (shared != null) {
            dataset.close();
            return shared.lease();
        }
        shared = new SharedDataset(key.version(), dataset, credentialsExpireAt, openLeases);
        DatasetLease lease = shared.lease();
        evictExpired();
        datasets.put(key, shared);
        if (datasets.size() > maxDatasets) {
            Key leastRecentlyUsed = datasets.keySet().iterator().next();
            datasets.remove(leastRecentlyUsed).evict();
        }
        return lease;
    }

    // a namespace that vends new credentials for each query would else fill the cache with what nobody can use
    @GuardedBy("this")
    private void evictExpired()
    {
        Instant now = Instant.now();
        datasets.values().removeIf(dataset -> {
            if (!dataset.isExpired(now)) {
                return false;
            }
            dataset.evict();
            return true;
        });
    }

    private static String hint(VendedOptions vended)
    {
        return vended.isExpired(Instant.now())
                ? ". The credentials that the namespace vended for the table have expired; run the query again, and let the namespace vend them for longer than a stage of a query takes"
                : "";
    }

    private record Key(DatasetVersion version, HashCode credentials) {}
}
