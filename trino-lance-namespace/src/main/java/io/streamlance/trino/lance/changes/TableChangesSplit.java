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
package io.streamlance.trino.lance.changes;

import io.streamlance.trino.lance.dataset.DatasetVersion;
import io.trino.spi.connector.ConnectorSplit;

import java.util.Optional;

import static io.airlift.slice.SizeOf.estimatedSizeOf;
import static io.airlift.slice.SizeOf.instanceSize;
import static io.airlift.slice.SizeOf.sizeOf;
import static java.util.Objects.requireNonNull;

/// The changes that one version made.
///
/// @param from the version before; empty if there is none
/// @param ordinal counts the versions of the query from 0
public record TableChangesSplit(Optional<DatasetVersion> from, DatasetVersion to, int ordinal)
        implements ConnectorSplit
{
    private static final int INSTANCE_SIZE = instanceSize(TableChangesSplit.class);
    private static final int VERSION_SIZE = instanceSize(DatasetVersion.class);

    public TableChangesSplit
    {
        requireNonNull(from, "from is null");
        requireNonNull(to, "to is null");
    }

    @Override
    public long getRetainedSizeInBytes()
    {
        return INSTANCE_SIZE + sizeOf(from, TableChangesSplit::versionSize) + versionSize(to);
    }

    private static long versionSize(DatasetVersion version)
    {
        return VERSION_SIZE + estimatedSizeOf(version.location());
    }
}
