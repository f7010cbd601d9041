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
package io.streamlance.trino.nats.system;

import com.google.common.collect.ImmutableList;
import com.google.inject.Inject;
import io.streamlance.trino.nats.schema.NatsTables;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.procedure.Procedure;
import io.trino.spi.procedure.Procedure.Argument;
import jakarta.annotation.Nullable;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Optional;

import static io.streamlance.trino.nats.schema.NatsTables.STREAMS_SCHEMA;
import static io.trino.spi.StandardErrorCode.INVALID_PROCEDURE_ARGUMENT;
import static io.trino.spi.StandardErrorCode.SCHEMA_NOT_FOUND;
import static io.trino.spi.StandardErrorCode.TABLE_NOT_FOUND;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.lang.invoke.MethodHandles.lookup;
import static java.lang.invoke.MethodType.methodType;
import static java.util.Locale.ENGLISH;
import static java.util.Objects.requireNonNull;

/// `CALL system.refresh_schema(schema_name, table_name)`: forgets inferred columns, so that the next query infers them again.
public final class RefreshSchemaProcedure
{
    private static final MethodHandle REFRESH = refreshMethod(lookup());

    private final NatsTables tables;

    @Inject
    public RefreshSchemaProcedure(NatsTables tables)
    {
        this.tables = requireNonNull(tables, "tables is null");
    }

    Procedure create()
    {
        return new Procedure(
                NatsSystemTable.SCHEMA,
                "refresh_schema",
                ImmutableList.of(
                        new Argument("SCHEMA_NAME", VARCHAR, false, null),
                        new Argument("TABLE_NAME", VARCHAR, false, null)),
                REFRESH.bindTo(this));
    }

    public void refresh(@Nullable String schemaName, @Nullable String tableName)
    {
        if (schemaName == null) {
            if (tableName != null) {
                throw new TrinoException(INVALID_PROCEDURE_ARGUMENT, "table_name needs schema_name");
            }
            tables.refresh(Optional.empty());
            return;
        }
        String schema = schemaName.toLowerCase(ENGLISH);
        if (!tables.schemaNames().contains(schema)) {
            throw new TrinoException(SCHEMA_NOT_FOUND, "Schema '%s' does not exist, or has no columns to infer".formatted(schemaName));
        }
        if (tableName != null) {
            refreshTable(new SchemaTableName(schema, tableName));
        }
        else if (schema.equals(STREAMS_SCHEMA)) {
            tables.refresh(Optional.empty());
        }
    }

    private void refreshTable(SchemaTableName table)
    {
        if (tables.isDescribed(table)) {
            throw new TrinoException(INVALID_PROCEDURE_ARGUMENT, "Table '%s' is described by a file, which is read when the catalog starts: nothing is inferred".formatted(table));
        }
        if (!tables.exists(table)) {
            throw new TrinoException(TABLE_NOT_FOUND, "Table '%s' does not exist".formatted(table));
        }
        tables.refresh(Optional.of(table.getTableName()));
    }

    private static MethodHandle refreshMethod(MethodHandles.Lookup lookup)
    {
        try {
            return lookup.findVirtual(RefreshSchemaProcedure.class, "refresh", methodType(void.class, String.class, String.class));
        }
        catch (ReflectiveOperationException e) {
            throw new LinkageError("refresh is a method of this class", e);
        }
    }
}
