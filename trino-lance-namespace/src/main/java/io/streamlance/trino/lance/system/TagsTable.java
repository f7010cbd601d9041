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
import org.lance.Dataset;
import org.lance.Tag;

import java.util.List;

import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.TimestampWithTimeZoneType.TIMESTAMP_TZ_NANOS;
import static io.trino.spi.type.VarcharType.VARCHAR;

/// @param texts a map of texts
record TagsTable(Type texts)
        implements MetadataTable
{
    @Override
    public List<ColumnMetadata> columns()
    {
        return ImmutableList.of(
                new ColumnMetadata("name", VARCHAR),
                new ColumnMetadata("branch", VARCHAR),
                new ColumnMetadata("version", BIGINT),
                new ColumnMetadata("created_at", TIMESTAMP_TZ_NANOS),
                new ColumnMetadata("updated_at", TIMESTAMP_TZ_NANOS),
                new ColumnMetadata("manifest_size", BIGINT),
                new ColumnMetadata("metadata", texts));
    }

    @Override
    public void read(Dataset dataset, RowPages rows)
    {
        for (Tag tag : dataset.tags().list()) {
            rows.add(tag.getName(), tag.getBranch(), tag.getVersion(), tag.getCreatedAt(), tag.getUpdatedAt(), tag.getManifestSize(), tag.getMetadata());
        }
    }
}
