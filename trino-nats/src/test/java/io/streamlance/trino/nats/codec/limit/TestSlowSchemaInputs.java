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
package io.streamlance.trino.nats.codec.limit;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.codec.RowDecoders;
import io.streamlance.trino.nats.codec.SchemaColumns;
import io.streamlance.trino.nats.schema.DataFormat;
import io.streamlance.trino.nats.schema.PayloadFormat;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import static io.streamlance.trino.nats.codec.limit.SlowInputs.bytes;
import static io.streamlance.trino.nats.codec.limit.SlowInputs.repeat;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.DecimalType.createDecimalType;
import static io.trino.spi.type.VarcharType.VARCHAR;

/// Like [TestSlowInputs] for the formats with a schema.
final class TestSlowSchemaInputs
{
    private static final int SIZE = Integer.getInteger("streamlance.slow-input-size", 50_000);
    static final String AVRO =
            """
            {"type": "record", "name": "R", "fields": [
              {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 30, "scale": 4}},
              {"name": "text", "type": "string"},
              {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
              {"name": "map", "type": {"type": "map", "values": "int"}},
              {"name": "list", "type": {"type": "array", "items": {"type": "record", "name": "E", "fields": [{"name": "n", "type": ["null", "int"]}]}}},
              {"name": "nothing", "type": {"type": "array", "items": {"type": "enum", "name": "One", "symbols": ["A"]}}}]}
            """;
    private static final String AVRO_TREE =
            """
            {"type": "record", "name": "R", "fields": [
              {"name": "tree", "type": ["null", {"type": "record", "name": "T", "fields": [{"name": "all", "type": {"type": "array", "items": "T"}}, {"name": "next", "type": ["null", "T"]}]}]},
              {"name": "id", "type": "long"}]}
            """;
    private static final FileDescriptorProto PROTOBUF = FileDescriptorProto.newBuilder()
            .setName("slow.proto")
            .setSyntax("proto3")
            .addMessageType(wide())
            .addMessageType(DescriptorProto.newBuilder().setName("Inner")
                    .addField(field("text", 1, Type.TYPE_STRING))
                    .addField(field("numbers", 3, Type.TYPE_INT64).toBuilder().setLabel(Label.LABEL_REPEATED)))
            .addMessageType(DescriptorProto.newBuilder().setName("Outer")
                    .addField(field("text", 1, Type.TYPE_STRING))
                    .addField(message("inner", 2, ".Inner"))
                    .addField(field("numbers", 3, Type.TYPE_INT64).toBuilder().setLabel(Label.LABEL_REPEATED))
                    .addField(message("many", 4, ".Wide").toBuilder().setLabel(Label.LABEL_REPEATED))
                    .addField(message("map", 5, ".Outer.MapEntry").toBuilder().setLabel(Label.LABEL_REPEATED))
                    .addNestedType(DescriptorProto.newBuilder().setName("MapEntry")
                            .addField(field("key", 1, Type.TYPE_STRING))
                            .addField(field("value", 2, Type.TYPE_INT64))
                            .setOptions(MessageOptions.newBuilder().setMapEntry(true))))
            .build();

    private final long limit = DecodeCost.limitNanosPerByte();
    private final SlowInputResults results = new SlowInputResults(limit);

    @Test
    void testAvro()
            throws IOException
    {
        PayloadFormat format = avro(AVRO);
        byte[] length = varint(2L * SIZE);
        NatsColumnHandle price = NatsColumnHandle.field("price", createDecimalType(38, 4), "price");
        NatsColumnHandle text = NatsColumnHandle.field("text", VARCHAR, "text");
        check(format, "a long decimal", bytes(length, repeat(bytes(0x7F), SIZE)), price);
        check(format, "a long decimal of zeros", bytes(length, repeat(bytes(0), SIZE)), price);
        check(format, "a text that is not UTF-8", bytes(0, length, repeat(bytes(0xFF), SIZE)), text);
        check(format, "a text that never comes", bytes(0, varint(Long.MAX_VALUE), 1), text);
        check(format, "a long UUID", bytes(0, 0, length, repeat(bytes("1-1-1"), SIZE / 5)), NatsColumnHandle.field("id", VARCHAR, "id"));
        for (NatsColumnHandle column : SchemaColumns.derive(format)) {
            check(format, "entries that never come", bytes(0, 0, 0, varint(Long.MAX_VALUE)), column);
            check(format, "blocks of a map", bytes(0, 0, 0, repeat(bytes(2, 2, "k", 2), SIZE / 4), 0), column);
            check(format, "elements without bytes", bytes(0, 0, 0, 0, repeat(varint(100_000), SIZE / 3)), column);
            check(format, "a negative block", bytes(0, 0, 0, 0, varint(Long.MIN_VALUE), 1), column);
            check(format, "arrays", bytes(0, 0, 0, 0, varint(SIZE), repeat(bytes(0), SIZE), 0, 0), column);
        }
        PayloadFormat tree = avro(AVRO_TREE);
        NatsColumnHandle id = NatsColumnHandle.field("id", BIGINT, "id");
        check(tree, "nested records", bytes(repeat(bytes(2), SIZE)), id);
        check(tree, "nested arrays", bytes(repeat(bytes(0, 2), SIZE / 2)), id);
        results.report();
    }

    @Test
    void testProtobuf()
            throws IOException
    {
        PayloadFormat format = protobuf();
        for (NatsColumnHandle column : SchemaColumns.derive(format)) {
            check(format, "empty messages", repeat(bytes(0x22, 0), SIZE / 2), column);
            check(format, "numbers", repeat(bytes(0x18, 1), SIZE / 2), column);
            check(format, "entries of a map", repeat(bytes(0x2A, 0), SIZE / 2), column);
            check(format, "unknown fields", repeat(bytes(0xF8, 0x7F, 1), SIZE / 3), column);
            check(format, "unknown groups", repeat(bytes(0xF3, 0x7F), SIZE / 2), column);
            check(format, "a message in parts", repeat(bytes(0x12, 2, 0x18, 1), SIZE / 4), column);
            check(format, "a message in parts with a long one", bytes(0x12, 0x80, 0x80, 4, repeat(bytes(0x18, 1), 1 << 15), repeat(bytes(0x12, 2, 0x18, 1), SIZE / 4)), column);
            check(format, "a message in empty parts with a long one", bytes(0x12, 0x80, 0x80, 4, repeat(bytes(0x18, 1), 1 << 15), repeat(bytes(0x12, 0), SIZE / 2)), column);
            check(format, "a message in parts of unknown fields", repeat(bytes(0x12, 3, 0xF8, 0x7F, 1), SIZE / 5), column);
            check(format, "a text again and again", repeat(bytes(0x0A, 1, "x"), SIZE / 3), column);
            check(format, "a text that never comes", bytes(0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 7, 1), column);
            check(format, "packed numbers that never come", bytes(0x1A, 0xFF, 0xFF, 0xFF, 0xFF, 7, 1), column);
            check(format, "indexes of a registry", bytes(0, 0, 0, 0, 1, 0xFE, 0xFF, 0xFF, 0xFF, 0xF, repeat(bytes(0), SIZE)), column);
        }
        byte[] nested = bytes();
        while (nested.length < SIZE) {
            byte[] length = new byte[CodedOutputStream.computeUInt32SizeNoTag(nested.length)];
            CodedOutputStream.newInstance(length).writeUInt32NoTag(nested.length);
            nested = nested.length > 2000 ? repeat(nested, SIZE / nested.length + 1) : bytes(0x12, length, nested);
        }
        check(format, "nested messages", nested, SchemaColumns.derive(format).getFirst());
        results.report();
    }

    static PayloadFormat avro(String schema)
    {
        return new PayloadFormat(DataFormat.AVRO, Optional.of(schema), Optional.empty(), Optional.empty(), Optional.empty());
    }

    static PayloadFormat protobuf()
    {
        return new PayloadFormat(
                DataFormat.PROTOBUF,
                Optional.of(Base64.getEncoder().encodeToString(FileDescriptorSet.newBuilder().addFile(PROTOBUF).build().toByteArray())),
                Optional.of("Outer"),
                Optional.empty(),
                Optional.empty());
    }

    private void check(PayloadFormat format, String name, byte[] payload, NatsColumnHandle column)
    {
        List<NatsColumnHandle> columns = ImmutableList.of(column);
        results.add(name, DecodeCost.ofBestAttempt(RowDecoders.create(format, columns), columns, payload, limit), columns, format.dataFormat(), payload.length);
    }

    private static byte[] varint(long zigZag)
            throws IOException
    {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream output = CodedOutputStream.newInstance(bytes);
        output.writeUInt64NoTag(zigZag);
        output.flush();
        return bytes.toByteArray();
    }

    private static DescriptorProto wide()
    {
        DescriptorProto.Builder wide = DescriptorProto.newBuilder().setName("Wide");
        for (int i = 1; i <= 1000; i++) {
            wide.addField(field("f" + i, i, Type.TYPE_INT64));
        }
        return wide.build();
    }

    private static FieldDescriptorProto field(String name, int number, Type type)
    {
        return FieldDescriptorProto.newBuilder().setName(name).setNumber(number).setType(type).setLabel(Label.LABEL_OPTIONAL).build();
    }

    private static FieldDescriptorProto message(String name, int number, String type)
    {
        return field(name, number, Type.TYPE_MESSAGE).toBuilder().setTypeName(type).build();
    }
}
