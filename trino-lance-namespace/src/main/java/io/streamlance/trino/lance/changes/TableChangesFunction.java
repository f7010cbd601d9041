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
import com.google.common.collect.ImmutableSet;
import com.google.inject.Inject;
import io.airlift.slice.Slice;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.LanceMetadata;
import io.streamlance.trino.lance.LanceTable;
import io.streamlance.trino.lance.LanceTransactions;
import io.streamlance.trino.lance.TableVersion;
import io.streamlance.trino.lance.dataset.DatasetVersion;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.ColumnSchema;
import io.trino.spi.connector.ConnectorAccessControl;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.connector.TableNotFoundException;
import io.trino.spi.function.table.AbstractConnectorTableFunction;
import io.trino.spi.function.table.Argument;
import io.trino.spi.function.table.Descriptor;
import io.trino.spi.function.table.ScalarArgument;
import io.trino.spi.function.table.ScalarArgumentSpecification;
import io.trino.spi.function.table.TableFunctionAnalysis;
import io.trino.spi.type.Type;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static io.trino.spi.StandardErrorCode.INVALID_FUNCTION_ARGUMENT;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
import static io.trino.spi.function.table.ReturnTypeSpecification.GenericTable.GENERIC_TABLE;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.util.Locale.ENGLISH;
import static java.util.Objects.requireNonNull;

/// `system.table_changes(schema_name, table_name, start_version, end_version)`: the rows that the versions after the start,
/// up to the end, have inserted, updated and deleted.
public class TableChangesFunction
        extends AbstractConnectorTableFunction
{
    private static final String SCHEMA_NAME = "SCHEMA_NAME";
    private static final String TABLE_NAME = "TABLE_NAME";
    private static final String START_VERSION = "START_VERSION";
    private static final String END_VERSION = "END_VERSION";

    private final LanceTransactions transactions;

    @Inject
    public TableChangesFunction(LanceTransactions transactions)
    {
        super("system",
                "table_changes",
                ImmutableList.of(argument(SCHEMA_NAME, VARCHAR), argument(TABLE_NAME, VARCHAR), argument(START_VERSION, BIGINT), argument(END_VERSION, BIGINT)),
                GENERIC_TABLE,
                "");
        this.transactions = requireNonNull(transactions, "transactions is null");
    }

    @Override
    public TableFunctionAnalysis analyze(ConnectorSession session, ConnectorTransactionHandle transaction, Map<String, Argument> arguments, ConnectorAccessControl accessControl)
    {
        SchemaTableName name = new SchemaTableName(
                ((Slice) value(arguments, SCHEMA_NAME)).toStringUtf8(),
                ((Slice) value(arguments, TABLE_NAME)).toStringUtf8());
        long start = (long) value(arguments, START_VERSION);
        long end = (long) value(arguments, END_VERSION);
        if (start < 0 || end <= start) {
            throw new TrinoException(INVALID_FUNCTION_ARGUMENT, "table_changes of table %s cannot go from version %s to version %s: start_version is 0 or a version, and end_version is a later one".formatted(name, start, end));
        }
        // before errors tell which versions and columns there are
        accessControl.checkCanSelectFromColumns(null, name, Optional.empty(), ImmutableSet.of());
        LanceMetadata metadata = transactions.get(transaction);
        LanceTable table = find(metadata, name, end);
        List<LanceColumnHandle> columns = columns(name, table);
        accessControl.checkCanSelectFromColumns(null, name, Optional.empty(), columns.stream()
                .map(LanceColumnHandle::trinoName)
                .collect(toImmutableSet()));
        checkNotFiltered(accessControl, name, columns);
        Optional<DatasetVersion> startVersion = start == 0 ? Optional.empty() : Optional.of(find(metadata, name, start).version());
        return TableFunctionAnalysis.builder()
                .returnedType(new Descriptor(columns.stream()
                        .map(column -> new Descriptor.Field(column.trinoName(), Optional.of(column.type())))
                        .collect(toImmutableList())))
                .handle(new TableChangesHandle(name, startVersion, table.version(), columns))
                .build();
    }

    /// The engine does not apply row filters and column masks to functions. Asked for them there, it throws if there are some.
    private static void checkNotFiltered(ConnectorAccessControl accessControl, SchemaTableName name, List<LanceColumnHandle> columns)
    {
        accessControl.getRowFilters(null, name);
        accessControl.getColumnMasks(null, name, columns.stream()
                .map(column -> ColumnSchema.builder().setName(column.trinoName()).setType(column.type()).build())
                .collect(toImmutableList()));
    }

    private static LanceTable find(LanceMetadata metadata, SchemaTableName name, long version)
    {
        return metadata.findTable(name, new TableVersion.Number(version)).orElseThrow(() -> new TableNotFoundException(name));
    }

    private static List<LanceColumnHandle> columns(SchemaTableName name, LanceTable table)
    {
        List<LanceColumnHandle> columns = table.columns().stream()
                .map(LanceTable.Column::handle)
                .collect(toImmutableList());
        List<LanceColumnHandle> changeColumns = Stream.of(ChangeColumn.values())
                .map(ChangeColumn::handle)
                .collect(toImmutableList());
        changeColumns.forEach(change -> {
            if (columns.stream().anyMatch(column -> column.trinoName().equals(change.trinoName()))) {
                throw new TrinoException(NOT_SUPPORTED, "Table %s has a column %s itself, so its changes have no place for the one of table_changes. Rename the column".formatted(name, change.name()));
            }
        });
        return ImmutableList.<LanceColumnHandle>builder().addAll(columns).addAll(changeColumns).build();
    }

    private static ScalarArgumentSpecification argument(String name, Type type)
    {
        return ScalarArgumentSpecification.builder().name(name).type(type).build();
    }

    private static Object value(Map<String, Argument> arguments, String name)
    {
        Object value = ((ScalarArgument) arguments.get(name)).getValue();
        if (value == null) {
            throw new TrinoException(INVALID_FUNCTION_ARGUMENT, "The argument %s of table_changes is NULL".formatted(name.toLowerCase(ENGLISH)));
        }
        return value;
    }
}
