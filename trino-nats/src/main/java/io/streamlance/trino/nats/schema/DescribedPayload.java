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
package io.streamlance.trino.nats.schema;

import com.google.common.collect.ImmutableList;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.NatsColumnHandle.Source;
import io.streamlance.trino.nats.codec.RowDecoders;
import io.streamlance.trino.nats.codec.SchemaColumns;
import io.streamlance.trino.nats.schema.TableDescription.Field;
import io.streamlance.trino.nats.schema.TableDescription.Message;
import io.trino.spi.type.Type;
import io.trino.spi.type.TypeManager;
import io.trino.spi.type.VarbinaryType;
import io.trino.spi.type.VarcharType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

import static com.google.common.base.Throwables.getRootCause;
import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Locale.ENGLISH;

/// The payload of a table as its description says, checked with the decoder that will read it.
record DescribedPayload(PayloadFormat format, List<NatsColumnHandle> columns)
{
    DescribedPayload
    {
        columns = ImmutableList.copyOf(columns);
    }

    /// @param directory where the description is
    /// @throws IllegalArgumentException when the description is wrong
    static DescribedPayload of(Message message, Path directory, TypeManager typeManager)
    {
        PayloadFormat format = new PayloadFormat(
                message.dataFormat(),
                message.dataSchema().map(schema -> readSchema(schema, directory, message.dataFormat())),
                message.messageType(),
                message.delimiter(),
                message.quote());
        List<NatsColumnHandle> columns = switch (message.dataFormat()) {
            case TEXT -> payloadColumn(message, VarcharType.class, typeManager);
            case RAW -> payloadColumn(message, VarbinaryType.class, typeManager);
            case AVRO, PROTOBUF -> message.fields().isEmpty() ? SchemaColumns.derive(format) : fieldColumns(message, typeManager);
            case JSON, CBOR, SMILE, MSGPACK, CSV -> fieldColumns(message, typeManager);
        };
        RowDecoders.create(format, columns);
        return new DescribedPayload(format, columns);
    }

    private static String readSchema(String file, Path directory, DataFormat format)
    {
        try {
            byte[] content = Files.readAllBytes(directory.resolve(file));
            return format == DataFormat.PROTOBUF ? Base64.getEncoder().encodeToString(content) : new String(content, UTF_8);
        }
        catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("message.dataSchema %s cannot be read: %s".formatted(directory.resolve(file), e), e);
        }
    }

    private static List<NatsColumnHandle> fieldColumns(Message message, TypeManager typeManager)
    {
        return message.fields().stream()
                .map(field -> column(field, Source.FIELD, field.mapping().orElse(field.name()), typeManager))
                .collect(toImmutableList());
    }

    private static List<NatsColumnHandle> payloadColumn(Message message, Class<? extends Type> type, TypeManager typeManager)
    {
        String format = message.dataFormat().toJson();
        require(message.fields().size() <= 1, "dataFormat %s has one field, the payload".formatted(format));
        return message.fields().stream()
                .map(field -> {
                    require(field.mapping().isEmpty() && field.dataFormat().isEmpty() && field.formatHint().isEmpty(),
                            "mapping, dataFormat and formatHint of field '%s' do not apply to dataFormat %s".formatted(field.name(), format));
                    NatsColumnHandle column = column(field, Source.PAYLOAD, "", typeManager);
                    require(type.isInstance(column.type()), "field '%s' of dataFormat %s must be %s".formatted(field.name(), format, type == VarcharType.class ? "varchar" : "varbinary"));
                    return column;
                })
                .collect(toImmutableList());
    }

    private static NatsColumnHandle column(Field field, Source source, String mapping, TypeManager typeManager)
    {
        return new NatsColumnHandle(
                field.name().toLowerCase(ENGLISH),
                type(field, typeManager),
                source,
                mapping,
                field.dataFormat(),
                field.formatHint(),
                field.comment());
    }

    private static Type type(Field field, TypeManager typeManager)
    {
        try {
            return typeManager.fromSqlType(field.type());
        }
        catch (RuntimeException e) {
            throw new IllegalArgumentException("'%s', the type of field '%s', is not a type of Trino: %s".formatted(field.type(), field.name(), getRootCause(e).getMessage()), e);
        }
    }

    private static void require(boolean condition, String problem)
    {
        if (!condition) {
            throw new IllegalArgumentException(problem);
        }
    }
}
