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
import com.google.inject.Inject;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.predicate.SubjectPattern;
import io.streamlance.trino.nats.schema.DataFormat;
import io.streamlance.trino.nats.schema.InternalColumn;
import io.streamlance.trino.nats.schema.NatsTable;
import io.streamlance.trino.nats.schema.NatsTables;
import io.streamlance.trino.nats.schema.StreamFinder;
import io.streamlance.trino.nats.schema.TableDescription;
import io.streamlance.trino.nats.schema.TableDescription.Field;
import io.streamlance.trino.nats.system.NatsSystemTable;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.ConnectorAccessControl;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.function.table.AbstractConnectorTableFunction;
import io.trino.spi.function.table.Argument;
import io.trino.spi.function.table.Descriptor;
import io.trino.spi.function.table.DescriptorArgument;
import io.trino.spi.function.table.DescriptorArgumentSpecification;
import io.trino.spi.function.table.ScalarArgumentSpecification;
import io.trino.spi.function.table.TableFunctionAnalysis;
import io.trino.spi.type.Type;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.airlift.slice.Slices.utf8Slice;
import static io.streamlance.trino.nats.function.FunctionArguments.check;
import static io.streamlance.trino.nats.function.FunctionArguments.optional;
import static io.streamlance.trino.nats.function.FunctionArguments.subject;
import static io.streamlance.trino.nats.function.FunctionArguments.text;
import static io.trino.spi.StandardErrorCode.INVALID_FUNCTION_ARGUMENT;
import static io.trino.spi.function.table.ReturnTypeSpecification.GenericTable.GENERIC_TABLE;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.util.Locale.ENGLISH;
import static java.util.Objects.requireNonNull;

/// `read_subject(subject, columns, format, stream)`: the messages of a subject with columns that the query says.
public final class ReadSubjectFunction
        extends AbstractConnectorTableFunction
{
    private static final String NAME = "read_subject";
    private static final List<InternalColumn> DEFAULT_INTERNAL_COLUMNS = ImmutableList.of(InternalColumn.SUBJECT, InternalColumn.SEQUENCE, InternalColumn.TIMESTAMP);

    private final StreamFinder streamFinder;
    private final NatsTables tables;

    @Inject
    public ReadSubjectFunction(StreamFinder streamFinder, NatsTables tables)
    {
        super(NatsSystemTable.SCHEMA,
                NAME,
                ImmutableList.of(
                        ScalarArgumentSpecification.builder().name("SUBJECT").type(VARCHAR).build(),
                        DescriptorArgumentSpecification.builder().name("COLUMNS").defaultValue(null).build(),
                        optional("FORMAT", VARCHAR, utf8Slice("json")),
                        optional("STREAM", VARCHAR, null)),
                GENERIC_TABLE,
                "Messages of a subject");
        this.streamFinder = requireNonNull(streamFinder, "streamFinder is null");
        this.tables = requireNonNull(tables, "tables is null");
    }

    @Override
    public TableFunctionAnalysis analyze(ConnectorSession session, ConnectorTransactionHandle transaction, Map<String, Argument> arguments, ConnectorAccessControl accessControl)
    {
        SubjectPattern subject = subject(arguments).orElseThrow(() -> new TrinoException(INVALID_FUNCTION_ARGUMENT, "subject is required"));
        String stream = text(arguments, "STREAM").map(streamFinder::byName).orElseGet(() -> streamFinder.bySubject(subject));
        StreamAccess.checkPayload(accessControl, stream);
        SchemaTableName name = new SchemaTableName(NatsSystemTable.SCHEMA, "%s(%s)".formatted(NAME, subject));
        Optional<Descriptor> descriptor = ((DescriptorArgument) arguments.get("COLUMNS")).getDescriptor();
        ReadSubjectHandle handle = descriptor
                .map(columns -> declared(name, stream, subject, format(arguments), columns))
                .orElseGet(() -> inferred(name, stream, subject));
        StreamAccess.checkColumns(accessControl, stream, handle.columns());
        return TableFunctionAnalysis.builder()
                .returnedType(Descriptor.descriptor(
                        handle.columns().stream().map(NatsColumnHandle::name).collect(toImmutableList()),
                        handle.columns().stream().map(NatsColumnHandle::type).collect(toImmutableList())))
                .handle(handle)
                .build();
    }

    private static DataFormat format(Map<String, Argument> arguments)
    {
        try {
            return DataFormat.fromJson(text(arguments, "FORMAT").orElseThrow(() -> new TrinoException(INVALID_FUNCTION_ARGUMENT, "format is null")));
        }
        catch (IllegalArgumentException e) {
            throw new TrinoException(INVALID_FUNCTION_ARGUMENT, e.getMessage(), e);
        }
    }

    private ReadSubjectHandle inferred(SchemaTableName name, String stream, SubjectPattern subject)
    {
        NatsTable table = tables.inferred(name, stream, subject);
        return new ReadSubjectHandle(table, Stream.concat(table.columns().stream(), DEFAULT_INTERNAL_COLUMNS.stream().map(InternalColumn::handle)).toList());
    }

    /// A declared column with the name of a hidden one is that one.
    private ReadSubjectHandle declared(SchemaTableName name, String stream, SubjectPattern subject, DataFormat format, Descriptor descriptor)
    {
        List<Optional<InternalColumn>> internal = new ArrayList<>();
        ImmutableList.Builder<Field> fields = ImmutableList.builder();
        for (Descriptor.Field column : descriptor.getFields()) {
            String columnName = fieldName(column.getName().orElseThrow(() -> new TrinoException(INVALID_FUNCTION_ARGUMENT, "a column has no name")));
            Type type = column.getType().orElseThrow(() -> new TrinoException(INVALID_FUNCTION_ARGUMENT, "column '%s' has no type".formatted(columnName)));
            Optional<InternalColumn> hidden = Stream.of(InternalColumn.values()).filter(value -> value.columnName().equals(columnName.toLowerCase(ENGLISH))).findFirst();
            hidden.ifPresent(value -> check(value.handle().type().equals(type), "column '%s' is of type %s".formatted(columnName, value.handle().type().getDisplayName())));
            internal.add(hidden);
            if (hidden.isEmpty()) {
                fields.add(new Field(columnName, Optional.empty(), type.getTypeId().getId(), Optional.empty(), Optional.empty(), Optional.empty()));
            }
        }
        NatsTable table;
        try {
            table = tables.declared(name, stream, subject, new TableDescription.Message(format, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), fields.build()));
        }
        catch (IllegalArgumentException e) {
            throw new TrinoException(INVALID_FUNCTION_ARGUMENT, e.getMessage(), e);
        }
        ImmutableList.Builder<NatsColumnHandle> columns = ImmutableList.builder();
        List<NatsColumnHandle> payload = new ArrayList<>(table.columns());
        internal.forEach(hidden -> columns.add(hidden.map(InternalColumn::handle).orElseGet(payload::removeFirst)));
        return new ReadSubjectHandle(table, columns.build());
    }

    /// Names without quotes come in upper case, fields of messages mostly are in lower case.
    private static String fieldName(String name)
    {
        return name.equals(name.toUpperCase(ENGLISH)) ? name.toLowerCase(ENGLISH) : name;
    }
}
