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
package io.streamlance.trino.nats.codec;

import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.schema.PayloadFormat;
import io.trino.spi.type.Type;

import java.util.List;
import java.util.function.Supplier;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Locale.ENGLISH;

/// Columns of a table whose description has a schema but no fields.
public final class SchemaColumns
{
    private SchemaColumns() {}

    /// One column per field of the schema.
    ///
    /// @throws IllegalArgumentException when a field has no SQL type
    public static List<NatsColumnHandle> derive(PayloadFormat format)
    {
        String schema = format.schema().orElseThrow();
        return switch (format.dataFormat()) {
            case AVRO -> AvroSchemas.parse(schema).getFields().stream()
                    .map(field -> column(field.name(), () -> AvroSchemas.type(field.schema())))
                    .collect(toImmutableList());
            case PROTOBUF -> ProtobufSchemas.parse(schema, format.messageType().orElseThrow()).getFields().stream()
                    .map(field -> column(field.getName(), () -> ProtobufSchemas.type(field)))
                    .collect(toImmutableList());
            default -> throw new IllegalArgumentException("no schema in " + format.dataFormat());
        };
    }

    private static NatsColumnHandle column(String field, Supplier<Type> type)
    {
        try {
            return NatsColumnHandle.field(field.toLowerCase(ENGLISH), type.get(), FieldPath.ofName(field));
        }
        catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("field '%s' of the schema: %s. Name the wanted columns in message.fields".formatted(field, e.getMessage()), e);
        }
    }
}
