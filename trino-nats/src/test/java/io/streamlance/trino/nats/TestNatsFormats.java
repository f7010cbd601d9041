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
package io.streamlance.trino.nats;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.smile.SmileFactory;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Timestamp;
import com.google.protobuf.TimestampProto;
import io.nats.client.Connection;
import io.trino.Session;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.QueryRunner;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.msgpack.jackson.dataformat.MessagePackFactory;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Locale.ENGLISH;
import static org.assertj.core.api.Assertions.assertThat;

/// One table per format, each with the same rows: (1, 1.50, 2024-01-01 00:00:01.500, [feed,7]), (2, NULL, NULL, NULL) and then
/// a payload that is not in the format.
final class TestNatsFormats
        extends AbstractTestQueryFramework
{
    private static final List<String> FORMATS = ImmutableList.of("json", "cbor", "smile", "msgpack", "avro");
    private static final byte[] BAD_PAYLOAD = {(byte) 0xC1, (byte) 0xFF, (byte) 0xFF};

    private static final String AVRO_SCHEMA =
            """
            {"type": "record", "name": "Trade", "fields": [
              {"name": "id", "type": "long"},
              {"name": "price", "type": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 2}]},
              {"name": "at", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}]},
              {"name": "meta", "type": ["null", {"type": "record", "name": "Meta", "fields": [
                {"name": "Source", "type": "string"}, {"name": "hops", "type": "int"}]}]}]}
            """;

    private static final String FIELDS =
            """
            "fields": [
              {"name": "id", "type": "bigint"},
              {"name": "price", "type": "decimal(18,2)"},
              {"name": "at", "type": "timestamp(3)"},
              {"name": "meta", "type": "row(source varchar, hops integer)"}]
            """;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        TestingNatsServer server = closeAfterClass(new TestingNatsServer());
        Path descriptions = server.createDirectory("formats");
        Files.writeString(descriptions.resolve("trade.avsc"), AVRO_SCHEMA);
        Files.write(descriptions.resolve("trade.desc"), descriptorSet());
        try (Connection connection = server.connect()) {
            for (String format : FORMATS) {
                describe(descriptions, format, format.equals("avro") ? "\"dataSchema\": \"trade.avsc\"" : FIELDS);
                publish(connection, format, payloads(format));
            }
            describe(descriptions, "protobuf", "\"dataSchema\": \"trade.desc\", \"messageType\": \"market.Trade\"");
            publish(connection, "protobuf", protobuf());
            describe(descriptions, "csv", "\"delimiter\": \";\", \"fields\": [{\"name\": \"id\", \"mapping\": \"0\", \"type\": \"bigint\"}, {\"name\": \"text\", \"mapping\": \"2\", \"type\": \"varchar\"}]");
            publish(connection, "csv", ImmutableList.of("1;x;\"a;b\"".getBytes(UTF_8), "2;;".getBytes(UTF_8), "one;x;y".getBytes(UTF_8)));
            describe(descriptions, "text", "\"fields\": [{\"name\": \"body\", \"type\": \"varchar\"}]");
            publish(connection, "text", ImmutableList.of("café".getBytes(UTF_8), BAD_PAYLOAD));
            describe(descriptions, "raw", "\"fields\": [{\"name\": \"body\", \"type\": \"varbinary\"}]");
            publish(connection, "raw", ImmutableList.of(BAD_PAYLOAD));
        }
        return NatsQueryRunner.builder(server)
                .addConnectorProperty("nats.table-description-dir", descriptions.toString())
                .build();
    }

    @Test
    void testRows()
    {
        for (String format : FORMATS) {
            assertThat(query("SELECT id, price, at, meta.source, meta.hops FROM nats.\"default\".%s WHERE _sequence < 3".formatted(format)))
                    .as(format)
                    .matches("VALUES " +
                            "(BIGINT '1', CAST(1.50 AS decimal(18,2)), TIMESTAMP '2024-01-01 00:00:01.500', VARCHAR 'feed', 7), " +
                            "(BIGINT '2', NULL, NULL, NULL, NULL)");
        }
        assertThat(query("SELECT id, at, hops FROM nats.\"default\".protobuf WHERE _sequence < 3"))
                .matches("VALUES (DECIMAL '18446744073709551615', TIMESTAMP '2024-01-01 00:00:01.500000000', ARRAY[7, 8]), (CAST(2 AS decimal(20,0)), NULL, ARRAY[])");
        assertQuery("SELECT id, text FROM nats.\"default\".csv WHERE _sequence < 3", "VALUES (1, 'a;b'), (2, NULL)");
        assertQuery("SELECT body FROM nats.\"default\".text WHERE _sequence < 2", "VALUES 'café'");
        assertThat(query("SELECT body FROM nats.\"default\".raw")).matches("VALUES X'C1FFFF'");
    }

    @Test
    void testColumnsOfSchema()
    {
        assertQuery("DESCRIBE nats.\"default\".avro", "VALUES " +
                "('id', 'bigint', '', ''), ('price', 'decimal(18,2)', '', ''), ('at', 'timestamp(3)', '', ''), ('meta', 'row(\"Source\" varchar, \"hops\" integer)', '', '')");
    }

    @Test
    void testDecodeErrors()
    {
        List<String> formats = ImmutableList.<String>builder().addAll(FORMATS).add("csv", "protobuf").build();
        Session nulls = Session.builder(getSession()).setCatalogSessionProperty("nats", "decode_error", "NULL").build();
        Session skip = Session.builder(getSession()).setCatalogSessionProperty("nats", "decode_error", "SKIP").build();
        for (String format : formats) {
            String table = "nats.\"default\"." + format;
            assertQueryFails(
                    "SELECT * FROM " + table,
                    "(?s)Cannot decode message 3 of stream %s, subject %s: .*".formatted(format.toUpperCase(ENGLISH), format));
            assertQuery(nulls, "SELECT _sequence, id, _corrupt, _error IS NOT NULL FROM " + table, "VALUES (1, %s, false, false), (2, 2, false, false), (3, NULL, true, true)".formatted(format.equals("protobuf") ? "18446744073709551615" : "1"));
            assertQuery(skip, "SELECT count(*), min(id) > 0 FROM " + table, "VALUES (2, true)");
        }
        assertQueryFails("SELECT * FROM nats.\"default\".csv", "(?s)Cannot decode message 3 of stream CSV, subject csv: column 'id': 'one' is not a value of type bigint.*");
        assertQueryFails("SELECT * FROM nats.\"default\".text", "(?s)Cannot decode message 2 of stream TEXT, subject text: column 'body': the payload is not UTF-8.*");
    }

    private static void describe(Path directory, String format, String message)
            throws Exception
    {
        Files.writeString(directory.resolve(format + ".json"), "{\"tableName\": \"%s\", \"subject\": \"%s\", \"message\": {\"dataFormat\": \"%s\", %s}}".formatted(format, format, format, message));
    }

    private static void publish(Connection connection, String format, List<byte[]> payloads)
            throws Exception
    {
        connection.jetStreamManagement().addStream(stream(format.toUpperCase(ENGLISH), format).build());
        for (byte[] payload : payloads) {
            connection.jetStream().publish(format, payload);
        }
    }

    private static List<byte[]> payloads(String format)
            throws Exception
    {
        return switch (format) {
            case "json" -> streaming(new JsonFactory());
            case "cbor" -> streaming(new CBORFactory());
            case "smile" -> streaming(new SmileFactory());
            case "msgpack" -> streaming(new MessagePackFactory());
            case "avro" -> avro();
            default -> throw new IllegalArgumentException(format);
        };
    }

    private static List<byte[]> streaming(JsonFactory factory)
            throws Exception
    {
        ObjectMapper mapper = new ObjectMapper(factory);
        Map<String, Object> first = ImmutableMap.of("id", 1, "price", 1.5, "at", "2024-01-01T00:00:01.5", "meta", ImmutableMap.of("Source", "feed", "hops", 7));
        return ImmutableList.of(mapper.writeValueAsBytes(first), mapper.writeValueAsBytes(ImmutableMap.of("id", 2)), BAD_PAYLOAD);
    }

    private static List<byte[]> avro()
            throws Exception
    {
        Schema schema = new Schema.Parser().parse(AVRO_SCHEMA);
        Schema meta = schema.getField("meta").schema().getTypes().get(1);
        GenericRecord first = new GenericRecordBuilder(schema)
                .set("id", 1L)
                .set("price", ByteBuffer.wrap(new byte[] {0, (byte) 150}))
                .set("at", 1704067201500L)
                .set("meta", new GenericRecordBuilder(meta).set("Source", "feed").set("hops", 7).build())
                .build();
        GenericRecord second = new GenericRecordBuilder(schema).set("id", 2L).set("price", null).set("at", null).set("meta", null).build();
        ImmutableList.Builder<byte[]> payloads = ImmutableList.builder();
        for (GenericRecord trade : List.of(first, second)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            if (trade == second) {
                // as producers with a schema registry write it
                out.write(new byte[] {0, 0, 0, 0, 9});
            }
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(schema).write(trade, encoder);
            encoder.flush();
            payloads.add(out.toByteArray());
        }
        return payloads.add(BAD_PAYLOAD).build();
    }

    private static FileDescriptorProto file()
    {
        FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder().setLabel(Label.LABEL_OPTIONAL);
        return FileDescriptorProto.newBuilder()
                .setName("trade.proto")
                .setPackage("market")
                .setSyntax("proto3")
                .addDependency(TimestampProto.getDescriptor().getName())
                .addMessageType(DescriptorProto.newBuilder().setName("Trade")
                        .addField(field.clone().setName("id").setNumber(1).setType(Type.TYPE_UINT64))
                        .addField(field.clone().setName("at").setNumber(2).setType(Type.TYPE_MESSAGE).setTypeName(".google.protobuf.Timestamp"))
                        .addField(field.clone().setName("hops").setNumber(3).setType(Type.TYPE_INT32).setLabel(Label.LABEL_REPEATED)))
                .build();
    }

    private static byte[] descriptorSet()
    {
        return FileDescriptorSet.newBuilder().addFile(TimestampProto.getDescriptor().toProto()).addFile(file()).build().toByteArray();
    }

    private static List<byte[]> protobuf()
            throws Exception
    {
        Descriptor trade = FileDescriptor.buildFrom(file(), new FileDescriptor[] {TimestampProto.getDescriptor()}).findMessageTypeByName("Trade");
        DynamicMessage first = DynamicMessage.newBuilder(trade)
                .setField(trade.findFieldByName("id"), -1L)
                .setField(trade.findFieldByName("at"), Timestamp.newBuilder().setSeconds(1704067201).setNanos(500_000_000).build())
                .addRepeatedField(trade.findFieldByName("hops"), 7)
                .addRepeatedField(trade.findFieldByName("hops"), 8)
                .build();
        DynamicMessage second = DynamicMessage.newBuilder(trade).setField(trade.findFieldByName("id"), 2L).build();
        return ImmutableList.of(first.toByteArray(), second.toByteArray(), BAD_PAYLOAD);
    }
}
