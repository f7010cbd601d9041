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
package io.streamlance.trino.nats.schema;

import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.codec.limit.DecodeCost;
import io.streamlance.trino.nats.codec.limit.SlowInputs;
import io.streamlance.trino.nats.schema.InferredSchema.InferredColumn;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static com.google.common.collect.Iterables.getOnlyElement;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

final class TestSchemaInference
{
    @Test
    void testScalars()
    {
        assertThat(infer(
                """
                {"b": true, "i": 1, "d": 1.5, "s": "x", "n": null, "big": 123456789012345678901234567890}
                """))
                .containsExactly("b:boolean", "i:bigint", "d:double", "s:varchar", "n:varchar", "big:decimal(38,0)");
    }

    @Test
    void testUnification()
    {
        assertThat(infer("{\"a\": 1}", "{\"a\": 1.5}")).containsExactly("a:double");
        assertThat(infer("{\"a\": null}", "{\"a\": 1}")).containsExactly("a:bigint");
        assertThat(infer("{\"a\": 1}", "{\"a\": \"x\"}")).containsExactly("a:varchar");
        assertThat(infer("{\"a\": 1}", "{\"b\": true}")).containsExactly("a:bigint", "b:boolean");
        assertThat(infer("{\"a\": {\"x\": 1}}", "{\"a\": [1]}")).containsExactly("a:varchar");
        // a double does not hold the digits of a big integer
        assertThat(infer("{\"a\": 12345678901234567890}", "{\"a\": 1.5}")).containsExactly("a:varchar");
    }

    @Test
    void testNested()
    {
        assertThat(infer("{\"a\": {\"x\": 1}}", "{\"a\": {\"y\": \"z\"}}")).containsExactly("a:row(\"x\" bigint, \"y\" varchar)");
        assertThat(infer("{\"a\": [1, 2.5]}")).containsExactly("a:array(double)");
        assertThat(infer("{\"a\": []}")).containsExactly("a:array(varchar)");
        assertThat(infer("{\"a\": {}}")).containsExactly("a:varchar");
        assertThat(infer("{\"a\": {\"x\": 1, \"X\": 2}}")).containsExactly("a:varchar");
    }

    @Test
    void testNames()
    {
        assertThat(infer("{\"Price\": 1, \"price\": 2, \"_subject\": \"s\", \"a.b\": 1, \"c d\": 1}"))
                .containsExactly("price_2:bigint", "price:bigint", "_subject_2:varchar", "a.b:bigint", "c d:bigint");
        assertThat(schema("{\"a/b~c\": 1}").handles()).extracting(NatsColumnHandle::mapping).containsExactly("a~1b~0c");
    }

    @Test
    void testOtherPayloads()
    {
        assertThat(schema().dataFormat()).isEqualTo(DataFormat.TEXT);
        assertThat(infer("just text", "more")).containsExactly("payload:varchar");
        assertThat(infer("[1, 2]")).containsExactly("payload:varchar");
        // a few bad messages do not change what the table is
        assertThat(infer("{\"a\": 1}", "{\"a\": 2}", "oops")).containsExactly("a:bigint");
        InferredSchema binary = schema(List.of(new byte[] {(byte) 0xFF, 0, 1}));
        assertThat(binary.dataFormat()).isEqualTo(DataFormat.RAW);
        assertThat(binary.handles()).extracting(NatsColumnHandle::toString).containsExactly("payload:varbinary");
    }

    @Test
    void testNumbers()
    {
        // a double holds integers up to 2^53
        assertThat(infer("{\"a\": 9007199254740992}", "{\"a\": 0.5}")).containsExactly("a:double");
        assertThat(infer("{\"a\": 9007199254740993}", "{\"a\": 0.5}")).containsExactly("a:varchar");
        assertThat(infer("{\"a\": -9223372036854775808}", "{\"a\": 1}")).containsExactly("a:bigint");
        assertThat(infer("{\"a\": 9223372036854775808}", "{\"a\": 1}")).containsExactly("a:decimal(38,0)");
        assertThat(infer("{\"a\": %s}".formatted("9".repeat(38)))).containsExactly("a:decimal(38,0)");
        assertThat(infer("{\"a\": %s}".formatted("9".repeat(39)))).containsExactly("a:varchar");
        assertThat(infer("{\"a\": 1e3}")).containsExactly("a:double");
    }

    @Test
    void testOrderDoesNotMatter()
    {
        List<String> payloads = new ArrayList<>(List.of(
                "{\"n\": 1, \"m\": null, \"x\": [1], \"r\": {\"a\": [{\"b\": 1}]}}",
                "{\"n\": 1.5, \"m\": {\"p\": 1}, \"x\": [], \"r\": {\"a\": [{\"b\": 1.5, \"c\": true}]}}",
                "{\"n\": 12345678901234567890, \"m\": {\"p\": 2, \"q\": {}}, \"x\": [\"s\"], \"r\": {\"a\": []}}",
                "{\"n\": 9007199254740993, \"x\": null, \"r\": {\"d\": \"x\"}}"));
        List<String> expected = List.of("n:varchar", "m:row(\"p\" bigint, \"q\" varchar)", "x:array(varchar)");
        Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            Collections.shuffle(payloads, random);
            assertThat(infer(payloads.toArray(String[]::new))).hasSize(4).containsAll(expected);
        }
    }

    @Test
    void testNameKeptByItsField()
    {
        assertThat(infer("{\"A\": 1, \"a_2\": true, \"a\": \"x\", \"\": 1, \" \": 2, \"q\\\"uote\": 1}"))
                .containsExactly("a_3:bigint", "a_2:boolean", "a:varchar", "_:bigint", "__2:bigint", "q\"uote:bigint");
    }

    @Test
    void testDeepNesting()
    {
        String deep = "{\"a\":".repeat(900) + "1" + "}".repeat(900);
        String type = getOnlyElement(infer(deep));
        assertThat(type).startsWith("a:row(\"a\" row(").endsWith("\"a\" varchar" + ")".repeat(16));
        assertThat(infer("{\"x\": %s}".formatted("[".repeat(900) + "]".repeat(900)))).containsExactly("x:" + "array(".repeat(16) + "varchar" + ")".repeat(16));
        // beyond what the parser takes, in the sample as in a scan
        assertThat(infer("{\"x\": %s}".formatted("[".repeat(100_000) + "]".repeat(100_000)))).containsExactly("payload:varchar");
    }

    @Test
    void testNamesThatAreData()
    {
        assertThat(infer("{\"m\": %s}".formatted(object("k", 1001, "1")))).containsExactly("m:map(varchar, bigint)");
        assertThat(infer("{\"m\": %s}".formatted(object("k", 1000, "1"))).getFirst()).startsWith("m:row(");
        // none of the messages has many names
        assertThat(infer("{\"m\": %s}".formatted(object("a", 600, "1")), "{\"m\": %s}".formatted(object("b", 600, "0.5")), "{\"m\": {\"x\": null}}"))
                .containsExactly("m:map(varchar, double)");
        assertThat(infer("{\"m\": %s}".formatted(object("a", 1200, "1")), "{\"m\": 1}")).containsExactly("m:varchar");
        assertThat(infer("{\"m\": %s}".formatted(object("a", 1200, "{\"x\": 1}")), "{\"m\": {\"b\": {\"y\": true}}}"))
                .containsExactly("m:map(varchar, row(\"x\" bigint, \"y\" boolean))");
        assertThat(schema(object("top", 1001, "1")).dataFormat()).isEqualTo(DataFormat.TEXT);
    }

    @Test
    void testManyNestedFields()
    {
        String wide = object("k", 600, "1");
        assertThat(infer("{\"m\": {\"p\": %s, \"q\": %s}}".formatted(wide, wide))).containsExactly("m:varchar");
        List<String> columns = infer(object("c", 20, wide));
        assertThat(columns).hasSize(20).allMatch(column -> column.endsWith(":varchar"));
    }

    @Test
    void testNulls()
    {
        InferredSchema schema = schema("{\"a\": 1, \"b\": null}", "{\"a\": 2}", "", "{\"a\": null, \"b\": 1}", "bad");
        assertThat(schema.columns()).extracting(InferredColumn::nullsFraction).containsExactly(0.5, 0.75);
        assertThat(schema.payloads()).isEqualTo(4);
        assertThat(schema("", "").payloads()).isZero();
    }

    @Test
    void testSlowPayloads()
    {
        long limit = DecodeCost.limitNanosPerByte();
        for (SlowInputs.Value value : SlowInputs.jsonValues(100_000)) {
            byte[] payload = "{\"v\": %s}".formatted(value.text()).getBytes(UTF_8);
            // the first call may be slow for other reasons
            List<DecodeCost> costs = IntStream.range(0, 3).mapToObj(_ -> DecodeCost.of(() -> schema(List.of(payload, payload)))).toList();
            assertThat(costs).as(value.name()).anyMatch(cost -> !cost.isSlow(2 * payload.length, limit));
        }
    }

    private static String object(String prefix, int fields, String value)
    {
        return IntStream.range(0, fields).mapToObj(i -> "\"%s%s\": %s".formatted(prefix, i, value)).collect(joining(", ", "{", "}"));
    }

    private static InferredSchema schema(String... payloads)
    {
        return schema(Stream.of(payloads).map(payload -> payload.getBytes(UTF_8)).toList());
    }

    private static InferredSchema schema(List<byte[]> payloads)
    {
        SchemaInference inference = new SchemaInference();
        payloads.forEach(inference::add);
        return inference.schema();
    }

    private static List<String> infer(String... payloads)
    {
        return schema(payloads).handles().stream().map(NatsColumnHandle::toString).toList();
    }
}
