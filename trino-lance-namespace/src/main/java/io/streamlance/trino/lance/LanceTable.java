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
package io.streamlance.trino.lance;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.streamlance.trino.lance.blob.BlobColumns;
import io.streamlance.trino.lance.dataset.DatasetVersion;
import io.streamlance.trino.lance.filter.FieldPath;
import io.streamlance.trino.lance.namespace.NamespaceTable;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ColumnMetadata;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static java.util.Objects.requireNonNull;

/// What the planner wants to know about one version of a table.
public final class LanceTable
{
    private final NamespaceTable origin;
    private final DatasetVersion version;
    private final List<Column> columns;
    private final Optional<String> comment;
    private final long rowCount;
    // the engine asks for one column after the other, of a wide table for thousands
    private final Map<FieldPath, ColumnMetadata> metadata;

    /// @param origin where the namespace says it is
    /// @param comment names the columns that are left out, and why
    public LanceTable(NamespaceTable origin, DatasetVersion version, List<Column> columns, Optional<String> comment, long rowCount)
    {
        this.origin = requireNonNull(origin, "origin is null");
        this.version = requireNonNull(version, "version is null");
        this.columns = ImmutableList.copyOf(columns);
        this.comment = requireNonNull(comment, "comment is null");
        this.rowCount = rowCount;
        ImmutableMap.Builder<FieldPath, ColumnMetadata> builder = ImmutableMap.builder();
        columns.forEach(column -> builder.put(column.handle().path(), column.metadata()));
        hiddenColumns().forEach(column -> builder.put(column.handle().path(), column.hiddenMetadata()));
        metadata = builder.buildOrThrow();
    }

    public NamespaceTable origin()
    {
        return origin;
    }

    public DatasetVersion version()
    {
        return version;
    }

    public List<Column> columns()
    {
        return columns;
    }

    public Optional<String> comment()
    {
        return comment;
    }

    public long rowCount()
    {
        return rowCount;
    }

    public List<ColumnMetadata> columnMetadata()
    {
        return ImmutableList.copyOf(metadata.values());
    }

    public Map<String, ColumnHandle> columnHandles()
    {
        return Stream.concat(columns.stream(), hiddenColumns())
                .map(Column::handle)
                .collect(toImmutableMap(LanceColumnHandle::trinoName, handle -> handle));
    }

    public ColumnMetadata columnMetadata(LanceColumnHandle handle)
    {
        if (!handle.path().isColumn() || BlobColumns.isLength(handle)) {
            return new ColumnMetadata(handle.trinoName(), handle.type());
        }
        return metadata.get(handle.path());
    }

    private Stream<Column> hiddenColumns()
    {
        return Stream.of(MetadataColumn.values())
                .map(MetadataColumn::column)
                .filter(hidden -> columns.stream().noneMatch(column -> column.handle().trinoName().equals(hidden.handle().trinoName())));
    }

    public record Column(LanceColumnHandle handle, boolean nullable, Optional<String> comment)
    {
        public Column
        {
            requireNonNull(handle, "handle is null");
            requireNonNull(comment, "comment is null");
        }

        public ColumnMetadata metadata()
        {
            return metadataBuilder().build();
        }

        ColumnMetadata hiddenMetadata()
        {
            return metadataBuilder().setHidden(true).build();
        }

        private ColumnMetadata.Builder metadataBuilder()
        {
            return ColumnMetadata.builder()
                    .setName(handle.trinoName())
                    .setType(handle.type())
                    .setNullable(nullable)
                    .setComment(comment);
        }
    }
}
