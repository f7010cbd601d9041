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
package io.streamlance.trino.lance.blob;

import com.google.inject.Inject;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.LanceConfig;
import io.streamlance.trino.lance.dataset.DatasetVersion;
import io.streamlance.trino.lance.dataset.LocalPaths;
import io.streamlance.trino.lance.namespace.DataRoot;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;

import java.util.List;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.StandardErrorCode.PERMISSION_DENIED;

/// Where files with external blobs may be. The URI of such a blob is a value in the table: who can write it must not have
/// Trino read with its own credentials what is elsewhere.
public final class BlobLocations
{
    private final DataRoot root;
    private final List<DataRoot> external;

    @Inject
    public BlobLocations(LanceConfig config, BlobConfig blobConfig)
    {
        root = DataRoot.of(config);
        external = blobConfig.getExternalLocations().stream()
                .map(DataRoot::at)
                .collect(toImmutableList());
    }

    /// @throws TrinoException if the blob is, or may be, where the catalog must not read
    void check(SchemaTableName table, DatasetVersion version, LanceColumnHandle column, long rowId, BlobDescriptors blobs, int position)
    {
        if (!blobs.isExternal(position)) {
            return;
        }
        String uri = blobs.uri(position);
        boolean permitted = blobs.base(position) == 0
                ? isPermitted(version, uri)
                // the base paths of the dataset have been checked when it was opened, if its manifest is a local file
                : root.isLimited() && LocalPaths.find(version.location()).isPresent() && DataRoot.at("/").contains("/" + uri);
        if (!permitted) {
            throw new TrinoException(PERMISSION_DENIED, "The blob of column %s in row %s of table %s is not read, as it is in a file outside of %s: %s. Name its location in lance.blob.external-locations, or copy it into the table".formatted(
                    column.path(), rowId, table, root.isLimited() ? "the root " + root : "the table", uri));
        }
    }

    private boolean isPermitted(DatasetVersion version, String uri)
    {
        DataRoot own = root.isLimited() ? root : DataRoot.at(version.location());
        return own.contains(uri) || external.stream().anyMatch(location -> location.contains(uri));
    }
}
