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

import com.google.common.collect.ImmutableList;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.codec.SchemaScalars.ValueFormat;
import io.streamlance.trino.nats.codec.limit.MissingFields;
import io.streamlance.trino.nats.codec.limit.ProtobufLimits;
import io.trino.spi.block.BlockBuilder;

import java.io.IOException;
import java.util.List;

import static com.google.common.collect.ImmutableList.toImmutableList;

/// Parses one message and writes the wanted fields.
final class ProtobufRowDecoder
        implements RowDecoder
{
    /// Number of the schema that producers with a schema registry write after a zero byte.
    private static final int REGISTRY_ID_BYTES = 4;

    private final Descriptor descriptor;
    private final ProtobufLimits limits;
    private final MissingFields missingFields = new MissingFields();
    private final List<Column> columns;

    /// @param parents the messages around the field, from the outside
    private record Column(String name, List<FieldDescriptor> parents, FieldDescriptor field, ProtobufValueWriter writer) {}

    /// @throws IllegalArgumentException when a column is not in the message or does not hold its values
    ProtobufRowDecoder(Descriptor descriptor, List<NatsColumnHandle> columns)
    {
        this.descriptor = descriptor;
        this.limits = ProtobufLimits.of(descriptor);
        this.columns = columns.stream().map(column -> column(descriptor, column)).collect(toImmutableList());
    }

    private Column column(Descriptor descriptor, NatsColumnHandle column)
    {
        try {
            List<FieldDescriptor> path = resolve(descriptor, FieldPath.parse(column.mapping()));
            return new Column(
                    column.name(),
                    path.subList(0, path.size() - 1),
                    path.getLast(),
                    ProtobufValueWriters.create(path.getLast(), column.type(), new ValueFormat(column.dataFormat(), column.formatHint()), missingFields));
        }
        catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("field '%s': %s".formatted(column.name(), e.getMessage()), e);
        }
    }

    private static List<FieldDescriptor> resolve(Descriptor descriptor, List<String> path)
    {
        ImmutableList.Builder<FieldDescriptor> fields = ImmutableList.builder();
        Descriptor message = descriptor;
        for (String name : path) {
            FieldDescriptor field = message == null ? null : message.findFieldByName(name);
            if (field == null) {
                throw new IllegalArgumentException("message %s has no field '%s'".formatted(descriptor.getFullName(), String.join("/", path)));
            }
            fields.add(field);
            message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isRepeated() ? field.getMessageType() : null;
        }
        return fields.build();
    }

    @Override
    public void decode(byte[] buffer, int offset, int length, BlockBuilder[] builders)
            throws DecodeException
    {
        missingFields.reset(length);
        Message message = parse(buffer, offset, length);
        for (int i = 0; i < builders.length; i++) {
            write(message, columns.get(i), builders[i]);
        }
    }

    private Message parse(byte[] buffer, int offset, int length)
            throws DecodeException
    {
        try {
            CodedInputStream input = CodedInputStream.newInstance(buffer, offset, length);
            // no field has number 0, so a zero byte can only be the header
            if (length > 0 && buffer[offset] == 0) {
                skipRegistryHeader(input);
            }
            int header = input.getTotalBytesRead();
            limits.check(CodedInputStream.newInstance(buffer, offset + header, length - header));
            return DynamicMessage.parseFrom(descriptor, input);
        }
        catch (DecodeException e) {
            throw e;
        }
        catch (IOException e) {
            throw new DecodeException("the payload is not a message %s: %s".formatted(descriptor.getFullName(), e.getMessage()));
        }
    }

    /// The header ends with the path of the message within its file: its length, then as many indexes.
    private static void skipRegistryHeader(CodedInputStream input)
            throws IOException
    {
        input.skipRawBytes(1 + REGISTRY_ID_BYTES);
        int indexes = input.readSInt32();
        for (int i = 0; i < indexes; i++) {
            input.readSInt32();
        }
    }

    private static void write(Message message, Column column, BlockBuilder builder)
            throws DecodeException
    {
        Message parent = message;
        for (FieldDescriptor field : column.parents()) {
            if (!parent.hasField(field)) {
                builder.appendNull();
                return;
            }
            parent = (Message) parent.getField(field);
        }
        try {
            ProtobufValueWriters.writeField(parent, column.field(), column.writer(), builder);
        }
        catch (DecodeException e) {
            throw new DecodeException("column '%s': %s".formatted(column.name(), e.getMessage()));
        }
    }
}
