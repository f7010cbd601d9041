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
package io.streamlance.trino.lance.system;

import com.google.common.collect.ImmutableList;
import io.trino.spi.connector.ColumnMetadata;
import io.trino.spi.type.Type;
import org.lance.Branch;
import org.lance.Dataset;

import java.time.Instant;
import java.util.List;

import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.TimestampWithTimeZoneType.TIMESTAMP_TZ_SECONDS;
import static io.trino.spi.type.VarcharType.VARCHAR;

/// @param texts a map of texts
record BranchesTable(Type texts)
        implements MetadataTable
{
    @Override
    public List<ColumnMetadata> columns()
    {
        return ImmutableList.of(
                new ColumnMetadata("name", VARCHAR),
                new ColumnMetadata("parent_branch", VARCHAR),
                new ColumnMetadata("parent_version", BIGINT),
                new ColumnMetadata("create_at", TIMESTAMP_TZ_SECONDS),
                new ColumnMetadata("manifest_size", BIGINT),
                new ColumnMetadata("metadata", texts));
    }

    @Override
    public void read(Dataset dataset, RowPages rows)
    {
        for (Branch branch : dataset.branches().list()) {
            rows.add(branch.getName(), branch.getParentBranch(), branch.getParentVersion(), Instant.ofEpochSecond(branch.getCreateAt()), branch.getManifestSize(), branch.getMetadata());
        }
    }
}
