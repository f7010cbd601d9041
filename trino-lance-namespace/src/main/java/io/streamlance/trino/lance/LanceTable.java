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
import io.streamlance.trino.lance.dataset.DatasetVersion;
import io.streamlance.trino.lance.namespace.NamespaceTable;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ColumnMetadata;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static java.util.Objects.requireNonNull;

/**
 * What the planner wants to know about one version of a table.
 *
 * @param origin where the namespace says it is
 * @param comment names the columns that are left out, and why
 */
public record LanceTable(NamespaceTable origin, DatasetVersion version, List<Column> columns, Optional<String> comment, long rowCount)
{
    public LanceTable
    {
        requireNonNull(origin, "origin is null");
        requireNonNull(version, "version is null");
        columns = ImmutableList.copyOf(columns);
        requireNonNull(comment, "comment is null");
    }

    public List<ColumnMetadata> columnMetadata()
    {
        return Stream.concat(
                        columns.stream().map(Column::metadata),
                        hiddenColumns().map(Column::hiddenMetadata))
                .collect(toImmutableList());
    }

    public Map<String, ColumnHandle> columnHandles()
    {
        return Stream.concat(columns.stream(), hiddenColumns())
                .map(Column::handle)
                .collect(toImmutableMap(LanceColumnHandle::trinoName, handle -> handle));
    }

    public ColumnMetadata columnMetadata(LanceColumnHandle handle)
    {
        if (!handle.path().isColumn()) {
            return new ColumnMetadata(handle.trinoName(), handle.type());
        }
        return columnMetadata().stream()
                .filter(column -> column.getName().equals(handle.trinoName()))
                .findFirst()
                .orElseThrow();
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
