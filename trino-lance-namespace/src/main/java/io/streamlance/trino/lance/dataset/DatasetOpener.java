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

import io.airlift.log.Logger;
import io.streamlance.trino.lance.LanceConfig;
import io.streamlance.trino.lance.dataset.OwnCaches.Share;
import io.streamlance.trino.lance.namespace.DataRoot;
import io.streamlance.trino.lance.namespace.StorageOptions;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;
import org.lance.Dataset;
import org.lance.OpenDatasetBuilder;
import org.lance.ReadOptions;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

import static com.google.common.base.Throwables.throwIfInstanceOf;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_OPEN_ERROR;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_TABLE_REPLACED;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_UNREADABLE_SCHEMA;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
import static java.util.Objects.requireNonNull;

/// Opens datasets that nobody shares yet, and looks at what was opened.
final class DatasetOpener
{
    // the name of the log in which openings are found
    private static final Logger log = Logger.get(DatasetCache.class);

    private final LanceRuntime runtime;
    private final StorageOptions storageOptions;
    private final DataRoot dataRoot;

    DatasetOpener(LanceRuntime runtime, StorageOptions storageOptions, LanceConfig config)
    {
        this.runtime = requireNonNull(runtime, "runtime is null");
        this.storageOptions = requireNonNull(storageOptions, "storageOptions is null");
        this.dataRoot = DataRoot.of(config);
    }

    /// Opens a version, or the newest one, with the session of the catalog.
    Dataset open(SchemaTableName table, String location, OptionalLong version, VendedOptions vended)
    {
        return open(table, location, version, vended, (dataset, _) -> dataset.session(runtime.session()));
    }

    /// Opens a version with caches of its own.
    Dataset openSeparately(SchemaTableName table, DatasetVersion version, VendedOptions vended, Share caches)
    {
        return open(table, version.location(), OptionalLong.of(version.version()), vended, (_, options) -> caches.addTo(options));
    }

    void checkReadable(SchemaTableName table, DatasetVersion version, Dataset dataset)
    {
        // Lance reads a file of zeros as the manifest of a table without columns
        if (version.version() == 0) {
            throw new TrinoException(LANCE_OPEN_ERROR, "The newest manifest of table %s at %s is damaged. Restore it, or remove it to go back to the version before".formatted(table, version.location()));
        }
        if (!DatasetFormat.isReadable(dataset)) {
            throw new TrinoException(NOT_SUPPORTED, "Table %s has data files of format %s, which this version of Lance cannot read. Write it in format %s or an earlier one".formatted(
                    table, dataset.getLanceFileFormatVersion(), DatasetFormat.NEWEST));
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

    static void checkVersion(SchemaTableName table, DatasetVersion version, Dataset dataset)
    {
        if (!DatasetVersion.of(version.location(), dataset.getVersion()).equals(version)) {
            throw new TrinoException(LANCE_TABLE_REPLACED, "Table %s was dropped and created again while the query was reading version %s of it. Run the query again".formatted(table, version.version()));
        }
    }

    /// The error for what was thrown while a dataset was opened or looked at.
    static TrinoException failure(SchemaTableName table, String location, OptionalLong version, VendedOptions vended, Throwable failure)
    {
        throwIfInstanceOf(failure, Error.class);
        throwIfInstanceOf(failure, TrinoException.class);
        String versionName = version.isPresent() ? "version " + version.getAsLong() : "the newest version";
        return new TrinoException(LANCE_OPEN_ERROR, "Cannot open %s of table %s at %s: %s%s%s".formatted(
                versionName,
                table,
                location,
                failure.getMessage(),
                ExpiredCredentials.hint(vended.expiresAt()),
                ManifestDiagnosis.describe(location)), failure);
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
            throw failure(table, location, version, vended, e);
        }
    }
}
