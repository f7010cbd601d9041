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

import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.schema.NatsTable;
import io.trino.spi.function.table.ConnectorTableFunctionHandle;

import java.util.List;

import static java.util.Objects.requireNonNull;

/// @param columns of the result, hidden ones of the table among them
public record ReadSubjectHandle(NatsTable table, List<NatsColumnHandle> columns)
        implements ConnectorTableFunctionHandle
{
    public ReadSubjectHandle
    {
        requireNonNull(table, "table is null");
        requireNonNull(columns, "columns is null");
    }
}
