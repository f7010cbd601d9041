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
import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.inject.Inject;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_READ_ERROR;
import static java.util.Objects.requireNonNull;

/**
 * Statistics of dataset versions. A version never changes, so they are read once.
 */
@ThreadSafe
public class StatisticsCache
{
    private static final int MAX_VERSIONS = 1_000;

    private final DatasetCache datasets;

    @GuardedBy("this")
    private final Map<DatasetVersion, DatasetStatistics> statistics = new LinkedHashMap<>(16, 0.75f, true);

    @Inject
    public StatisticsCache(DatasetCache datasets)
    {
        this.datasets = requireNonNull(datasets, "datasets is null");
    }

    public DatasetStatistics get(SchemaTableName table, DatasetVersion version, List<LanceColumnHandle> columns, Supplier<VendedOptions> vended)
    {
        return find(version).orElseGet(() -> {
            // outside of the lock, as it waits for the storage
            DatasetStatistics read = read(table, version, columns, vended.get());
            put(version, read);
            return read;
        });
    }

    private DatasetStatistics read(SchemaTableName table, DatasetVersion version, List<LanceColumnHandle> columns, VendedOptions vended)
    {
        try (DatasetLease lease = datasets.open(table, version, vended)) {
            return read(table, lease, columns);
        }
    }

    private static DatasetStatistics read(SchemaTableName table, DatasetLease lease, List<LanceColumnHandle> columns)
    {
        try {
            return DatasetStatistics.read(lease, columns);
        }
        // the native code throws IOException too, although the methods do not declare it
        catch (Exception e) {
            throw new TrinoException(LANCE_READ_ERROR, "Cannot read the statistics in the indexes of table %s version %s at %s. Build the indexes again, or set the session property statistics_enabled to false: %s".formatted(
                    table, lease.version().version(), lease.version().location(), e.getMessage()), e);
        }
    }

    /// @return empty if they were not asked for yet
    public synchronized Optional<DatasetStatistics> find(DatasetVersion version)
    {
        return Optional.ofNullable(statistics.get(version));
    }

    private synchronized void put(DatasetVersion version, DatasetStatistics read)
    {
        statistics.put(version, read);
        if (statistics.size() > MAX_VERSIONS) {
            statistics.remove(statistics.keySet().iterator().next());
        }
    }
}
