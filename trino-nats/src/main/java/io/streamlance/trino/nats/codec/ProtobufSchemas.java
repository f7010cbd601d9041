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

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.MapType;
import io.trino.spi.type.RowType;
import io.trino.spi.type.Type;
import io.trino.spi.type.TypeOperators;

import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.BooleanType.BOOLEAN;
import static io.trino.spi.type.DecimalType.createDecimalType;
import static io.trino.spi.type.DoubleType.DOUBLE;
import static io.trino.spi.type.IntegerType.INTEGER;
import static io.trino.spi.type.RealType.REAL;
import static io.trino.spi.type.TimestampType.TIMESTAMP_NANOS;
import static io.trino.spi.type.VarbinaryType.VARBINARY;
import static io.trino.spi.type.VarcharType.VARCHAR;

/// Message types of descriptor sets, and the SQL types of their fields.
final class ProtobufSchemas
{
    private static final TypeOperators TYPE_OPERATORS = new TypeOperators();
    private static final Type UINT64 = createDecimalType(20, 0);

    private ProtobufSchemas() {}

    /// @param descriptorSet in base64
    /// @param messageType full name
    /// @throws IllegalArgumentException when the set is broken or has no such message
    static Descriptor parse(String descriptorSet, String messageType)
    {
        FileDescriptorSet set;
        try {
            set = FileDescriptorSet.parseFrom(Base64.getDecoder().decode(descriptorSet));
        }
        catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("message.dataSchema is not a descriptor set, as protoc --descriptor_set_out writes: " + e.getMessage(), e);
        }
        Map<String, FileDescriptorProto> files = new HashMap<>();
        set.getFileList().forEach(file -> files.put(file.getName(), file));
        Map<String, FileDescriptor> built = new HashMap<>();
        for (FileDescriptorProto file : set.getFileList()) {
            for (Descriptor message : build(file, files, built, new HashSet<>()).getMessageTypes()) {
                Descriptor found = find(message, messageType);
                if (found != null) {
                    return found;
                }
            }
        }
        throw new IllegalArgumentException("message.messageType '%s' is not in the descriptor set, which has the files %s".formatted(messageType, files.keySet()));
    }

    private static Descriptor find(Descriptor message, String name)
    {
        if (message.getFullName().equals(name)) {
            return message;
        }
        return message.getNestedTypes().stream()
                .map(nested -> find(nested, name))
                .filter(found -> found != null)
                .findFirst()
                .orElse(null);
    }

    private static FileDescriptor build(FileDescriptorProto file, Map<String, FileDescriptorProto> files, Map<String, FileDescriptor> built, Set<String> importing)
    {
        FileDescriptor known = built.get(file.getName());
        if (known != null) {
            return known;
        }
        if (!importing.add(file.getName())) {
            throw new IllegalArgumentException("message.dataSchema has file %s, which imports itself".formatted(file.getName()));
        }
        FileDescriptor[] dependencies = file.getDependencyList().stream()
                .map(name -> {
                    FileDescriptorProto dependency = files.get(name);
                    if (dependency == null) {
                        throw new IllegalArgumentException("message.dataSchema lacks %s, which %s imports. Write the set with protoc --include_imports".formatted(name, file.getName()));
                    }
                    return build(dependency, files, built, importing);
                })
                .toArray(FileDescriptor[]::new);
        try {
            FileDescriptor descriptor = FileDescriptor.buildFrom(file, dependencies);
            built.put(file.getName(), descriptor);
            return descriptor;
        }
        catch (DescriptorValidationException e) {
            throw new IllegalArgumentException("message.dataSchema is not valid: " + e.getMessage(), e);
        }
    }

    /// The type that holds every value of the field.
    ///
    /// @throws IllegalArgumentException when there is none
    static Type type(FieldDescriptor field)
    {
        return type(field, new HashSet<>());
    }

    /// @param enclosing messages around this field
    private static Type type(FieldDescriptor field, Set<Descriptor> enclosing)
    {
        if (field.isMapField()) {
            List<FieldDescriptor> entry = field.getMessageType().getFields();
            return new MapType(valueType(entry.get(0), enclosing), valueType(entry.get(1), enclosing), TYPE_OPERATORS);
        }
        Type type = valueType(field, enclosing);
        return field.isRepeated() ? new ArrayType(type) : type;
    }

    /// The type of one value of the field, which may be repeated.
    static Type valueType(FieldDescriptor field)
    {
        return valueType(field, new HashSet<>());
    }

    private static Type valueType(FieldDescriptor field, Set<Descriptor> enclosing)
    {
        return switch (field.getType()) {
            case BOOL -> BOOLEAN;
            case INT32, SINT32, SFIXED32 -> INTEGER;
            case UINT32, FIXED32, INT64, SINT64, SFIXED64 -> BIGINT;
            case UINT64, FIXED64 -> UINT64;
            case FLOAT -> REAL;
            case DOUBLE -> DOUBLE;
            case STRING, ENUM -> VARCHAR;
            case BYTES -> VARBINARY;
            case MESSAGE, GROUP -> messageType(field.getMessageType(), enclosing);
        };
    }

    private static Type messageType(Descriptor message, Set<Descriptor> enclosing)
    {
        if (isTimestamp(message)) {
            return TIMESTAMP_NANOS;
        }
        if (isWrapper(message)) {
            return valueType(message.getFields().getFirst(), enclosing);
        }
        if (message.getFields().isEmpty()) {
            throw new IllegalArgumentException("message %s has no fields".formatted(message.getFullName()));
        }
        if (!enclosing.add(message)) {
            throw new IllegalArgumentException("message %s contains itself".formatted(message.getFullName()));
        }
        Type type = RowType.from(message.getFields().stream()
                .map(field -> RowType.field(field.getName(), type(field, enclosing)))
                .collect(toImmutableList()));
        enclosing.remove(message);
        return type;
    }

    static boolean isTimestamp(Descriptor message)
    {
        return message.getFullName().equals("google.protobuf.Timestamp");
    }

    /// Messages around one scalar, which say that it may be null.
    static boolean isWrapper(Descriptor message)
    {
        return message.getFile().getName().equals("google/protobuf/wrappers.proto");
    }
}
