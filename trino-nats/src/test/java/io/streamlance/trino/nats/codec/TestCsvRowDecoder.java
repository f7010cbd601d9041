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
import io.streamlance.trino.nats.NatsColumnHandle;
import io.trino.spi.type.ArrayType;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

import static io.streamlance.trino.nats.NatsColumnHandle.field;
import static io.streamlance.trino.nats.codec.DecoderAssertions.assertDecodeFails;
import static io.streamlance.trino.nats.codec.DecoderAssertions.decode;
import static io.streamlance.trino.nats.codec.DecoderAssertions.survivesBadPayloads;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.BooleanType.BOOLEAN;
import static io.trino.spi.type.DecimalType.createDecimalType;
import static io.trino.spi.type.DoubleType.DOUBLE;
import static io.trino.spi.type.TimestampType.TIMESTAMP_MILLIS;
import static io.trino.spi.type.VarbinaryType.VARBINARY;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TestCsvRowDecoder
{
    private static final List<NatsColumnHandle> COLUMNS = ImmutableList.of(
            field("text", VARCHAR, "1"),
            field("id", BIGINT, "0"),
            field("id_again", VARCHAR, "0"),
            field("price", createDecimalType(10, 2), "2"),
            DecoderAssertions.field("5", TIMESTAMP_MILLIS, "milliseconds-since-epoch"));
    private static final RowDecoder DECODER = new CsvRowDecoder(COLUMNS, Optional.empty(), Optional.empty());

    @Test
    void testValues()
            throws DecodeException
    {
        assertThat(row("7,\"a, \"\"b\"\"\ncafé\",1.5,x,y,1700000000123")).hasToString("[a, \"b\"\ncafé, 7, 7, 1.50, 2023-11-14 22:13:20.123]");
        assertThat(row("7,x,1\r\n")).hasToString("[x, 7, 7, 1.00, null]");
        // nothing is NULL, a quoted nothing is an empty string
        assertThat(row("7,,1")).hasToString("[null, 7, 7, 1.00, null]");
        assertThat(row("7,\"\",1")).hasToString("[, 7, 7, 1.00, null]");
        assertThat(row("")).hasToString("[null, null, null, null, null]");
        List<NatsColumnHandle> others = ImmutableList.of(field("a", BOOLEAN, "0"), field("b", DOUBLE, "1"), field("c", VARBINARY, "2"), field("d", VARCHAR, "3"));
        assertThat(decode(new CsvRowDecoder(others, Optional.of(";"), Optional.of("'")), others, "true;-1.5e3;AQI=;'a;b'".getBytes(UTF_8))).hasToString("[true, -1500.0, AQI=, a;b]");
    }

    @Test
    void testErrors()
    {
        assertDecodeFails(DECODER, COLUMNS, "x,a".getBytes(UTF_8), "column 'id': 'x' is not a value of type bigint");
        assertDecodeFails(DECODER, COLUMNS, "1,a,1.234".getBytes(UTF_8), "column 'price': '1.234' is not a value of type decimal(10,2)");
        assertDecodeFails(DECODER, COLUMNS, "1,a\n2,b".getBytes(UTF_8), "the payload has more than one line");
        assertDecodeFails(DECODER, COLUMNS, "1,\"a".getBytes(UTF_8), "the payload is not CSV: ");
        assertThat(survivesBadPayloads(DECODER, COLUMNS, "7,\"a, \"\"b\"\"\ncafé\",1.5,x,y,1700000000123".getBytes(UTF_8))).isGreaterThan(1);
    }

    @Test
    void testBadDescriptions()
    {
        assertBad(field("a", BIGINT, "a"), Optional.empty(), "field 'a': mapping 'a' is not the position of a CSV value, counted from 0");
        assertBad(field("a", BIGINT, "-1"), Optional.empty(), "field 'a': mapping '-1' is not the position of a CSV value, counted from 0");
        assertBad(field("a", new ArrayType(BIGINT), "0"), Optional.empty(), "field 'a': type array(bigint) cannot be in CSV");
        assertBad(field("a", BIGINT, "0"), Optional.of("||"), "delimiter '||' is not one character");
    }

    private static void assertBad(NatsColumnHandle column, Optional<String> delimiter, String message)
    {
        assertThatThrownBy(() -> new CsvRowDecoder(ImmutableList.of(column), delimiter, Optional.empty())).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    private static List<Object> row(String payload)
            throws DecodeException
    {
        return decode(DECODER, COLUMNS, payload.getBytes(UTF_8));
    }
}
