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
import org.lance.ReadOptions;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

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

    private final LanceRuntime runtime;
    private final StorageOptions storageOptions;
    private final DataRoot dataRoot;
    private final int maxDatasets;
    private final CredentialsIdentity credentials = new CredentialsIdentity();

    @GuardedBy("this")
    private final Map<Key, SharedDataset> datasets = new LinkedHashMap<>(16, 0.75f, true);

    @Inject
    public DatasetCache(LanceRuntime runtime, StorageOptions storageOptions, LanceConfig config)
    {
        this.runtime = requireNonNull(runtime, "runtime is null");
        this.storageOptions = requireNonNull(storageOptions, "storageOptions is null");
        this.dataRoot = DataRoot.of(config);
        this.maxDatasets = config.getCacheMaxDatasets();
    }

    /**
     * Opens the newest version at a location. This always asks the storage, as there may be a newer
     * version, or another dataset, since the last time.
     */
    public DatasetLease openLatest(SchemaTableName table, String location, VendedOptions vended)
    {
        Dataset dataset = open(table, location, OptionalLong.empty(), vended);
        DatasetVersion version = DatasetVersion.of(location, dataset.getVersion());
        try {
            checkReadable(table, version, dataset);
        }
        catch (TrinoException e) {
            dataset.close();
            throw e;
        }
        return share(new Key(version, credentials.of(vended)), dataset, vended.expiresAt());
    }

    /**
     * Opens exactly the given version, or fails if it is gone or belongs to another dataset by now.
     */
    public DatasetLease open(SchemaTableName table, DatasetVersion version, VendedOptions vended)
    {
        Key key = new Key(version, credentials.of(vended));
        synchronized (this) {
            SharedDataset shared = datasets.get(key);
            if (shared != null) {
                return shared.lease();
            }
        }
        // outside of the lock, as it waits for the storage; of two concurrent openers one wins
        Dataset dataset = open(table, version.location(), OptionalLong.of(version.version()), vended);
        DatasetVersion found = DatasetVersion.of(version.location(), dataset.getVersion());
        if (!found.equals(version)) {
            dataset.close();
            throw new TrinoException(LANCE_TABLE_REPLACED, "Table %s was dropped and created again while the query was reading version %s of it. Run the query again".formatted(table, version.version()));
        }
        return share(key, dataset, vended.expiresAt());
    }

    @PreDestroy
    public synchronized void close()
    {
        datasets.values().forEach(SharedDataset::evict);
        datasets.clear();
    }

    private void checkReadable(SchemaTableName table, DatasetVersion version, Dataset dataset)
    {
        List<String> unreadable;
        try {
            unreadable = ManifestGuard.findUnreadableColumns(version);
            DatasetBases.check(table, version, dataset, dataRoot);
        }
        catch (IOException e) {
            throw new TrinoException(LANCE_OPEN_ERROR, "Cannot read the manifest of table %s version %s: %s".formatted(table, version.version(), e.getMessage()), e);
        }
        if (!unreadable.isEmpty()) {
            throw new TrinoException(LANCE_UNREADABLE_SCHEMA, "Table %s cannot be read, because Lance does not know the type of %s. Convert such a timestamp to UTC or to a named time zone".formatted(table, unreadable));
        }
    }

    private Dataset open(SchemaTableName table, String location, OptionalLong version, VendedOptions vended)
    {
        ReadOptions.Builder options = new ReadOptions.Builder()
                .setStorageOptions(storageOptions.forLocation(location, vended));
        version.ifPresent(options::setVersion);
        try {
            Dataset dataset = Dataset.open()
                    .allocator(runtime.allocator())
                    .session(runtime.session())
                    .uri(location)
                    .readOptions(options.build())
                    .build();
            log.debug("Opened table %s at %s", table, location);
            return dataset;
        }
        // the native code throws IOException too, although the method does not declare it
        catch (Exception e) {
            String versionName = version.isPresent() ? "version " + version.getAsLong() : "the newest version";
            throw new TrinoException(LANCE_OPEN_ERROR, "Cannot open %s of table %s at %s: %s%s".formatted(versionName, table, location, e.getMessage(), hint(vended)), e);
        }
    }

    private synchronized DatasetLease share(Key key, Dataset dataset, Optional<Instant> credentialsExpireAt)
    {
        SharedDataset shared = datasets.get(key);
        if (shared != null) {
            dataset.close();
            return shared.lease();
        }
        shared = new SharedDataset(key.version(), dataset, credentialsExpireAt);
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
