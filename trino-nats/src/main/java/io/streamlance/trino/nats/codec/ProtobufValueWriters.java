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

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.airlift.slice.Slices;
import io.streamlance.trino.nats.codec.SchemaScalars.ScalarWriter;
import io.streamlance.trino.nats.codec.SchemaScalars.ValueFormat;
import io.streamlance.trino.nats.codec.limit.MissingFields;
import io.trino.spi.block.ArrayBlockBuilder;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.block.MapBlockBuilder;
import io.trino.spi.block.RowBlockBuilder;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.MapType;
import io.trino.spi.type.RowType;
import io.trino.spi.type.Type;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which writer serves which field of a message and SQL type.
final class ProtobufValueWriters
{
    private ProtobufValueWriters() {}

    /// @throws IllegalArgumentException when the type does not hold values of the field
    static ProtobufValueWriter create(FieldDescriptor field, Type type, ValueFormat format, MissingFields missingFields)
    {
        if (field.isMapField()) {
            requireDefault(format, type);
            return map(field, type, missingFields);
        }
        if (!field.isRepeated()) {
            return value(field, type, format, missingFields);
        }
        requireDefault(format, type);
        if (!(type instanceof ArrayType array)) {
            throw mismatch(field, type);
        }
        ProtobufValueWriter element = value(field, array.getElementType(), ValueFormat.DEFAULT, missingFields);
        return (value, builder) -> ((ArrayBlockBuilder) builder).buildEntry(elements -> {
            for (Object item : (List<?>) value) {
                element.write(item, elements);
            }
        });
    }

    /// A null when the message does not have the field and the field knows that.
    static void writeField(Message message, FieldDescriptor field, ProtobufValueWriter writer, BlockBuilder builder)
            throws DecodeException
    {
        if (field.hasPresence() && !message.hasField(field)) {
            builder.appendNull();
        }
        else {
            writer.write(message.getField(field), builder);
        }
    }

    private static boolean isMissing(Message message, FieldDescriptor field)
    {
        return field.isRepeated() ? message.getRepeatedFieldCount(field) == 0 : !message.hasField(field);
    }

    private static ProtobufValueWriter map(FieldDescriptor field, Type type, MissingFields missingFields)
    {
        if (!(type instanceof MapType mapType)) {
            throw mismatch(field, type);
        }
        FieldDescriptor keyField = field.getMessageType().getFields().get(0);
        FieldDescriptor valueField = field.getMessageType().getFields().get(1);
        // another type of key could make one of two
        if (!mapType.getKeyType().equals(ProtobufSchemas.valueType(keyField))) {
            throw new IllegalArgumentException("the key of the map must be " + ProtobufSchemas.valueType(keyField).getDisplayName());
        }
        ProtobufValueWriter keyWriter = value(keyField, mapType.getKeyType(), ValueFormat.DEFAULT, missingFields);
        ProtobufValueWriter valueWriter = value(valueField, mapType.getValueType(), ValueFormat.DEFAULT, missingFields);
        return (value, builder) -> {
            // of entries with the same key the last one counts
            Map<Object, Object> entries = new LinkedHashMap<>();
            for (Object entry : (List<?>) value) {
                entries.put(((Message) entry).getField(keyField), ((Message) entry).getField(valueField));
            }
            ((MapBlockBuilder) builder).buildEntry((keys, values) -> {
                for (Map.Entry<Object, Object> entry : entries.entrySet()) {
                    keyWriter.write(entry.getKey(), keys);
                    valueWriter.write(entry.getValue(), values);
                }
            });
        };
    }

    /// One value of the field, which may be repeated.
    private static ProtobufValueWriter value(FieldDescriptor field, Type type, ValueFormat format, MissingFields missingFields)
    {
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            Descriptor message = field.getMessageType();
            if (ProtobufSchemas.isWrapper(message)) {
                FieldDescriptor wrapped = message.getFields().getFirst();
                ProtobufValueWriter writer = value(wrapped, type, format, missingFields);
                return (value, builder) -> writer.write(((Message) value).getField(wrapped), builder);
            }
            if (!ProtobufSchemas.isTimestamp(message)) {
                requireDefault(format, type);
                return row(field, type, missingFields);
            }
        }
        ScalarWriter writer = SchemaScalars.create(ProtobufSchemas.valueType(field), type, format);
        return (value, builder) -> writer.write(scalar(field, value), builder);
    }

    private static ProtobufValueWriter row(FieldDescriptor field, Type type, MissingFields missingFields)
    {
        if (!(type instanceof RowType row)) {
            throw mismatch(field, type);
        }
        List<FieldDescriptor> fields = field.getMessageType().getFields();
        int[] positions = new SchemaRow(row).positions(fields.stream().map(FieldDescriptor::getName).toList());
        ProtobufValueWriter[] writers = new ProtobufValueWriter[fields.size()];
        for (int i = 0; i < writers.length; i++) {
            writers[i] = positions[i] < 0 ? null : create(fields.get(i), row.getFields().get(positions[i]).getType(), ValueFormat.DEFAULT, missingFields);
        }
        return (value, builder) -> ((RowBlockBuilder) builder).buildEntry(builders -> {
            for (int i = 0; i < writers.length; i++) {
                if (writers[i] != null) {
                    if (isMissing((Message) value, fields.get(i))) {
                        missingFields.add();
                    }
                    writeField((Message) value, fields.get(i), writers[i], builders.get(positions[i]));
                }
            }
        });
    }

    /// The value as [SchemaScalars] takes it.
    private static Object scalar(FieldDescriptor field, Object value)
            throws DecodeException
    {
        return switch (field.getType()) {
            case UINT32, FIXED32 -> Integer.toUnsignedLong((int) value);
            case INT32, SINT32, SFIXED32 -> (long) (int) value;
            case UINT64, FIXED64 -> unsigned((long) value);
            case STRING -> Slices.utf8Slice((String) value);
            case BYTES -> Slices.wrappedBuffer(((ByteString) value).toByteArray());
            case ENUM -> Slices.utf8Slice(enumName((EnumValueDescriptor) value));
            case MESSAGE -> timestamp((Message) value);
            default -> value;
        };
    }

    private static BigDecimal unsigned(long value)
    {
        return value >= 0 ? BigDecimal.valueOf(value) : new BigDecimal(new BigInteger(Long.toUnsignedString(value)));
    }

    /// The number when the schema does not know it yet.
    private static String enumName(EnumValueDescriptor value)
    {
        return value.getIndex() < 0 ? String.valueOf(value.getNumber()) : value.getName();
    }

    private static LocalDateTime timestamp(Message message)
            throws DecodeException
    {
        long seconds = (long) message.getField(message.getDescriptorForType().findFieldByName("seconds"));
        int nanos = (int) message.getField(message.getDescriptorForType().findFieldByName("nanos"));
        try {
            return LocalDateTime.ofEpochSecond(seconds, nanos, ZoneOffset.UTC);
        }
        catch (DateTimeException e) {
            throw new DecodeException("%s seconds and %s nanoseconds are not a timestamp".formatted(seconds, nanos));
        }
    }

    private static void requireDefault(ValueFormat format, Type type)
    {
        if (!format.isDefault()) {
            throw new IllegalArgumentException("dataFormat and formatHint do not apply to " + type.getDisplayName());
        }
    }

    private static IllegalArgumentException mismatch(FieldDescriptor field, Type type)
    {
        return new IllegalArgumentException("type %s does not hold values that the schema has as %s".formatted(
                type.getDisplayName(),
                field.isMapField() ? "map" : field.isRepeated() ? "array" : "message"));
    }
}
