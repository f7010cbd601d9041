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
import io.streamlance.trino.nats.NatsColumnHandle.Source;
import io.trino.spi.block.Block;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.RowType;
import io.trino.spi.type.SqlVarbinary;
import io.trino.spi.type.Type;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.BooleanType.BOOLEAN;
import static io.trino.spi.type.DateType.DATE;
import static io.trino.spi.type.DecimalType.createDecimalType;
import static io.trino.spi.type.DoubleType.DOUBLE;
import static io.trino.spi.type.IntegerType.INTEGER;
import static io.trino.spi.type.RealType.REAL;
import static io.trino.spi.type.TimeType.TIME_MILLIS;
import static io.trino.spi.type.TimestampType.TIMESTAMP_MILLIS;
import static io.trino.spi.type.TimestampType.TIMESTAMP_NANOS;
import static io.trino.spi.type.TimestampWithTimeZoneType.TIMESTAMP_TZ_MILLIS;
import static io.trino.spi.type.TinyintType.TINYINT;
import static io.trino.spi.type.UuidType.UUID;
import static io.trino.spi.type.VarbinaryType.VARBINARY;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static io.trino.spi.type.VarcharType.createVarcharType;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TestJsonRowDecoder
{
    @Test
    void testScalars()
            throws DecodeException
    {
        assertValue(BOOLEAN, "true", true);
        assertValue(BOOLEAN, "\"false\"", false);
        assertValue(TINYINT, "-128", (byte) -128);
        assertValue(INTEGER, "2147483647", 2147483647);
        assertValue(BIGINT, "9223372036854775807", Long.MAX_VALUE);
        assertValue(BIGINT, "\"12\"", 12L);
        assertValue(BIGINT, "1.0", 1L);
        assertValue(BIGINT, "1e3", 1000L);
        assertValue(DOUBLE, "0.1", 0.1);
        assertValue(DOUBLE, "\"NaN\"", Double.NaN);
        assertValue(REAL, "1.5", 1.5f);
        assertValue(createDecimalType(18, 4), "12345678901234.5678", "12345678901234.5678");
        assertValue(createDecimalType(38, 2), "\"123456789012345678901234567890123456.78\"", "123456789012345678901234567890123456.78");
        assertValue(VARCHAR, "\"caf\\u00e9\"", "café");
        assertValue(createVarcharType(4), "\"café\"", "café");
        assertValue(VARCHAR, "1.50", "1.50");
        assertValue(VARCHAR, "{\"a\": [1.10, \"x\"]}", "{\"a\":[1.10,\"x\"]}");
        assertValue(UUID, "\"12151fd2-7586-11e9-8f9e-2a86e4085a59\"", "12151fd2-7586-11e9-8f9e-2a86e4085a59");
        assertThat(decode(VARBINARY, "\"AQI=\"")).isEqualTo(new SqlVarbinary(new byte[] {1, 2}));
    }

    @Test
    void testNumbersKeepTheirDigits()
            throws DecodeException
    {
        assertFails(BIGINT, "1.5", "column 'value': '1.5' is not a value of type bigint");
        assertFails(BIGINT, "9223372036854775808", "column 'value': '9223372036854775808' is not a value of type bigint");
        assertFails(TINYINT, "128", "column 'value': '128' is not a value of type tinyint");
        assertFails(createDecimalType(5, 2), "1.234", "column 'value': '1.234' is not a value of type decimal(5,2)");
        assertFails(createDecimalType(5, 2), "12345", "column 'value': '12345' is not a value of type decimal(5,2)");
        assertFails(BIGINT, "1e999999999", "column 'value': '1e999999999' is not a value of type bigint");
        assertFails(createDecimalType(5, 2), "1e-300000000", "column 'value': '1e-300000000' is not a value of type decimal(5,2)");
        assertValue(createDecimalType(5, 2), "1.2300000", "1.23");
        assertFails(createVarcharType(3), "\"café\"", "column 'value': a string is longer than varchar(3)");
    }

    @Test
    void testTemporal()
            throws DecodeException
    {
        assertValue(DATE, "\"2024-02-29\"", "2024-02-29");
        assertValue(TIME_MILLIS, "\"12:34:56.789\"", "12:34:56.789");
        assertValue(TIMESTAMP_MILLIS, "\"2024-02-29T12:34:56.789\"", "2024-02-29 12:34:56.789");
        assertValue(TIMESTAMP_MILLIS, "\"2024-02-29 12:34:56\"", "2024-02-29 12:34:56.000");
        assertValue(TIMESTAMP_NANOS, "\"2024-02-29T12:34:56.123456789\"", "2024-02-29 12:34:56.123456789");
        assertValue(TIMESTAMP_TZ_MILLIS, "\"2024-02-29T12:34:56.789+01:00\"", "2024-02-29 12:34:56.789 +01:00");
        assertValue(TIMESTAMP_TZ_MILLIS, "\"2024-02-29T12:34:56Z\"", "2024-02-29 12:34:56.000 UTC");
        assertValue(TIMESTAMP_MILLIS, "milliseconds-since-epoch", "1700000000123", "2023-11-14 22:13:20.123");
        assertValue(TIMESTAMP_NANOS, "nanoseconds-since-epoch", "1700000000123456789", "2023-11-14 22:13:20.123456789");
        assertValue(DATE, "seconds-since-epoch", "1700000000", "2023-11-14");
        assertFails(TIMESTAMP_MILLIS, "\"2024-02-29T12:34:56.7891\"", "column 'value': '2024-02-29T12:34:56.7891' is not a value of type timestamp(3)");
        assertTemporalFails(TIMESTAMP_MILLIS, "seconds-since-epoch", "1700000000123456");
        assertTemporalFails(TIMESTAMP_MILLIS, "seconds-since-epoch", "1e300000000");
        assertTemporalFails(DATE, "seconds-since-epoch", "30000000000000000");
        assertTemporalFails(TIMESTAMP_TZ_MILLIS, "seconds-since-epoch", "30000000000000000");
        assertTemporalFails(TIMESTAMP_TZ_MILLIS, "iso8601", "\"2024-02-29T12:34:56+18:00\"");
        assertFails(DATE, "\"2023-02-29\"", "column 'value': '2023-02-29' is not a value of type date");
    }

    @Test
    void testOffsets()
            throws DecodeException
    {
        // the column has no place for an offset
        assertFails(TIMESTAMP_MILLIS, "\"2024-02-29T12:34:56+01:00\"", "column 'value': '2024-02-29T12:34:56+01:00' is not a value of type timestamp(3)");
        assertTemporalFails(TIMESTAMP_MILLIS, "rfc2822", "\"Thu Feb 29 12:34:56 -0500 2024\"");
        assertTemporalFails(TIMESTAMP_MILLIS, "iso8601", "\"2024-02-29T12:34:56+01:00[Europe/Paris]\"");
        assertValue(TIMESTAMP_MILLIS, "\"2024-02-29T12:34:56Z\"", "2024-02-29 12:34:56.000");
        assertValue(TIMESTAMP_MILLIS, "rfc2822", "\"Thu Feb 29 12:34:56 +0000 2024\"", "2024-02-29 12:34:56.000");
        assertValue(TIMESTAMP_TZ_MILLIS, "rfc2822", "\"Thu Feb 29 12:34:56 -0500 2024\"", "2024-02-29 12:34:56.000 -05:00");
    }

    @Test
    void testOnlyFormsOfPayloads()
            throws DecodeException
    {
        for (Type type : List.of(DOUBLE, REAL)) {
            for (String text : List.of("\"1d\"", "\"0x1p3\"", "\" 1\"", "\"\"", "\"1e999\"", "1e999", "\"infinity\"")) {
                assertThatThrownBy(() -> decode(type, text)).isInstanceOf(DecodeException.class).hasMessageStartingWith("column 'value': ");
            }
            assertThat(decode(type, "\"-Infinity\"")).hasToString("-Infinity");
        }
        assertFails(REAL, "1e39", "column 'value': '1e39' is not a value of type real");
        assertValue(DOUBLE, "\"-1.5e3\"", -1500.0);
        assertFails(UUID, "\"1-1-1-1-1\"", "column 'value': '1-1-1-1-1' is not a value of type uuid");
        assertFails(UUID, "7", "column 'value': '7' is not a value of type uuid");
        assertFails(VARBINARY, "\"%%\"", "column 'value': '%%' is not a value of type varbinary in base64");
        assertFails(VARBINARY, "7", "column 'value': '7' is not a value of type varbinary");
    }

    @Test
    void testRowFieldsInAnotherCase()
            throws DecodeException
    {
        Type row = RowType.from(List.of(RowType.field("x", BIGINT)));
        assertThat(decode(row, "{\"X\": 1}")).isEqualTo(List.of(1L));
        // the name as written wins wherever it is
        assertThat(decode(row, "{\"X\": 1, \"x\": 2}")).isEqualTo(List.of(2L));
        assertThat(decode(row, "{\"x\": 2, \"X\": \"any\"}")).isEqualTo(List.of(2L));
        Type both = RowType.from(List.of(RowType.field("x", BIGINT), RowType.field("X", BIGINT)));
        assertThat(decode(both, "{\"X\": 1, \"x\": 2}")).isEqualTo(List.of(2L, 1L));
        Type upper = RowType.from(List.of(RowType.field("camelCase", BIGINT), RowType.field("other", BIGINT)));
        assertThat(decode(upper, "{\"camelCase\": 1, \"Other\": 2}")).isEqualTo(List.of(1L, 2L));
        Type two = RowType.from(List.of(RowType.field("longname", BIGINT)));
        assertFails(two, "{\"longName\": 1, \"LongName\": 2}", "column 'value': field 'LongName' occurs twice");
    }

    @Test
    void testNested()
            throws DecodeException
    {
        Type row = RowType.from(List.of(RowType.field("x", BIGINT), RowType.field("y", new ArrayType(VARCHAR))));
        List<Object> expected = new ArrayList<>();
        expected.add(null);
        expected.add(Arrays.asList("a", null));
        assertThat(decode(row, "{\"y\": [\"a\", null], \"other\": {\"z\": 1}}")).isEqualTo(expected);
        assertFails(row, "[1]", "column 'value': an array is not a value of type row");
    }

    @Test
    void testPaths()
            throws DecodeException
    {
        List<NatsColumnHandle> columns = List.of(
                NatsColumnHandle.field("at", BIGINT, "meta/at"),
                NatsColumnHandle.field("meta", VARCHAR, "meta"),
                NatsColumnHandle.field("slash", BIGINT, "a~1b"));
        BlockBuilder[] builders = builders(columns);
        decode(new StreamingRowDecoder(StreamingFormat.JSON, columns), "{\"meta\": {\"at\": 5, \"by\": \"x\"}, \"a/b\": 6}", builders);
        assertThat(BIGINT.getLong(builders[0].build(), 0)).isEqualTo(5);
        assertThat(VARCHAR.getSlice(builders[1].build(), 0).toStringUtf8()).isEqualTo("{\"at\":5,\"by\":\"x\"}");
        assertThat(BIGINT.getLong(builders[2].build(), 0)).isEqualTo(6);
    }

    @Test
    void testBadPayloads()
            throws DecodeException
    {
        assertDecodeFails("not json", "the payload is not JSON: Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')");
        assertDecodeFails("[1]", "the payload is not a JSON object");
        assertDecodeFails("{\"value\": 1} {}", "there is more after the JSON object");
        assertDecodeFails("{\"value\": 1, \"value\": 2}", "column 'value': the field occurs twice");
        assertThatThrownBy(() -> decodePayload("{\"value\": 1")).isInstanceOf(DecodeException.class);
        // a deletion marker has no payload
        assertThat(decodePayload("").isNull(0)).isTrue();
        assertThat(decodePayload("{}").isNull(0)).isTrue();
        assertThat(decodePayload("{\"value\": null}").isNull(0)).isTrue();
    }

    private static void assertDecodeFails(String payload, String message)
    {
        assertThatThrownBy(() -> decodePayload(payload)).isInstanceOf(DecodeException.class).hasMessage(message);
    }

    private static Block decodePayload(String payload)
            throws DecodeException
    {
        List<NatsColumnHandle> columns = List.of(NatsColumnHandle.field("value", BIGINT, "value"));
        BlockBuilder[] builders = builders(columns);
        decode(new StreamingRowDecoder(StreamingFormat.JSON, columns), payload, builders);
        return builders[0].build();
    }

    private static void assertTemporalFails(Type type, String dataFormat, String json)
    {
        assertThatThrownBy(() -> decode(type, Optional.of(dataFormat), json)).isInstanceOf(DecodeException.class).hasMessageStartingWith("column 'value': ");
    }

    private static void assertFails(Type type, String json, String message)
    {
        assertThatThrownBy(() -> decode(type, json)).isInstanceOf(DecodeException.class).hasMessage(message);
    }

    private static void assertValue(Type type, String json, Object expected)
            throws DecodeException
    {
        assertThat(decode(type, json)).matches(actual -> actual.equals(expected) || actual.toString().equals(expected.toString()), "is " + expected);
    }

    private static void assertValue(Type type, String dataFormat, String json, Object expected)
            throws DecodeException
    {
        assertThat(decode(type, Optional.of(dataFormat), json)).hasToString(expected.toString());
    }

    private static Object decode(Type type, String json)
            throws DecodeException
    {
        return decode(type, Optional.empty(), json);
    }

    private static Object decode(Type type, Optional<String> dataFormat, String json)
            throws DecodeException
    {
        List<NatsColumnHandle> columns = List.of(new NatsColumnHandle("value", type, Source.FIELD, "value", dataFormat, Optional.empty(), Optional.empty()));
        BlockBuilder[] builders = builders(columns);
        decode(new StreamingRowDecoder(StreamingFormat.JSON, columns), "{\"value\": %s}".formatted(json), builders);
        return type.getObjectValue(builders[0].build(), 0);
    }

    private static BlockBuilder[] builders(List<NatsColumnHandle> columns)
    {
        return columns.stream().map(column -> column.type().createBlockBuilder(null, 1)).toArray(BlockBuilder[]::new);
    }

    private static void decode(StreamingRowDecoder decoder, String payload, BlockBuilder[] builders)
            throws DecodeException
    {
        byte[] bytes = payload.getBytes(UTF_8);
        decoder.decode(bytes, 0, bytes.length, builders);
    }
}
