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
import com.google.common.primitives.Bytes;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Int64Value;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WrappersProto;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.schema.DataFormat;
import io.streamlance.trino.nats.schema.PayloadFormat;
import io.trino.spi.type.RowType;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import static io.streamlance.trino.nats.NatsColumnHandle.field;
import static io.streamlance.trino.nats.codec.DecoderAssertions.assertDecodeFails;
import static io.streamlance.trino.nats.codec.DecoderAssertions.decode;
import static io.streamlance.trino.nats.codec.DecoderAssertions.survivesBadPayloads;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.TimestampType.TIMESTAMP_MILLIS;
import static io.trino.spi.type.TimestampWithTimeZoneType.TIMESTAMP_TZ_NANOS;
import static io.trino.spi.type.TinyintType.TINYINT;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TestProtobufRowDecoder
{
    private static final FileDescriptorProto FILE = FileDescriptorProto.newBuilder()
            .setName("trades.proto")
            .setPackage("market")
            .setSyntax("proto3")
            .addDependency("google/protobuf/timestamp.proto")
            .addDependency("google/protobuf/wrappers.proto")
            .addEnumType(EnumDescriptorProto.newBuilder().setName("Side")
                    .addValue(EnumValueDescriptorProto.newBuilder().setName("BUY").setNumber(0))
                    .addValue(EnumValueDescriptorProto.newBuilder().setName("SELL").setNumber(1)))
            .addMessageType(DescriptorProto.newBuilder().setName("Meta")
                    .addField(scalar("Source", 1, Type.TYPE_STRING))
                    .addField(scalar("hops", 2, Type.TYPE_INT32)))
            .addMessageType(DescriptorProto.newBuilder().setName("Node")
                    .addField(scalar("x", 1, Type.TYPE_INT32))
                    .addField(message("next", 2, ".market.Node")))
            .addMessageType(DescriptorProto.newBuilder().setName("Trade")
                    .addField(scalar("flag", 1, Type.TYPE_BOOL))
                    .addField(scalar("small", 2, Type.TYPE_SINT32))
                    .addField(scalar("large", 3, Type.TYPE_INT64))
                    .addField(scalar("u32", 4, Type.TYPE_UINT32))
                    .addField(scalar("u64", 5, Type.TYPE_FIXED64))
                    .addField(scalar("single", 6, Type.TYPE_FLOAT))
                    .addField(scalar("ratio", 7, Type.TYPE_DOUBLE))
                    .addField(scalar("text", 8, Type.TYPE_STRING))
                    .addField(scalar("bytes", 9, Type.TYPE_BYTES))
                    .addField(message("side", 10, ".market.Side").toBuilder().setType(Type.TYPE_ENUM))
                    .addField(message("at", 11, ".google.protobuf.Timestamp"))
                    .addField(message("meta", 12, ".market.Meta"))
                    .addField(scalar("list", 13, Type.TYPE_INT64).toBuilder().setLabel(Label.LABEL_REPEATED))
                    .addField(message("hops", 14, ".market.Trade.HopsEntry").toBuilder().setLabel(Label.LABEL_REPEATED))
                    .addField(message("wrapped", 15, ".google.protobuf.Int64Value"))
                    .addField(message("absent", 16, ".google.protobuf.Int64Value"))
                    .addField(scalar("maybe", 17, Type.TYPE_INT32).toBuilder().setProto3Optional(true).setOneofIndex(0))
                    .addOneofDecl(OneofDescriptorProto.newBuilder().setName("_maybe"))
                    .addNestedType(DescriptorProto.newBuilder().setName("HopsEntry")
                            .addField(scalar("key", 1, Type.TYPE_STRING))
                            .addField(scalar("value", 2, Type.TYPE_INT32))
                            .setOptions(MessageOptions.newBuilder().setMapEntry(true))))
            .build();
    private static final String SET = set(TimestampProto.getDescriptor().toProto(), WrappersProto.getDescriptor().toProto(), FILE);
    private static final List<NatsColumnHandle> DERIVED = derive("market.Trade");

    @Test
    void testDerivedColumns()
            throws DecodeException
    {
        assertThat(DERIVED).extracting(column -> column.name() + " " + column.type().getDisplayName()).containsExactly(
                "flag boolean",
                "small integer",
                "large bigint",
                "u32 bigint",
                "u64 decimal(20,0)",
                "single real",
                "ratio double",
                "text varchar",
                "bytes varbinary",
                "side varchar",
                "at timestamp(9)",
                "meta row(\"Source\" varchar, \"hops\" integer)",
                "list array(bigint)",
                "hops map(varchar, integer)",
                "wrapped bigint",
                "absent bigint",
                "maybe integer");
        assertThat(decode(decoder(DERIVED), DERIVED, payload())).hasToString(
                "[true, -5, 9223372036854775807, 4294967295, 18446744073709551615, 1.5, 0.1, café, Af8=, SELL, 2023-11-14 22:13:20.123456789, " +
                        "[feed, 7], [1, 2], {a=1}, 0, null, null]");
        // a message whose fields all have their default has no bytes
        assertThat(decode(decoder(DERIVED), DERIVED, new byte[0])).hasToString("[false, 0, 0, 0, 0, 0.0, 0.0, , , BUY, null, null, [], {}, null, null, null]");
    }

    @Test
    void testWantedFields()
            throws DecodeException
    {
        List<NatsColumnHandle> columns = ImmutableList.of(
                field("hops", TINYINT, "meta/hops"),
                field("meta", RowType.from(ImmutableList.of(RowType.field("source", VARCHAR))), "meta"),
                field("at", TIMESTAMP_TZ_NANOS, "at"),
                DecoderAssertions.field("u32", TIMESTAMP_MILLIS, "seconds-since-epoch"));
        assertThat(decode(decoder(columns), columns, payload())).hasToString("[7, [feed], 2023-11-14 22:13:20.123456789 UTC, 2106-02-07 06:28:15.000]");
        assertThat(decode(decoder(columns), columns, new byte[0])).hasToString("[null, null, null, 1970-01-01 00:00:00.000]");
    }

    @Test
    void testRegistryHeader()
            throws DecodeException
    {
        List<Object> expected = decode(decoder(DERIVED), DERIVED, payload());
        assertThat(decode(decoder(DERIVED), DERIVED, Bytes.concat(new byte[] {0, 0, 0, 1, 7, 0}, payload()))).isEqualTo(expected);
        assertThat(decode(decoder(DERIVED), DERIVED, Bytes.concat(new byte[] {0, 0, 0, 1, 7, 4, 2, 0}, payload()))).isEqualTo(expected);
    }

    @Test
    void testUnknownEnumNumber()
            throws DecodeException
    {
        List<NatsColumnHandle> columns = ImmutableList.of(field("side", VARCHAR, "side"));
        assertThat(decode(decoder(columns), columns, new byte[] {10 << 3, 42})).hasToString("[42]");
    }

    @Test
    void testBadPayloads()
    {
        assertThat(survivesBadPayloads(decoder(DERIVED), DERIVED, payload())).isLessThan(payload().length);
        List<NatsColumnHandle> tiny = ImmutableList.of(field("large", TINYINT, "large"));
        assertDecodeFails(decoder(tiny), tiny, payload(), "column 'large': '9223372036854775807' is not a value of type tinyint");
        List<NatsColumnHandle> millis = ImmutableList.of(field("at", TIMESTAMP_MILLIS, "at"));
        assertDecodeFails(decoder(millis), millis, payload(), "column 'at': '2023-11-14T22:13:20.123456789' is not a value of type timestamp(3)");
        assertDecodeFails(decoder(tiny), tiny, new byte[] {(byte) 0xFF}, "the payload is not a message market.Trade: ");

        List<NatsColumnHandle> node = ImmutableList.of(field("x", BIGINT, "x"));
        byte[] endless = new byte[200_000];
        Arrays.fill(endless, (byte) (2 << 3 | 3));
        assertDecodeFails(new ProtobufRowDecoder(ProtobufSchemas.parse(SET, "market.Node"), node), node, endless, "the payload is not a message market.Node: ");
    }

    @Test
    void testBadDescriptions()
    {
        assertBad(field("x", VARCHAR, "none"), "field 'x': message market.Trade has no field 'none'");
        assertBad(field("x", VARCHAR, "list/y"), "field 'x': message market.Trade has no field 'list/y'");
        assertBad(field("x", VARCHAR, "small"), "field 'x': type varchar does not hold values that the schema has as integer");
        assertBad(field("x", BIGINT, "list"), "field 'x': type bigint does not hold values that the schema has as array");
        assertBad(field("x", BIGINT, "meta"), "field 'x': type bigint does not hold values that the schema has as message");
        assertThatThrownBy(() -> ProtobufSchemas.parse(SET, "market.Nope")).hasMessageStartingWith("message.messageType 'market.Nope' is not in the descriptor set");
        assertThatThrownBy(() -> ProtobufSchemas.parse(set(FILE), "market.Trade")).hasMessageStartingWith("message.dataSchema lacks google/protobuf/timestamp.proto, which trades.proto imports");
        assertThatThrownBy(() -> ProtobufSchemas.parse("AAAA", "market.Trade")).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("message.dataSchema is not a descriptor set");
        assertThatThrownBy(() -> derive("market.Node")).hasMessage("field 'next' of the schema: message market.Node contains itself. Name the wanted columns in message.fields");
    }

    private static void assertBad(NatsColumnHandle column, String message)
    {
        assertThatThrownBy(() -> decoder(ImmutableList.of(column))).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    private static ProtobufRowDecoder decoder(List<NatsColumnHandle> columns)
    {
        return new ProtobufRowDecoder(ProtobufSchemas.parse(SET, "market.Trade"), columns);
    }

    private static List<NatsColumnHandle> derive(String messageType)
    {
        return SchemaColumns.derive(new PayloadFormat(DataFormat.PROTOBUF, Optional.of(SET), Optional.of(messageType), Optional.empty(), Optional.empty()));
    }

    private static byte[] payload()
    {
        Descriptor trade = ProtobufSchemas.parse(SET, "market.Trade");
        Descriptor meta = trade.findFieldByName("meta").getMessageType();
        Descriptor hop = trade.findFieldByName("hops").getMessageType();
        return DynamicMessage.newBuilder(trade)
                .setField(trade.findFieldByName("flag"), true)
                .setField(trade.findFieldByName("small"), -5)
                .setField(trade.findFieldByName("large"), Long.MAX_VALUE)
                .setField(trade.findFieldByName("u32"), -1)
                .setField(trade.findFieldByName("u64"), -1L)
                .setField(trade.findFieldByName("single"), 1.5f)
                .setField(trade.findFieldByName("ratio"), 0.1)
                .setField(trade.findFieldByName("text"), "café")
                .setField(trade.findFieldByName("bytes"), ByteString.copyFrom(new byte[] {1, -1}))
                .setField(trade.findFieldByName("side"), trade.getFile().findEnumTypeByName("Side").findValueByName("SELL"))
                .setField(trade.findFieldByName("at"), rewrite(trade, "at", Timestamp.newBuilder().setSeconds(1700000000).setNanos(123456789).build().toByteString()))
                .setField(trade.findFieldByName("meta"), DynamicMessage.newBuilder(meta)
                        .setField(meta.findFieldByName("Source"), "feed")
                        .setField(meta.findFieldByName("hops"), 7)
                        .build())
                .addRepeatedField(trade.findFieldByName("list"), 1L)
                .addRepeatedField(trade.findFieldByName("list"), 2L)
                .addRepeatedField(trade.findFieldByName("hops"), DynamicMessage.newBuilder(hop)
                        .setField(hop.findFieldByName("key"), "a")
                        .setField(hop.findFieldByName("value"), 1)
                        .build())
                .setField(trade.findFieldByName("wrapped"), rewrite(trade, "wrapped", Int64Value.getDefaultInstance().toByteString()))
                .build()
                .toByteArray();
    }

    private static DynamicMessage rewrite(Descriptor parent, String field, ByteString value)
    {
        try {
            return DynamicMessage.parseFrom(parent.findFieldByName(field).getMessageType(), value);
        }
        catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String set(FileDescriptorProto... files)
    {
        return Base64.getEncoder().encodeToString(FileDescriptorSet.newBuilder().addAllFile(List.of(files)).build().toByteArray());
    }

    private static FieldDescriptorProto scalar(String name, int number, Type type)
    {
        return FieldDescriptorProto.newBuilder().setName(name).setNumber(number).setType(type).setLabel(Label.LABEL_OPTIONAL).build();
    }

    private static FieldDescriptorProto message(String name, int number, String type)
    {
        return scalar(name, number, Type.TYPE_MESSAGE).toBuilder().setTypeName(type).build();
    }
}
