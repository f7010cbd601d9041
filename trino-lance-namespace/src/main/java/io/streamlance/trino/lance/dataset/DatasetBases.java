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
import io.streamlance.trino.lance.integrity.LocalManifest;
import io.streamlance.trino.lance.namespace.DataRoot;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;
import org.lance.Dataset;
import org.lance.FragmentMetadata;
import org.lance.fragment.DataFile;
import org.lance.fragment.DeletionFile;
import org.lance.index.Index;

import java.util.List;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.StandardErrorCode.PERMISSION_DENIED;

/// The places outside of a dataset's own directory in which it has files, as shallow clones do. They are in the manifest,
/// which can be read here only if it is a local file; of others Lance's Java binding tells no more than whether there are any.
final class DatasetBases
{
    private DatasetBases() {}

    /// @param manifest empty if it is not in a local file
    /// @throws TrinoException if files of the dataset are, or may be, where the catalog must not read
    static void check(SchemaTableName table, DatasetVersion version, Dataset dataset, Optional<LocalManifest> manifest, DataRoot root)
    {
        if (!root.isLimited()) {
            return;
        }
        List<String> outside = manifest.map(local -> outside(local, root))
                .orElseGet(() -> !isBranch(version, root) && hasUnknownBase(dataset) ? ImmutableList.of("a place that only Lance knows") : ImmutableList.of());
        if (!outside.isEmpty()) {
            throw new TrinoException(PERMISSION_DENIED, "Table %s is not read, as a part of its files is outside of the root %s: %s. Copy them into the table, or mount a root that all of it is in".formatted(table, root, outside));
        }
    }

    private static List<String> outside(LocalManifest manifest, DataRoot root)
    {
        return manifest.basePaths().stream()
                .filter(location -> !root.contains(location))
                .collect(toImmutableList());
    }

    // the base of a branch is the dataset around it
    private static boolean isBranch(DatasetVersion version, DataRoot root)
    {
        return version.location().lastIndexOf("/tree/") >= root.toString().length();
    }

    private static boolean hasUnknownBase(Dataset dataset)
    {
        // the first file format has no bases
        return DatasetFormat.hasFragmentMetadata(dataset) &&
                (dataset.getFragments().stream().anyMatch(fragment -> hasBase(fragment.metadata())) ||
                        dataset.getIndexes().stream().map(Index::baseId).anyMatch(Optional::isPresent));
    }

    private static boolean hasBase(FragmentMetadata fragment)
    {
        return fragment.getFiles().stream().map(DataFile::getBaseId).anyMatch(Optional::isPresent)
                || Optional.ofNullable(fragment.getDeletionFile()).flatMap(DeletionFile::getBaseId).isPresent();
    }
}
