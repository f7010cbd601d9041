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

import com.google.common.collect.ImmutableList;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.dataset.DatasetVersion;
import io.trino.spi.connector.ColumnMetadata;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.ConnectorTableMetadata;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.function.table.ConnectorTableFunctionHandle;

import java.util.List;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Objects.requireNonNull;

/// The changes of a table between two versions, as a table function and as the scan that the engine makes of it.
///
/// @param start changes after this version; empty for all since there is the table
/// @param end changes up to this version, with it
/// @param columns those of the table at the end, and those of [ChangeColumn]
public record TableChangesHandle(SchemaTableName name, Optional<DatasetVersion> start, DatasetVersion end, List<LanceColumnHandle> columns)
        implements ConnectorTableFunctionHandle, ConnectorTableHandle
{
    public TableChangesHandle
    {
        requireNonNull(name, "name is null");
        requireNonNull(start, "start is null");
        requireNonNull(end, "end is null");
        columns = ImmutableList.copyOf(columns);
    }

    public ConnectorTableMetadata tableMetadata()
    {
        return new ConnectorTableMetadata(name, columns.stream()
                .map(TableChangesHandle::columnMetadata)
                .collect(toImmutableList()));
    }

    public static ColumnMetadata columnMetadata(LanceColumnHandle column)
    {
        return new ColumnMetadata(column.trinoName(), column.type());
    }

    long startVersion()
    {
        return start.map(DatasetVersion::version).orElse(0L);
    }

    @Override
    public String toString()
    {
        return "changes of %s@v%s..v%s".formatted(name, startVersion(), end.version());
    }
}
