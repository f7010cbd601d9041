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

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.common.collect.ImmutableList;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.codec.RowDecoder;
import io.streamlance.trino.nats.codec.RowDecoders;
import io.streamlance.trino.nats.schema.DataFormat;
import io.streamlance.trino.nats.schema.PayloadFormat;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.MapType;
import io.trino.spi.type.RowType;
import io.trino.spi.type.Type;
import io.trino.spi.type.TypeOperators;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.BooleanType.BOOLEAN;
import static io.trino.spi.type.DateType.DATE;
import static io.trino.spi.type.DecimalType.createDecimalType;
import static io.trino.spi.type.DoubleType.DOUBLE;
import static io.trino.spi.type.RealType.REAL;
import static io.trino.spi.type.TimeType.TIME_NANOS;
import static io.trino.spi.type.TimestampType.TIMESTAMP_NANOS;
import static io.trino.spi.type.TimestampWithTimeZoneType.TIMESTAMP_TZ_NANOS;
import static io.trino.spi.type.UuidType.UUID;
import static io.trino.spi.type.VarbinaryType.VARBINARY;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.nio.charset.StandardCharsets.UTF_8;

/// Columns of every type, and values made to take long.
public final class SlowInputs
{
    static final Type BIGINTS = new ArrayType(BIGINT);
    private static final TypeOperators TYPE_OPERATORS = new TypeOperators();
    static final Type WIDE_ROW = RowType.from(IntStream.range(0, 1000).mapToObj(i -> RowType.field("f" + i, BIGINT)).toList());
    private static final Type MAP = new MapType(VARCHAR, VARCHAR, TYPE_OPERATORS);

    private SlowInputs() {}

    static NatsColumnHandle column(String mapping, Type type)
    {
        return NatsColumnHandle.field("c", type, mapping);
    }

    private static NatsColumnHandle column(String mapping, Type type, String dataFormat, String formatHint)
    {
        return new NatsColumnHandle("c", type, NatsColumnHandle.Source.FIELD, mapping, Optional.of(dataFormat), Optional.ofNullable(formatHint), Optional.empty());
    }

    static RowDecoder json(List<NatsColumnHandle> columns)
    {
        return RowDecoders.create(PayloadFormat.of(DataFormat.JSON), columns);
    }

    /// @param mapping the same for all
    static List<NatsColumnHandle> scalarColumns(String mapping)
    {
        return ImmutableList.of(
                column(mapping, BOOLEAN),
                column(mapping, BIGINT),
                column(mapping, createDecimalType(38, 10)),
                column(mapping, REAL),
                column(mapping, DOUBLE),
                column(mapping, VARCHAR),
                column(mapping, VARBINARY),
                column(mapping, UUID),
                column(mapping, DATE),
                column(mapping, TIME_NANOS),
                column(mapping, TIMESTAMP_NANOS),
                column(mapping, TIMESTAMP_TZ_NANOS),
                column(mapping, TIMESTAMP_NANOS, "seconds-since-epoch", null),
                column(mapping, TIMESTAMP_TZ_NANOS, "nanoseconds-since-epoch", null),
                column(mapping, TIMESTAMP_TZ_NANOS, "rfc2822", null),
                column(mapping, TIMESTAMP_NANOS, "custom-date-time", "yyyy-MM-dd HH:mm:ss[.SSSSSSSSS]"),
                column(mapping, TIMESTAMP_TZ_NANOS, "custom-date-time", "y[y]-M-d'T'H:m:s[.n][VV][zzzz][O][XXX]"));
    }

    static List<NatsColumnHandle> columns(String mapping)
    {
        return ImmutableList.<NatsColumnHandle>builder()
                .addAll(scalarColumns(mapping))
                .add(column("other", VARCHAR))
                .add(column(mapping, BIGINTS))
                .add(column(mapping, new ArrayType(createDecimalType(38, 10))))
                .add(column(mapping, new ArrayType(VARCHAR)))
                .add(column(mapping, new ArrayType(TIMESTAMP_NANOS)))
                .add(column(mapping, new ArrayType(MAP)))
                .add(column(mapping, new ArrayType(WIDE_ROW)))
                .add(column(mapping, MAP))
                .add(column(mapping, new MapType(VARCHAR, new ArrayType(VARCHAR), TYPE_OPERATORS)))
                .add(column(mapping, WIDE_ROW))
                .build();
    }

    /// Two columns of one field, which makes the decoder keep the value.
    static List<NatsColumnHandle> twoColumns(String mapping)
    {
        return ImmutableList.of(column(mapping, VARCHAR), column(mapping, createDecimalType(38, 10)), column(mapping + "/f1", BIGINT));
    }

    public record Value(String name, String text) {}

    /// @param size in characters
    static List<Value> texts(int size)
    {
        return ImmutableList.of(
                new Value("digits", "7".repeat(size)),
                new Value("fraction", "0." + "3".repeat(size)),
                new Value("zeros", "0".repeat(size) + "1"),
                new Value("trailing zeros", "1." + "0".repeat(size)),
                new Value("exponent", "1e1000000000"),
                new Value("negative exponent", "1e-1000000000"),
                new Value("digits of an exponent", "1e" + "1".repeat(size)),
                new Value("signs", "-".repeat(size)),
                new Value("spaces", " ".repeat(size)),
                new Value("date", "2024-01-01T00:00:00." + "1".repeat(size)),
                new Value("date with a space", "2024-01-01 00:00:00" + " ".repeat(size)),
                new Value("year", "+" + "9".repeat(size) + "-01-01T00:00:00Z"),
                new Value("time", "00:00:00" + ":00".repeat(size / 3)),
                new Value("offsets", "2024-01-01T00:00:00" + "+01:00".repeat(size / 6)),
                new Value("zone", "2024-01-01T00:00:00[Europe/" + "A".repeat(size) + "]"),
                new Value("zones", "2024-01-01T00:00:00" + "GMT+1".repeat(size / 5)),
                new Value("groups", "1-1".repeat(size / 3)),
                new Value("base64", "QUJD".repeat(size / 4) + "!"),
                new Value("base64 padding", "=".repeat(size)),
                new Value("wide characters", "\uD83D\uDE00".repeat(size / 4)),
                new Value("control characters", "\u0001".repeat(size / 6)));
    }

    /// Unquoted values of an object `{"v": …}`.
    public static List<Value> jsonValues(int size)
    {
        List<String> keys = collidingKeys(size / 20);
        ImmutableList.Builder<Value> values = ImmutableList.builder();
        values.add(new Value("integer", "7".repeat(size)));
        values.add(new Value("fraction", "0." + "3".repeat(size)));
        values.add(new Value("exponent", "1e1000000000"));
        values.add(new Value("negative exponent", "1e-1000000000"));
        values.add(new Value("digits of an exponent", "1e" + "1".repeat(size)));
        values.add(new Value("array of long integers", array("7".repeat(3999), size)));
        values.add(new Value("array of long fractions", array("0." + "7".repeat(3900), size)));
        values.add(new Value("array of long texts", array("\"" + "7".repeat(3999) + "\"", size)));
        values.add(new Value("array of exponents", array("1e999999999", size)));
        values.add(new Value("array of numbers", array("1", size)));
        values.add(new Value("array of arrays", array("[]", size)));
        values.add(new Value("array of objects", array("{}", size)));
        values.add(new Value("array of small objects", array("{\"f1\":1}", size)));
        values.add(new Value("array of objects with changing names", array("{\"f%s\":1}", size / 2)));
        values.add(new Value("array of objects with changing types", array("{\"f%s\":1},{\"f%1$s\":1.5},{\"f%1$s\":\"\"}", size / 2)));
        values.add(new Value("nested arrays", "[".repeat(size / 2) + "]".repeat(size / 2)));
        values.add(new Value("nested objects", "{\"f1\":".repeat(size / 7) + "1" + "}".repeat(size / 7)));
        values.add(new Value("nested arrays without end", "[".repeat(size)));
        values.add(new Value("moderately nested", array("[".repeat(900) + "]".repeat(900), size)));
        values.add(new Value("names", object("\"n%s\":1", size)));
        values.add(new Value("fields of the row", object("\"f%s\":1", size)));
        values.add(new Value("names in another case", object("\"F1\":1", size)));
        values.add(new Value("duplicate names", object("\"f1\":1", size)));
        values.add(new Value("colliding names", "{\"" + String.join("\":1,\"", keys) + "\":1}"));
        values.add(new Value("long name", "{\"" + "n".repeat(size) + "\":1}"));
        values.add(new Value("escapes", "\"" + "\\u0041".repeat(size / 6) + "\""));
        values.add(new Value("white space", " ".repeat(size) + "1"));
        return values.build();
    }

    private static String array(String element, int size)
    {
        return "[" + list(element, size) + "]";
    }

    private static String object(String field, int size)
    {
        return "{" + list(field, size) + "}";
    }

    private static String list(String item, int size)
    {
        StringBuilder list = new StringBuilder();
        for (int i = 0; list.length() < size; i++) {
            list.append(i == 0 ? "" : ",").append(item.contains("%") ? item.formatted(i) : item);
        }
        return list.toString();
    }

    /// Strings with the same hash code.
    private static List<String> collidingKeys(int count)
    {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder key = new StringBuilder();
            for (int bit = 0; bit < 16; bit++) {
                key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            keys.add(key.toString());
        }
        return keys;
    }

    /// The generator of MessagePack cannot copy every string.
    static void copyCurrentEvent(JsonParser parser, JsonGenerator generator)
            throws IOException
    {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            generator.writeString(parser.getText());
        }
        else {
            generator.copyCurrentEvent(parser);
        }
    }

    /// @param parts strings, which are UTF-8, bytes, and integers, which are one byte
    static byte[] bytes(Object... parts)
    {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Object part : parts) {
            switch (part) {
                case byte[] value -> bytes.writeBytes(value);
                case String value -> bytes.writeBytes(value.getBytes(UTF_8));
                case Integer value -> bytes.write(value);
                default -> throw new IllegalArgumentException("not bytes: " + part);
            }
        }
        return bytes.toByteArray();
    }

    static byte[] repeat(byte[] bytes, int count)
    {
        ByteArrayOutputStream repeated = new ByteArrayOutputStream(bytes.length * count);
        for (int i = 0; i < count; i++) {
            repeated.writeBytes(bytes);
        }
        return repeated.toByteArray();
    }
}
