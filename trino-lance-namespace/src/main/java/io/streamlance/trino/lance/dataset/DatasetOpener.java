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

import com.google.common.collect.ImmutableList;
import io.airlift.log.Logger;
import io.streamlance.trino.lance.LanceConfig;
import io.streamlance.trino.lance.dataset.OwnCaches.Share;
import io.streamlance.trino.lance.integrity.DamageException;
import io.streamlance.trino.lance.integrity.DatasetIntegrity;
import io.streamlance.trino.lance.integrity.LocalManifest;
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
import java.nio.file.Path;
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
    private static final String RESTORE = ". Restore it from a backup, and read other versions with FOR VERSION AS OF meanwhile";
    // the name of the log in which openings are found
    private static final Logger log = Logger.get(DatasetCache.class);

    private final LanceRuntime runtime;
    private final StorageOptions storageOptions;
    private final DataRoot dataRoot;
    private final boolean checkFiles;

    DatasetOpener(LanceRuntime runtime, StorageOptions storageOptions, LanceConfig config)
    {
        this.runtime = requireNonNull(runtime, "runtime is null");
        this.storageOptions = requireNonNull(storageOptions, "storageOptions is null");
        this.dataRoot = DataRoot.of(config);
        this.checkFiles = config.isCheckFiles();
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

    /// Opens a version with some of its columns.
    ///
    /// @param manifest with these columns
    Dataset openNarrow(SchemaTableName table, DatasetVersion version, VendedOptions vended, ByteBuffer manifest, Optional<Share> caches)
    {
        return open(table, version.location(), OptionalLong.of(version.version()), vended, (dataset, options) -> {
            options.setSerializedManifest(manifest);
            caches.ifPresentOrElse(share -> share.addTo(options), () -> dataset.session(runtime.session()));
        });
    }

    /// Looks at a manifest before Lance does: damaged ones would end the JVM.
    ///
    /// @param version empty for the newest
    /// @return empty if it is not in a local file
    static Optional<LocalManifest> readManifest(String location, OptionalLong version)
            throws IOException
    {
        Optional<Path> directory = LocalPaths.find(location);
        if (directory.isEmpty()) {
            return Optional.empty();
        }
        return version.isPresent() ? LocalManifest.read(directory.orElseThrow(), version.getAsLong()) : LocalManifest.readNewest(directory.orElseThrow());
    }

    /// @return empty if the files of a dataset are not looked at
    Optional<DatasetIntegrity> integrity(DatasetVersion version)
    {
        return checkFiles ? LocalPaths.find(version.location()).map(directory -> new DatasetIntegrity(directory, version.version())) : Optional.empty();
    }

    /// @param manifest the one that was read before the dataset was opened
    void checkReadable(SchemaTableName table, DatasetVersion version, Dataset dataset, Optional<LocalManifest> manifest)
            throws IOException
    {
        if (!DatasetFormat.isReadable(dataset)) {
            throw new TrinoException(NOT_SUPPORTED, "Table %s has data files of format %s, which this version of Lance cannot read. Write it in format %s or an earlier one".formatted(
                    table, dataset.getLanceFileFormatVersion(), DatasetFormat.NEWEST));
        }
        // there may be a newer version by now
        Optional<LocalManifest> current = manifest.isPresent() && manifest.orElseThrow().version() == version.version() ? manifest : readManifest(version.location(), OptionalLong.of(version.version()));
        List<String> unreadable = current.map(ManifestGuard::findUnreadableColumns).orElse(ImmutableList.of());
        DatasetBases.check(table, version, dataset, current, dataRoot);
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
                failure instanceof DamageException ? RESTORE : ManifestDiagnosis.describe(location)), failure);
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
