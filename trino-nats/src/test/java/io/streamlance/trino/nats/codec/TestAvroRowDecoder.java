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
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.schema.DataFormat;
import io.streamlance.trino.nats.schema.PayloadFormat;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.RowType;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static io.streamlance.trino.nats.NatsColumnHandle.field;
import static io.streamlance.trino.nats.codec.DecoderAssertions.assertDecodeFails;
import static io.streamlance.trino.nats.codec.DecoderAssertions.decode;
import static io.streamlance.trino.nats.codec.DecoderAssertions.survivesBadPayloads;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.DateType.DATE;
import static io.trino.spi.type.DecimalType.createDecimalType;
import static io.trino.spi.type.DoubleType.DOUBLE;
import static io.trino.spi.type.TimestampType.TIMESTAMP_MILLIS;
import static io.trino.spi.type.TimestampType.TIMESTAMP_SECONDS;
import static io.trino.spi.type.TimestampWithTimeZoneType.TIMESTAMP_TZ_MILLIS;
import static io.trino.spi.type.TinyintType.TINYINT;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TestAvroRowDecoder
{
    private static final String SCHEMA =
            """
            {"type": "record", "name": "Trade", "fields": [
              {"name": "flag", "type": "boolean"},
              {"name": "small", "type": "int"},
              {"name": "large", "type": "long"},
              {"name": "single", "type": "float"},
              {"name": "ratio", "type": "double"},
              {"name": "Text", "type": ["null", "string"]},
              {"name": "bytes", "type": "bytes"},
              {"name": "fixed", "type": {"type": "fixed", "name": "Two", "size": 2}},
              {"name": "side", "type": {"type": "enum", "name": "Side", "symbols": ["BUY", "SELL"]}},
              {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 30, "scale": 4}},
              {"name": "day", "type": {"type": "int", "logicalType": "date"}},
              {"name": "time", "type": {"type": "int", "logicalType": "time-millis"}},
              {"name": "exact_time", "type": {"type": "long", "logicalType": "time-micros"}},
              {"name": "millis", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "micros", "type": {"type": "long", "logicalType": "timestamp-micros"}},
              {"name": "nanos", "type": {"type": "long", "logicalType": "timestamp-nanos"}},
              {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
              {"name": "list", "type": {"type": "array", "items": ["null", "long"]}},
              {"name": "map", "type": {"type": "map", "values": "long"}},
              {"name": "meta", "type": ["null", {"type": "record", "name": "Meta", "fields": [
                {"name": "Source", "type": "string"}, {"name": "hops", "type": "int"}]}]},
              {"name": "absent", "type": ["null", "Meta"]}]}
            """;
    private static final List<NatsColumnHandle> DERIVED = SchemaColumns.derive(new PayloadFormat(DataFormat.AVRO, Optional.of(SCHEMA), Optional.empty(), Optional.empty(), Optional.empty()));

    @Test
    void testDerivedColumns()
            throws IOException
    {
        assertThat(DERIVED).extracting(column -> column.name() + " " + column.type().getDisplayName()).containsExactly(
                "flag boolean",
                "small integer",
                "large bigint",
                "single real",
                "ratio double",
                "text varchar",
                "bytes varbinary",
                "fixed varbinary",
                "side varchar",
                "price decimal(30,4)",
                "day date",
                "time time(3)",
                "exact_time time(6)",
                "millis timestamp(3)",
                "micros timestamp(6)",
                "nanos timestamp(9)",
                "id uuid",
                "list array(bigint)",
                "map map(varchar, bigint)",
                "meta row(\"Source\" varchar, \"hops\" integer)",
                "absent row(\"Source\" varchar, \"hops\" integer)");
        assertThat(decode(decoder(DERIVED), DERIVED, payload())).hasToString(
                "[true, -5, 9223372036854775807, 1.5, 0.1, café, Af8=, AgM=, SELL, 123456789012345678901234.5678, 2024-02-29, 12:34:56.789, 12:34:56.789012, " +
                        "2023-11-14 22:13:20.123, 1969-12-31 23:59:59.999999, 2023-11-14 22:13:20.123456789, 12151fd2-7586-11e9-8f9e-2a86e4085a59, " +
                        "[1, null, 3], {a=1}, [feed, 7], null]");
    }

    @Test
    void testWantedFields()
            throws IOException
    {
        List<NatsColumnHandle> columns = ImmutableList.of(
                field("hops", TINYINT, "meta/hops"),
                field("source", VARCHAR, "meta/Source"),
                field("meta", RowType.from(ImmutableList.of(RowType.field("source", VARCHAR))), "meta"),
                field("nothing", BIGINT, "absent/hops"),
                field("single", DOUBLE, "single"),
                field("millis", TIMESTAMP_TZ_MILLIS, "millis"),
                field("price", createDecimalType(38, 6), "price"));
        assertThat(decode(decoder(columns), columns, payload())).hasToString("[7, feed, [feed], null, 1.5, 2023-11-14 22:13:20.123 UTC, 123456789012345678901234.567800]");
        // an empty payload is a deletion marker
        assertThat(decode(decoder(columns), columns, new byte[0])).containsOnlyNulls();
        assertThat(decode(decoder(ImmutableList.of()), ImmutableList.of(), payload())).isEmpty();
    }

    @Test
    void testRegistryHeader()
            throws IOException
    {
        byte[] payload = Bytes.concat(new byte[] {0, 0, 0, 1, 7}, payload());
        assertThat(decode(decoder(DERIVED), DERIVED, payload)).isEqualTo(decode(decoder(DERIVED), DERIVED, payload()));
        // a record that begins like a header
        Schema schema = new Schema.Parser().parse("{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"a\", \"type\": \"long\"}, {\"name\": \"b\", \"type\": \"string\"}]}");
        List<NatsColumnHandle> columns = ImmutableList.of(field("a", BIGINT, "a"), field("b", VARCHAR, "b"));
        assertThat(decode(new AvroRowDecoder(schema, columns), columns, HexFormat.of().parseHex("0006616263"))).hasToString("[0, abc]");
        assertThat(decode(new AvroRowDecoder(schema, columns), columns, HexFormat.of().parseHex("000000000506026a"))).hasToString("[3, j]");
    }

    @Test
    void testDataFormats()
            throws IOException
    {
        List<NatsColumnHandle> columns = ImmutableList.of(DecoderAssertions.field("small", TIMESTAMP_MILLIS, "seconds-since-epoch"), DecoderAssertions.field("large", DATE, "milliseconds-since-epoch"));
        Schema schema = schema("{\"name\": \"small\", \"type\": \"int\"}, {\"name\": \"large\", \"type\": \"long\"}");
        GenericRecord trade = new GenericRecordBuilder(schema).set("small", 1700000000).set("large", 1700000000123L).build();
        assertThat(decode(new AvroRowDecoder(schema, columns), columns, write(schema, trade))).hasToString("[2023-11-14 22:13:20.000, 2023-11-14]");
    }

    @Test
    void testBadPayloads()
            throws IOException
    {
        // only the empty payload is a row
        assertThat(survivesBadPayloads(decoder(DERIVED), DERIVED, payload())).isEqualTo(1);
        List<NatsColumnHandle> last = DERIVED.subList(20, 21);
        assertThat(survivesBadPayloads(decoder(last), last, payload())).isEqualTo(1);

        List<NatsColumnHandle> narrow = ImmutableList.of(field("micros", TIMESTAMP_SECONDS, "micros"));
        assertDecodeFails(decoder(narrow), narrow, payload(), "column 'micros': '1969-12-31T23:59:59.999999' is not a value of type timestamp(0)");
        List<NatsColumnHandle> tiny = ImmutableList.of(field("large", TINYINT, "large"));
        assertDecodeFails(decoder(tiny), tiny, payload(), "column 'large': '9223372036854775807' is not a value of type tinyint");
        assertDecodeFails(decoder(ImmutableList.of()), ImmutableList.of(), Bytes.concat(payload(), new byte[1]), "there is more after the Avro record");

        // two gigabytes of bytes, nulls and items, announced but not there
        for (String type : List.of("\"bytes\"", "\"string\"", "{\"type\": \"array\", \"items\": \"null\"}", "{\"type\": \"array\", \"items\": \"long\"}", "{\"type\": \"map\", \"values\": \"null\"}")) {
            Schema schema = schema("{\"name\": \"x\", \"type\": %s}".formatted(type));
            assertDecodeFails(new AvroRowDecoder(schema, ImmutableList.of()), ImmutableList.of(), HexFormat.of().parseHex("feffffff0f"), "");
            assertDecodeFails(new AvroRowDecoder(schema, ImmutableList.of()), ImmutableList.of(), HexFormat.of().parseHex("ffffffffffffffffff01"), "");
        }
    }

    @Test
    void testRecursion()
    {
        Schema schema = schema("{\"name\": \"x\", \"type\": \"int\"}, {\"name\": \"next\", \"type\": [\"null\", \"R\"]}");
        List<NatsColumnHandle> columns = ImmutableList.of(field("x", BIGINT, "x"));
        byte[] endless = new byte[200_000];
        Arrays.fill(endless, (byte) 2);
        assertDecodeFails(new AvroRowDecoder(schema, columns), columns, endless, "values are nested deeper than");
        assertThatThrownBy(() -> SchemaColumns.derive(new PayloadFormat(DataFormat.AVRO, Optional.of(schema.toString()), Optional.empty(), Optional.empty(), Optional.empty())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("field 'next' of the schema: record R contains itself. Name the wanted columns in message.fields");
    }

    @Test
    void testBadDescriptions()
    {
        assertBad(field("x", VARCHAR, "none"), "field 'x': the schema has no field 'none'");
        assertBad(field("x", VARCHAR, "small/y"), "field 'x': the schema has no field 'small/y'");
        assertBad(field("x", VARCHAR, "small"), "field 'x': type varchar does not hold values that the schema has as integer");
        assertBad(field("x", new ArrayType(VARCHAR), "list"), "field 'x': type varchar does not hold values that the schema has as bigint");
        assertBad(field("x", RowType.from(ImmutableList.of(RowType.field("nope", VARCHAR))), "meta"), "field 'x': the schema has no field 'nope' of the row");
        assertBad(DecoderAssertions.field("small", TIMESTAMP_MILLIS, "iso8601"), "field 'small': dataFormat 'iso8601' does not apply to values that the schema has as integer");
        assertBad(DecoderAssertions.field("large", BIGINT, "iso8601"), "field 'large': dataFormat 'iso8601' does not apply to bigint");
        assertThatThrownBy(() -> AvroSchemas.parse("{")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("is not an Avro schema");
        assertThatThrownBy(() -> AvroSchemas.parse("\"string\"")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("of a string, not of a record");
    }

    private static void assertBad(NatsColumnHandle column, String message)
    {
        assertThatThrownBy(() -> decoder(ImmutableList.of(column))).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message);
    }

    private static AvroRowDecoder decoder(List<NatsColumnHandle> columns)
    {
        return new AvroRowDecoder(AvroSchemas.parse(SCHEMA), columns);
    }

    private static Schema schema(String fields)
    {
        return new Schema.Parser().parse("{\"type\": \"record\", \"name\": \"R\", \"fields\": [%s]}".formatted(fields));
    }

    private static byte[] payload()
            throws IOException
    {
        Schema schema = AvroSchemas.parse(SCHEMA);
        Schema meta = schema.getField("meta").schema().getTypes().get(1);
        return write(schema, new GenericRecordBuilder(schema)
                .set("flag", true)
                .set("small", -5)
                .set("large", Long.MAX_VALUE)
                .set("single", 1.5f)
                .set("ratio", 0.1)
                .set("Text", "café")
                .set("bytes", ByteBuffer.wrap(new byte[] {1, -1}))
                .set("fixed", new GenericData.Fixed(schema.getField("fixed").schema(), new byte[] {2, 3}))
                .set("side", new GenericData.EnumSymbol(schema.getField("side").schema(), "SELL"))
                .set("price", ByteBuffer.wrap(new BigInteger("1234567890123456789012345678").toByteArray()))
                .set("day", 19782)
                .set("time", 45_296_789)
                .set("exact_time", 45_296_789_012L)
                .set("millis", 1700000000123L)
                .set("micros", -1L)
                .set("nanos", 1700000000123456789L)
                .set("id", "12151fd2-7586-11e9-8f9e-2a86e4085a59")
                .set("list", Arrays.asList(1L, null, 3L))
                .set("map", Map.of("a", 1L))
                .set("meta", new GenericRecordBuilder(meta).set("Source", "feed").set("hops", 7).build())
                .set("absent", null)
                .build());
    }

    private static byte[] write(Schema schema, GenericRecord trade)
            throws IOException
    {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(schema).write(trade, encoder);
        encoder.flush();
        return out.toByteArray();
    }
}
