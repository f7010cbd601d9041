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
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.smile.SmileFactory;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.codec.RowDecoder;
import io.streamlance.trino.nats.codec.RowDecoders;
import io.streamlance.trino.nats.codec.SchemaColumns;
import io.streamlance.trino.nats.schema.DataFormat;
import io.streamlance.trino.nats.schema.PayloadFormat;
import org.junit.jupiter.api.Test;
import org.msgpack.jackson.dataformat.MessagePackFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static io.streamlance.trino.nats.codec.limit.SlowInputs.bytes;
import static io.streamlance.trino.nats.codec.limit.SlowInputs.repeat;
import static java.lang.Math.max;
import static java.lang.Math.min;
import static java.nio.charset.StandardCharsets.UTF_8;

/// Changes payloads at random, and looks for ones that take long, much memory, or end in another error than that of a bad payload.
/// `-Dstreamlance.fuzz-inputs=1000000` for so many per format, `-Dstreamlance.random-seed=…` for others.
final class TestSlowInputFuzz
{
    private static final int INPUTS = Integer.getInteger("streamlance.fuzz-inputs", 1500);
    private static final long SEED = Long.getLong("streamlance.random-seed", 483);
    private static final int MAX_SIZE = 1 << 16;
    private static final int MAX_MUTATIONS = 6;
    private static final int MAX_SLICE = 64;
    private static final String JSON =
            """
            {"v": [{"f1": 1, "f2": 2.5e10, "x": ["2024-01-01T00:00:00.123Z", null, true]}, 12345678901234567890, "QUJD", {}, []], "other": "caf\u00e9", "w": {"f1": {"f1": -7}}}
            """;
    /// Starts of values, and parts of numbers and dates.
    private static final byte[] INTERESTING = bytes("09.eE+-:TZ[]{}\",\\ ", 0, 1, 2, 4, 0x22, 0x5F, 0x7F, 0x80, 0x81, 0x91, 0x9F, 0xA1, 0xBF, 0xC2, 0xC4, 0xC6, 0xD8, 0xD9, 0xDC, 0xDD, 0xDE, 0xDF, 0xF9, 0xFA, 0xFB, 0xFF);
    private static final Map<DataFormat, JsonFactory> FACTORIES = ImmutableMap.of(
            DataFormat.CBOR, new CBORFactory(),
            DataFormat.SMILE, new SmileFactory(),
            DataFormat.MSGPACK, new MessagePackFactory());

    private final long limit = DecodeCost.limitNanosPerByte();
    private final SlowInputResults results = new SlowInputResults(limit);

    @Test
    void testSelfDescribingFormats()
            throws IOException
    {
        List<List<NatsColumnHandle>> columns = ImmutableList.<List<NatsColumnHandle>>builder()
                .addAll(SlowInputs.columns("v").stream().<List<NatsColumnHandle>>map(ImmutableList::of).iterator())
                .add(SlowInputs.twoColumns("v"))
                .build();
        fuzz(PayloadFormat.of(DataFormat.JSON), columns, JSON.getBytes(UTF_8));
        for (DataFormat format : FACTORIES.keySet()) {
            fuzz(PayloadFormat.of(format), columns, convert(FACTORIES.get(format)));
        }
        fuzz(PayloadFormat.of(DataFormat.CSV),
                SlowInputs.scalarColumns("1").stream().<List<NatsColumnHandle>>map(ImmutableList::of).toList(),
                "1,\"2024-01-01 \"\"x\",1.5e10,,true\n".getBytes(UTF_8));
        results.report();
    }

    @Test
    void testFormatsWithSchema()
    {
        PayloadFormat avro = TestSlowSchemaInputs.avro(TestSlowSchemaInputs.AVRO);
        fuzz(avro, singles(avro), bytes(4, 1, 2, 6, "abc", 72, "123e4567-e89b-12d3-a456-426614174000", 4, 2, "a", 2, 2, "b", 4, 0, 4, 0, 2, 2, 0, 2, 0, 0));
        PayloadFormat protobuf = TestSlowSchemaInputs.protobuf();
        fuzz(protobuf, singles(protobuf), bytes(0x0A, 2, "ab", 0x12, 5, 0x0A, 1, "x", 0x18, 7, 0x18, 1, 0x22, 2, 8, 1, 0x2A, 5, 0x0A, 1, "k", 0x10, 3, 0xF8, 0x7F, 1));
        results.report();
    }

    private static List<List<NatsColumnHandle>> singles(PayloadFormat format)
    {
        return SchemaColumns.derive(format).stream().<List<NatsColumnHandle>>map(ImmutableList::of).toList();
    }

    private static byte[] convert(JsonFactory factory)
            throws IOException
    {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonParser parser = new JsonFactory().createParser(JSON); JsonGenerator generator = factory.createGenerator(bytes)) {
            while (parser.nextToken() != null) {
                SlowInputs.copyCurrentEvent(parser, generator);
            }
        }
        return bytes.toByteArray();
    }

    private void fuzz(PayloadFormat format, List<List<NatsColumnHandle>> columns, byte[] seed)
    {
        List<RowDecoder> decoders = columns.stream().map(choice -> RowDecoders.create(format, choice)).toList();
        for (int i = 0; i < INPUTS; i++) {
            Random random = new Random(SEED * INPUTS + i);
            byte[] payload = seed;
            for (int mutations = random.nextInt(1, MAX_MUTATIONS + 1); mutations > 0; mutations--) {
                payload = mutate(random, payload);
            }
            int choice = i % decoders.size();
            try {
                DecodeCost cost = DecodeCost.ofBestAttempt(decoders.get(choice), columns.get(choice), payload, limit);
                results.add("input " + i, cost, columns.get(choice), format.dataFormat(), payload.length);
            }
            catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("%s, input %s with seed %s, %s bytes".formatted(format.dataFormat(), i, SEED, payload.length), e);
            }
        }
    }

    private static byte[] mutate(Random random, byte[] payload)
    {
        int position = random.nextInt(payload.length + 1);
        int length = random.nextInt(min(MAX_SLICE, payload.length - position) + 1);
        byte[] before = Arrays.copyOf(payload, position);
        byte[] slice = Arrays.copyOfRange(payload, position, position + length);
        byte[] after = Arrays.copyOfRange(payload, position + length, payload.length);
        int room = max(0, MAX_SIZE - payload.length);
        return switch (random.nextInt(5)) {
            case 0 -> bytes(before, slice, repeat(slice, room / (slice.length + 1) / random.nextInt(1, 20)), after);
            case 1 -> bytes(before, repeat(interesting(random), random.nextBoolean() ? random.nextInt(4) : room / random.nextInt(1, 20)), slice, after);
            case 2 -> bytes(before, repeat(bytes(interesting(random), interesting(random)), random.nextBoolean() ? 1 : room / 2 / random.nextInt(1, 20)), after);
            case 3 -> bytes(before, after);
            default -> bytes(before, random.nextInt(256), random.nextBoolean() ? slice : bytes(), after);
        };
    }

    private static byte[] interesting(Random random)
    {
        return bytes((int) INTERESTING[random.nextInt(INTERESTING.length)]);
    }
}
