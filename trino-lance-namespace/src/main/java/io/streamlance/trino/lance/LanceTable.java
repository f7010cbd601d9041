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
import io.trino.spi.connector.ColumnMetadata;

import java.util.List;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
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
        return columns.stream()
                .map(Column::metadata)
                .collect(toImmutableList());
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
            return ColumnMetadata.builder()
                    .setName(handle.trinoName())
                    .setType(handle.type())
                    .setNullable(nullable)
                    .setComment(comment)
                    .build();
        }
    }
}
