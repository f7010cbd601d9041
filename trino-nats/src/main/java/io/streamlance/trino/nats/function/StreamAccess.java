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
package io.streamlance.trino.nats.function;

import com.google.common.collect.ImmutableList;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.schema.InternalColumn;
import io.streamlance.trino.nats.schema.NatsTables;
import io.trino.spi.connector.ColumnSchema;
import io.trino.spi.connector.ConnectorAccessControl;
import io.trino.spi.connector.SchemaTableName;

import java.util.List;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.util.Locale.ENGLISH;

/// A function that reads a stream needs the same rights as a query of the stream's table.
final class StreamAccess
{
    private StreamAccess() {}

    /// Throws when the user may not read the payloads of a stream, as any column may come from there.
    static void checkPayload(ConnectorAccessControl accessControl, String stream)
    {
        checkColumns(accessControl, stream, ImmutableList.of());
    }

    /// Throws when the user may not read the payloads or these columns, or when the table has row filters or column masks, which
    /// the engine does not apply to functions.
    static void checkColumns(ConnectorAccessControl accessControl, String stream, List<NatsColumnHandle> columns)
    {
        SchemaTableName table = new SchemaTableName(NatsTables.STREAMS_SCHEMA, stream);
        List<NatsColumnHandle> read = ImmutableList.<NatsColumnHandle>builder().add(InternalColumn.PAYLOAD.handle()).addAll(columns).build();
        accessControl.checkCanSelectFromColumns(null, table, read.stream().map(StreamAccess::name).collect(toImmutableSet()));
        // throws when there are some
        accessControl.getRowFilters(null, table);
        accessControl.getColumnMasks(null, table, read.stream()
                .map(column -> ColumnSchema.builder().setName(name(column)).setType(column.type()).build())
                .collect(toImmutableList()));
    }

    private static String name(NatsColumnHandle column)
    {
        return column.name().toLowerCase(ENGLISH);
    }
}
