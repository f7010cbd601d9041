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

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.smile.SmileFactory;
import com.google.common.collect.ImmutableList;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.MapType;
import io.trino.spi.type.RowType;
import io.trino.spi.type.TypeOperators;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.jackson.dataformat.MessagePackFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import static io.streamlance.trino.nats.NatsColumnHandle.field;
import static io.streamlance.trino.nats.codec.DecoderAssertions.assertDecodeFails;
import static io.streamlance.trino.nats.codec.DecoderAssertions.decode;
import static io.streamlance.trino.nats.codec.DecoderAssertions.survivesBadPayloads;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.BooleanType.BOOLEAN;
import static io.trino.spi.type.DecimalType.createDecimalType;
import static io.trino.spi.type.DoubleType.DOUBLE;
import static io.trino.spi.type.TimestampType.TIMESTAMP_NANOS;
import static io.trino.spi.type.TimestampWithTimeZoneType.TIMESTAMP_TZ_NANOS;
import static io.trino.spi.type.TinyintType.TINYINT;
import static io.trino.spi.type.UuidType.UUID;
import static io.trino.spi.type.VarbinaryType.VARBINARY;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

final class TestBinaryFormats
{
    private static final List<NatsColumnHandle> COLUMNS = ImmutableList.of(
            field("flag", BOOLEAN, "flag"),
            field("count", BIGINT, "count"),
            field("big", createDecimalType(38, 0), "big"),
            field("ratio", DOUBLE, "ratio"),
            field("text", VARCHAR, "text"),
            field("bytes", VARBINARY, "bytes"),
            field("list", new ArrayType(BIGINT), "list"),
            field("map", new MapType(VARCHAR, BIGINT, new TypeOperators()), "map"),
            field("row", RowType.from(ImmutableList.of(RowType.field("x", BIGINT), RowType.field("y", VARCHAR))), "row"),
            field("whole_row", VARCHAR, "row"),
            field("missing", VARCHAR, "nothing/at/all"));

    @Test
    void testRoundTrip()
            throws IOException
    {
        for (StreamingFormat format : StreamingFormat.values()) {
            assertRoundTrip(format);
        }
    }

    private static void assertRoundTrip(StreamingFormat format)
            throws IOException
    {
        assertThat(decode(new StreamingRowDecoder(format, COLUMNS), COLUMNS, payload(format))).hasToString(
                "[true, -9223372036854775808, 12345678901234567890, 0.1, café, Af8=, [1, null, 3], {a=1, b=2}, [7, seven], {\"X\":7,\"y\":\"seven\",\"raw\":\"Af8=\"}, null]");
    }

    @Test
    void testBooleanAsText()
            throws IOException
    {
        List<NatsColumnHandle> columns = ImmutableList.of(field("v", VARCHAR, "v"));
        List<NatsColumnHandle> numbers = ImmutableList.of(field("v", BIGINT, "v"));
        for (StreamingFormat format : StreamingFormat.values()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (JsonGenerator generator = format.factory().createGenerator(bytes)) {
                generator.writeStartObject();
                generator.writeNumberField("a", 5);
                generator.writeBooleanField("v", true);
                generator.writeEndObject();
            }
            assertThat(decode(new StreamingRowDecoder(format, columns), columns, bytes.toByteArray())).hasToString("[true]");
            assertDecodeFails(new StreamingRowDecoder(format, numbers), numbers, bytes.toByteArray(), "'true' is not a value of type bigint");
        }
    }

    @Test
    void testBadPayloads()
            throws IOException
    {
        for (StreamingFormat format : StreamingFormat.values()) {
            RowDecoder decoder = new StreamingRowDecoder(format, COLUMNS);
            // only the empty payload is a row
            assertThat(survivesBadPayloads(decoder, COLUMNS, payload(format))).isEqualTo(1);
        }
    }

    @Test
    void testDeepNesting()
    {
        for (StreamingFormat format : StreamingFormat.values()) {
            assertDeepNestingFails(format);
        }
    }

    private static void assertDeepNestingFails(StreamingFormat format)
    {
        int depth = 100_000;
        byte[] start = switch (format) {
            case JSON -> "{\"text\":".getBytes(UTF_8);
            case CBOR -> HexFormat.of().parseHex("a16474657874");
            case SMILE -> HexFormat.of().parseHex("3a290a03fa8374657874");
            case MSGPACK -> HexFormat.of().parseHex("81a474657874");
        };
        byte array = (byte) switch (format) {
            case JSON -> '[';
            case CBOR -> 0x81;
            case SMILE -> 0xF8;
            case MSGPACK -> 0x91;
        };
        byte[] payload = Arrays.copyOf(start, start.length + depth);
        Arrays.fill(payload, start.length, payload.length, array);
        for (List<NatsColumnHandle> columns : List.of(COLUMNS, COLUMNS.subList(0, 1), COLUMNS.subList(8, 10))) {
            assertDecodeFails(new StreamingRowDecoder(format, columns), columns, payload, "");
        }
    }

    @Test
    void testCborTags()
            throws IOException
    {
        List<NatsColumnHandle> decimal = ImmutableList.of(field("v", createDecimalType(10, 2), "v"));
        List<NatsColumnHandle> uuid = ImmutableList.of(field("v", UUID, "v"));
        StreamingRowDecoder decimals = new StreamingRowDecoder(StreamingFormat.CBOR, decimal);
        // decimal fraction 273.15
        assertThat(decode(decimals, decimal, hex("a16176c48221196ab3"))).hasToString("[273.15]");
        // an array is not a number without the tag
        assertDecodeFails(decimals, decimal, hex("a161768221196ab3"), "column 'v': ");
        assertDecodeFails(decimals, decimal, hex("a16176c4821b7fffffffffffffff01"), "the payload is not CBOR: ");
        // bignum 2^64
        List<NatsColumnHandle> big = ImmutableList.of(field("v", createDecimalType(38, 0), "v"));
        assertThat(decode(new StreamingRowDecoder(StreamingFormat.CBOR, big), big, hex("a16176c249010000000000000000"))).hasToString("[18446744073709551616]");
        assertThat(decode(new StreamingRowDecoder(StreamingFormat.CBOR, uuid), uuid, hex("a16176d8255012151fd2758611e98f9e2a86e4085a59"))).hasToString("[12151fd2-7586-11e9-8f9e-2a86e4085a59]");
        // a number as key has a name like one
        List<NatsColumnHandle> number = ImmutableList.of(field("v", BIGINT, "7"));
        assertThat(decode(new StreamingRowDecoder(StreamingFormat.CBOR, number), number, hex("a10705"))).hasToString("[5]");
        // not a number, infinity
        List<NatsColumnHandle> floating = ImmutableList.of(field("v", DOUBLE, "v"));
        assertThat(decode(new StreamingRowDecoder(StreamingFormat.CBOR, floating), floating, hex("a16176f97e00"))).isEqualTo(List.of(Double.NaN));
        assertThat(decode(new StreamingRowDecoder(StreamingFormat.CBOR, floating), floating, hex("a16176f97c00"))).isEqualTo(List.of(Double.POSITIVE_INFINITY));
        assertDecodeFails(decimals, decimal, hex("a16176f97e00"), "column 'v': ");
    }

    @Test
    void testMessagePackTimestamps()
            throws IOException
    {
        for (Instant instant : List.of(Instant.ofEpochSecond(1700000000), Instant.ofEpochSecond(1700000000, 123456789), Instant.ofEpochSecond(-5_000_000_000L, 1))) {
            MessageBufferPacker packer = MessagePack.newDefaultBufferPacker();
            packer.packMapHeader(1).packString("v").packTimestamp(instant);
            byte[] payload = packer.toByteArray();
            List<NatsColumnHandle> plain = ImmutableList.of(field("v", TIMESTAMP_NANOS, "v"));
            List<NatsColumnHandle> zoned = ImmutableList.of(field("v", TIMESTAMP_TZ_NANOS, "v"));
            assertThat(decode(new StreamingRowDecoder(StreamingFormat.MSGPACK, zoned), zoned, payload).getFirst().toString().replace(" UTC", "").replace(' ', 'T'))
                    .startsWith(instant.toString().replace("Z", ""));
            assertThat(decode(new StreamingRowDecoder(StreamingFormat.MSGPACK, plain), plain, payload).getFirst().toString().replace(' ', 'T'))
                    .startsWith(instant.toString().replace("Z", ""));
        }
    }

    @Test
    void testMessagePackExtensionsAndKeys()
            throws IOException
    {
        List<NatsColumnHandle> columns = ImmutableList.of(field("v", VARCHAR, "v"));
        StreamingRowDecoder decoder = new StreamingRowDecoder(StreamingFormat.MSGPACK, columns);
        assertDecodeFails(decoder, columns, hex("81a176d60500000001"), "column 'v': ");
        assertDecodeFails(decoder, columns, hex("81a17691d60500000001"), "column 'v': ");
        List<NatsColumnHandle> number = ImmutableList.of(field("v", TINYINT, "7"));
        assertThat(decode(new StreamingRowDecoder(StreamingFormat.MSGPACK, number), number, hex("810705"))).hasToString("[5]");
        // an array as key
        assertDecodeFails(decoder, columns, hex("81910105"), "");
        // two gigabytes of bytes, announced but not there
        assertDecodeFails(decoder, columns, hex("81a176c67ffffff0"), "");
        assertDecodeFails(decoder, columns, hex("81a176c97ffffff005"), "");
    }

    private static byte[] hex(String text)
    {
        return HexFormat.of().parseHex(text);
    }

    private static byte[] payload(StreamingFormat format)
            throws IOException
    {
        JsonFactory factory = switch (format) {
            case JSON -> new JsonFactory();
            case CBOR -> new CBORFactory();
            case SMILE -> new SmileFactory();
            case MSGPACK -> new MessagePackFactory();
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = factory.createGenerator(out)) {
            generator.writeStartObject();
            generator.writeBooleanField("flag", true);
            generator.writeNumberField("count", Long.MIN_VALUE);
            generator.writeFieldName("big");
            generator.writeNumber(new BigInteger("12345678901234567890"));
            generator.writeNumberField("ratio", 0.1);
            generator.writeStringField("text", "café");
            generator.writeBinaryField("bytes", new byte[] {1, -1});
            generator.writeArrayFieldStart("list");
            generator.writeNumber(1);
            generator.writeNull();
            generator.writeNumber(3);
            generator.writeEndArray();
            generator.writeObjectFieldStart("map");
            generator.writeNumberField("a", 1);
            generator.writeNumberField("b", 2);
            generator.writeEndObject();
            generator.writeObjectFieldStart("row");
            generator.writeNumberField("X", 7);
            generator.writeStringField("y", "seven");
            generator.writeBinaryField("raw", new byte[] {1, -1});
            generator.writeEndObject();
            generator.writeArrayFieldStart("unwanted");
            generator.writeNumber(new BigDecimal("1.50"));
            generator.writeEndArray();
            generator.writeEndObject();
        }
        return out.toByteArray();
    }
}
