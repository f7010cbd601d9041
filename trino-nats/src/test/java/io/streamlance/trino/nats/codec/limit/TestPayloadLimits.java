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
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.codec.DecodeException;
import io.streamlance.trino.nats.codec.RowDecoder;
import io.streamlance.trino.nats.codec.RowDecoders;
import io.streamlance.trino.nats.codec.SchemaColumns;
import io.streamlance.trino.nats.schema.DataFormat;
import io.streamlance.trino.nats.schema.PayloadFormat;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.SqlVarbinary;
import io.trino.spi.type.Type;
import org.junit.jupiter.api.Test;

import static io.streamlance.trino.nats.codec.limit.SlowInputs.bytes;
import static io.streamlance.trino.nats.codec.limit.SlowInputs.repeat;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.DecimalType.createDecimalType;
import static io.trino.spi.type.DoubleType.DOUBLE;
import static io.trino.spi.type.TimestampType.TIMESTAMP_MILLIS;
import static io.trino.spi.type.VarbinaryType.VARBINARY;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/// What a payload of a megabyte must not do, and what it still may.
final class TestPayloadLimits
{
    private static final int MEGABYTE = 1_000_000;
    private static final Type DECIMAL = createDecimalType(38, 4);
    private static final long MAX_NANOS = 1_000_000_000;
    private static final byte[] CBOR_FIELD = bytes(0xA1, 0x61, "v");

    @Test
    void testLongNumbers()
    {
        String digits = "7".repeat(MEGABYTE);
        byte[] msgpack = bytes(0x81, 0xA1, "v", 0xDB, 0, 0xF, 0x42, 0x40, digits);
        for (Type type : ImmutableList.of(BIGINT, DECIMAL, DOUBLE)) {
            assertFails(DataFormat.JSON, type, ("{\"v\": \"" + digits + "\"}").getBytes(UTF_8), "column 'c': a number of 1000000 characters is longer than 4000");
            assertFails(DataFormat.JSON, type, ("{\"v\": " + digits + "}").getBytes(UTF_8), "exceeds the maximum allowed (4000)");
            assertFails(DataFormat.JSON, type, ("{\"v\": 0." + digits + "}").getBytes(UTF_8), "exceeds the maximum allowed (4000)");
            assertFails(DataFormat.MSGPACK, type, msgpack, "column 'c': a number of 1000000 characters is longer than 4000");
            assertFails(DataFormat.CSV, type, digits.getBytes(UTF_8), "column 'c': a number of 1000000 characters is longer than 4000");
        }
        assertFails(DataFormat.JSON, TIMESTAMP_MILLIS, ("{\"v\": \"2024-01-01T00:00:00." + digits + "\"}").getBytes(UTF_8), "a date or time of 1000020 characters is longer than 1000");
        // text may be as long as it likes
        assertDecodes(DataFormat.JSON, VARCHAR, ("{\"v\": \"" + digits + "\"}").getBytes(UTF_8), digits);
    }

    @Test
    void testNumbersWithinTheLimit()
    {
        String zeros = "0".repeat(3000);
        assertDecodes(DataFormat.JSON, DOUBLE, ("{\"v\": 0." + zeros + "1}").getBytes(UTF_8), 0.0);
        assertDecodes(DataFormat.JSON, DOUBLE, ("{\"v\": \"1." + zeros + "\"}").getBytes(UTF_8), 1.0);
        assertDecodes(DataFormat.CSV, BIGINT, (zeros + "7").getBytes(UTF_8), 7L);
        assertFails(DataFormat.JSON, DECIMAL, "{\"v\": 1e1000000000}".getBytes(UTF_8), "'1e1000000000' is not a value of type decimal(38,4)");
        assertFails(DataFormat.JSON, BIGINT, "{\"v\": 1e-1000000000}".getBytes(UTF_8), "'1e-1000000000' is not a value of type bigint");
    }

    @Test
    void testAvroDecimal()
    {
        PayloadFormat format = TestSlowSchemaInputs.avro(
                """
                {"type": "record", "name": "R", "fields": [{"name": "v", "type": {"type": "bytes", "logicalType": "decimal", "precision": 30, "scale": 4}}]}
                """);
        // the length of a megabyte as a zig-zag varint
        byte[] length = bytes(0x80, 0x89, 0x7A);
        assertFails(format, SlowInputs.column("v", DECIMAL), bytes(length, repeat(bytes(0x7F), MEGABYTE)), "column 'c': a number of more than 4000 digits is not a value of type decimal(38,4)");
        assertDecodes(format, SlowInputs.column("v", DECIMAL), bytes(length, repeat(bytes(0), MEGABYTE - 1), 7), "0.0007");
    }

    @Test
    void testCborTags()
    {
        assertFails(DataFormat.CBOR, BIGINT, bytes(CBOR_FIELD, repeat(bytes(0xC6), MEGABYTE / 2), 1), "a value has more than 100 tags");
        assertFails(DataFormat.CBOR, BIGINT, bytes(0xA2, 0x61, "x", repeat(bytes(0xC6), MEGABYTE / 2), 1, 0x61, "v", 1), "a value has more than 100 tags");
        assertDecodes(DataFormat.CBOR, BIGINT, bytes(CBOR_FIELD, repeat(bytes(0xC6), 100), 7), 7L);
        // bytes that look like tags
        assertDecodes(DataFormat.CBOR, VARBINARY, bytes(CBOR_FIELD, 0x58, 200, repeat(bytes(0xC6), 200)), new SqlVarbinary(repeat(bytes(0xC6), 200)));
    }

    @Test
    void testCborStringReferences()
    {
        Type texts = new ArrayType(VARCHAR);
        byte[] expanding = bytes(0xD9, 1, 0, CBOR_FIELD, 0x9F, 0x7A, 0, 7, 0xA1, 0x20, repeat(bytes("x"), MEGABYTE / 2), repeat(bytes(0xD8, 0x19, 0), MEGABYTE / 6), 0xFF);
        assertFails(DataFormat.CBOR, texts, expanding, "166666 string references to strings of up to 500000 bytes are more than");
        assertDecodes(DataFormat.CBOR, texts, bytes(0xD9, 1, 0, CBOR_FIELD, 0x83, 0x64, "long", 0xD8, 0x19, 0, 0xD8, 0x19, 0), "[long, long, long]");
    }

    @Test
    void testNesting()
    {
        int depth = MEGABYTE / 2;
        byte[] start = "{\"x\": ".getBytes(UTF_8);
        assertFails(DataFormat.JSON, BIGINT, bytes(start, repeat(bytes("["), depth), repeat(bytes("]"), depth), "}"), "nesting depth");
        assertFails(DataFormat.CBOR, BIGINT, bytes(0xA1, 0x61, "x", repeat(bytes(0x81), depth), 1), "nesting depth");
        assertFails(DataFormat.MSGPACK, BIGINT, bytes(0x81, 0xA1, "x", repeat(bytes(0x91), depth), 1), "values are nested deeper than 1000");
        assertFails(DataFormat.MSGPACK, VARCHAR, bytes(0x81, 0xA1, "v", repeat(bytes(0x91), depth), 1), "values are nested deeper than 1000");
        assertDecodes(DataFormat.MSGPACK, VARCHAR, bytes(0x81, 0xA1, "v", repeat(bytes(0x91), 900), 1), "[".repeat(900) + "1" + "]".repeat(900));
    }

    @Test
    void testMissingFields()
    {
        assertFails(DataFormat.JSON, new ArrayType(SlowInputs.WIDE_ROW), ("{\"v\": [" + "{},".repeat(MEGABYTE / 3) + "{}]}").getBytes(UTF_8), "the rows of the payload miss more fields than 4 for each of its bytes");
    }

    @Test
    void testProtobufParts()
    {
        PayloadFormat format = TestSlowSchemaInputs.protobuf();
        NatsColumnHandle inner = SchemaColumns.derive(format).get(1);
        byte[] part = bytes(0x12, 2, 0x18, 1);
        assertFails(format, inner, repeat(part, MEGABYTE / 4), "field 'inner' of message Outer occurs more than 20 times");
        assertDecodes(format, inner, repeat(part, 3), "[, [1, 1, 1]]");
    }

    private static void assertFails(DataFormat format, Type type, byte[] payload, String error)
    {
        assertFails(PayloadFormat.of(format), column(format, type), payload, error);
    }

    private static void assertFails(PayloadFormat format, NatsColumnHandle column, byte[] payload, String error)
    {
        ImmutableList<NatsColumnHandle> columns = ImmutableList.of(column);
        DecodeCost cost = DecodeCost.ofBestAttempt(RowDecoders.create(format, columns), columns, payload, 1);
        System.out.printf("%s, %s: %,d bytes in %,d ms, %,d kB allocated: %s%n", format.dataFormat(), column.type().getDisplayName().length() > 100 ? "rows" : column.type().getDisplayName(), payload.length, cost.nanos() / 1_000_000, cost.allocated() / 1000, cost.error());
        assertThat(cost.error()).contains(error).hasSizeLessThan(1000);
        assertThat(cost.nanos()).isLessThan(MAX_NANOS);
    }

    private static void assertDecodes(DataFormat format, Type type, byte[] payload, Object value)
    {
        assertDecodes(PayloadFormat.of(format), column(format, type), payload, value);
    }

    private static void assertDecodes(PayloadFormat format, NatsColumnHandle column, byte[] payload, Object value)
    {
        RowDecoder decoder = RowDecoders.create(format, ImmutableList.of(column));
        BlockBuilder builder = column.type().createBlockBuilder(null, 1);
        try {
            decoder.decode(payload, 0, payload.length, new BlockBuilder[] {builder});
        }
        catch (DecodeException e) {
            throw new AssertionError(e.getMessage(), e);
        }
        assertThat(column.type().getObjectValue(builder.build(), 0)).hasToString(value.toString());
    }

    private static NatsColumnHandle column(DataFormat format, Type type)
    {
        return SlowInputs.column(format == DataFormat.CSV ? "0" : "v", type);
    }
}
