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

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.smile.SmileFactory;
import com.google.common.collect.ImmutableList;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.codec.RowDecoder;
import io.streamlance.trino.nats.codec.RowDecoders;
import io.streamlance.trino.nats.codec.limit.SlowInputs.Value;
import io.streamlance.trino.nats.schema.DataFormat;
import io.streamlance.trino.nats.schema.PayloadFormat;
import org.junit.jupiter.api.Test;
import org.msgpack.jackson.dataformat.MessagePackFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

import static io.streamlance.trino.nats.codec.limit.SlowInputs.bytes;
import static io.streamlance.trino.nats.codec.limit.SlowInputs.repeat;
import static java.nio.charset.StandardCharsets.UTF_8;

/// Payloads made to take long, in every format and for every type of column. `-Dstreamlance.slow-input-size=1000000` for
/// payloads of that size.
final class TestSlowInputs
{
    private static final int SIZE = Integer.getInteger("streamlance.slow-input-size", 100_000);
    private static final Map<DataFormat, JsonFactory> FACTORIES = Map.of(
            DataFormat.JSON, unlimited(new JsonFactory()),
            DataFormat.CBOR, unlimited(new CBORFactory()),
            DataFormat.SMILE, unlimited(new SmileFactory()),
            DataFormat.MSGPACK, new MessagePackFactory());

    private final long limit = DecodeCost.limitNanosPerByte();
    private final SlowInputResults results = new SlowInputResults(limit);

    private static JsonFactory unlimited(JsonFactory factory)
    {
        factory.setStreamReadConstraints(StreamReadConstraints.builder().maxNumberLength(Integer.MAX_VALUE).maxNestingDepth(Integer.MAX_VALUE).maxNameLength(Integer.MAX_VALUE).build());
        factory.setStreamWriteConstraints(StreamWriteConstraints.builder().maxNestingDepth(Integer.MAX_VALUE).build());
        return factory;
    }

    @Test
    void testValues()
    {
        for (Value value : SlowInputs.texts(SIZE)) {
            for (DataFormat format : FACTORIES.keySet()) {
                check(format, value.name() + " as text", payload(format, '"' + value.text().replace("\u0001", "\\u0001") + '"'));
            }
            for (NatsColumnHandle column : SlowInputs.scalarColumns("0")) {
                check(DataFormat.CSV, value.name(), value.text().getBytes(UTF_8), ImmutableList.of(column));
                check(DataFormat.CSV, value.name() + " in quotes", ('"' + value.text() + '"').getBytes(UTF_8), ImmutableList.of(column));
            }
        }
        for (Value value : SlowInputs.jsonValues(SIZE)) {
            for (DataFormat format : FACTORIES.keySet()) {
                check(format, value.name(), payload(format, value.text()));
            }
        }
        results.report();
    }

    @Test
    void testBinaryValues()
            throws IOException
    {
        byte[] cborStart = bytes(0xA1, 0x61, "v");
        check(DataFormat.CBOR, "nested tags", bytes(cborStart, repeat(bytes(0xC6), SIZE), 0x01));
        check(DataFormat.CBOR, "nested tags of a name", bytes(0xA1, repeat(bytes(0xC6), SIZE), 0x01, 0x01));
        check(DataFormat.CBOR, "tags of every element", bytes(cborStart, 0x9F, repeat(bytes(repeat(bytes(0xC6), 15), 0x01), SIZE / 16), 0xFF));
        check(DataFormat.CBOR, "large tags", bytes(cborStart, repeat(bytes(0xDA, 0, 1, 0, 0), SIZE / 5), 0x01));
        check(DataFormat.CBOR, "chunks of a text", bytes(cborStart, 0x7F, repeat(bytes(0x60), SIZE), 0xFF));
        check(DataFormat.CBOR, "chunks of bytes", bytes(cborStart, 0x5F, repeat(bytes(0x41, 1), SIZE / 2), 0xFF));
        check(DataFormat.CBOR, "chunks of a name", bytes(0xA1, 0x7F, repeat(bytes(0x61, "v"), SIZE / 2), 0xFF, 0x01));
        check(DataFormat.CBOR, "a large integer", bytes(cborStart, 0xC2, 0x5A, 0, 2, 0, 0, repeat(bytes(0x7F), 1 << 17)));
        check(DataFormat.CBOR, "a large exponent", bytes(cborStart, 0xC4, 0x82, 0x1A, 0x7F, 0xFF, 0xFF, 0xFF, 0x01));
        check(DataFormat.CBOR, "long length", bytes(cborStart, 0x5A, 0x7F, 0xFF, 0xFF, 0xF0, 1));
        check(DataFormat.CBOR, "long text", bytes(cborStart, 0x7A, 0x7F, 0xFF, 0xFF, 0xF0, 1));
        check(DataFormat.CBOR, "long array", bytes(cborStart, 0x9A, 0x7F, 0xFF, 0xFF, 0xFF, 1));
        byte[] references = bytes(0xD9, 1, 0, 0xA1, 0x61, "v", 0x9F, 0x7A, 0, 0, 0xFF, 0xFF, repeat(bytes("x"), 0xFFFF), repeat(bytes(0xD8, 0x19, 0), SIZE / 3), 0xFF);
        check(DataFormat.CBOR, "references to a long text", references);
        byte[] names = bytes(0xD9, 1, 0, 0xA1, 0x61, "v", 0x9F, 0x5A, 0, 0, 0xFF, 0xFF, repeat(bytes("x"), 0xFFFF), repeat(bytes(0xA1, 0xD8, 0x19, 0, 0), SIZE / 5), 0xFF);
        check(DataFormat.CBOR, "references of names", names);
        byte[] msgpackStart = bytes(0x81, 0xA1, "v");
        for (int type : new int[] {0xC6, 0xC9, 0xDB, 0xDD, 0xDF}) {
            check(DataFormat.MSGPACK, "long length of type %02X".formatted(type), bytes(msgpackStart, type, 0x7F, 0xFF, 0xFF, 0xFF, 5, 1));
            check(DataFormat.MSGPACK, "longer length of type %02X".formatted(type), bytes(msgpackStart, type, 0xFF, 0xFF, 0xFF, 0xFF, 5, 1));
            check(DataFormat.MSGPACK, "lengths of type %02X".formatted(type), bytes(msgpackStart, 0x92, repeat(bytes(type, 0, 0, 0, 0, 1), SIZE / 6)));
        }
        check(DataFormat.MSGPACK, "nested arrays", bytes(msgpackStart, repeat(bytes(0x91), SIZE), 0x01));
        check(DataFormat.MSGPACK, "nested maps", bytes(msgpackStart, repeat(bytes(0x81, 0x01), SIZE / 2), 0x01));
        for (BigInteger integer : new BigInteger[] {BigInteger.TWO.pow(8 * SIZE), BigInteger.TWO.pow(30_000).negate()}) {
            check(DataFormat.SMILE, "a large integer", generated(DataFormat.SMILE, generator -> generator.writeNumber(integer)));
            check(DataFormat.SMILE, "a large decimal", generated(DataFormat.SMILE, generator -> generator.writeNumber(new BigDecimal(integer, 1_000_000_000))));
            check(DataFormat.CBOR, "a large decimal", generated(DataFormat.CBOR, generator -> generator.writeNumber(new BigDecimal(integer, 1_000_000_000))));
        }
        results.report();
    }

    private interface Content
    {
        void write(JsonGenerator generator)
                throws IOException;
    }

    private static byte[] generated(DataFormat format, Content content)
            throws IOException
    {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator generator = FACTORIES.get(format).createGenerator(bytes)) {
            generator.writeStartObject();
            generator.writeFieldName("v");
            content.write(generator);
            generator.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /// The JSON itself, even if it is none.
    private static byte[] payload(DataFormat format, String json)
    {
        byte[] payload = "{\"v\":%s}".formatted(json).getBytes(UTF_8);
        if (format == DataFormat.JSON) {
            return payload;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonParser parser = FACTORIES.get(DataFormat.JSON).createParser(payload);
                JsonGenerator generator = FACTORIES.get(format).createGenerator(bytes).disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() > 18 || parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
                    // formats differ in what numbers they have
                    generator.writeString(parser.getText());
                }
                else {
                    SlowInputs.copyCurrentEvent(parser, generator);
                }
            }
        }
        catch (IOException e) {
            if (!json.endsWith("[")) {
                throw new UncheckedIOException(e);
            }
        }
        return bytes.toByteArray();
    }

    private void check(DataFormat format, String name, byte[] payload)
    {
        for (NatsColumnHandle column : SlowInputs.columns("v")) {
            check(format, name, payload, ImmutableList.of(column));
        }
        check(format, name, payload, SlowInputs.twoColumns("v"));
    }

    private void check(DataFormat format, String name, byte[] payload, List<NatsColumnHandle> columns)
    {
        RowDecoder decoder = RowDecoders.create(PayloadFormat.of(format), columns);
        results.add(name, DecodeCost.ofBestAttempt(decoder, columns, payload, limit), columns, format, payload.length);
    }
}
