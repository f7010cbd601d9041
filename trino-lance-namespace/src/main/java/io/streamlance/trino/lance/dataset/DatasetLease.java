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

import io.streamlance.trino.lance.index.DatasetIndexes;
import io.streamlance.trino.lance.integrity.DatasetIntegrity;
import io.streamlance.trino.lance.wide.DatasetColumns;
import org.lance.Dataset;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import static java.util.Objects.requireNonNull;

/**
 * The right to use a shared dataset until this is closed. The dataset itself must not be closed.
 */
public final class DatasetLease
        implements AutoCloseable
{
    private final DatasetVersion version;
    private final Dataset dataset;
    private final Supplier<FragmentLayout> layout;
    private final Supplier<DatasetColumns> columns;
    private final DatasetIndexes indexes;
    private final Optional<DatasetIntegrity> integrity;
    private final Optional<Instant> credentialsExpireAt;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    DatasetLease(DatasetVersion version, Dataset dataset, Supplier<FragmentLayout> layout, Supplier<DatasetColumns> columns, DatasetIndexes indexes, Optional<DatasetIntegrity> integrity, Optional<Instant> credentialsExpireAt, Runnable release)
    {
        this.version = requireNonNull(version, "version is null");
        this.dataset = requireNonNull(dataset, "dataset is null");
        this.layout = requireNonNull(layout, "layout is null");
        this.columns = requireNonNull(columns, "columns is null");
        this.indexes = requireNonNull(indexes, "indexes is null");
        this.integrity = requireNonNull(integrity, "integrity is null");
        this.credentialsExpireAt = requireNonNull(credentialsExpireAt, "credentialsExpireAt is null");
        this.release = requireNonNull(release, "release is null");
    }

    public DatasetVersion version()
    {
        return version;
    }

    public Dataset dataset()
    {
        return dataset;
    }

    FragmentLayout layout()
    {
        return layout.get();
    }

    public DatasetColumns columns()
    {
        return columns.get();
    }

    DatasetIndexes indexes()
    {
        return indexes;
    }

    /// Looks at files before Lance reads them.
    ///
    /// @param fragments empty for all
    /// @throws io.streamlance.trino.lance.integrity.DamageException if one is damaged
    void checkFragments(Collection<Integer> fragments)
    {
        integrity.ifPresent(files -> files.checkFragments(fragments));
    }

    /// Looks at the files of indexes before Lance reads them.
    ///
    /// @throws io.streamlance.trino.lance.integrity.DamageException if one is damaged
    void checkIndexes()
    {
        integrity.ifPresent(DatasetIntegrity::checkIndexes);
    }

    /// A sentence that follows the message of an error; empty if the credentials are still valid.
    String credentialsHint()
    {
        return ExpiredCredentials.hint(credentialsExpireAt);
    }

    @Override
    public void close()
    {
        if (!closed.getAndSet(true)) {
            release.run();
        }
    }
}
