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
import io.streamlance.trino.nats.schema.SchemaInference.InferredSchema;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

import static java.nio.charset.StandardCharsets.UTF_8;
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
                .containsExactly("price:bigint", "price_2:bigint", "_subject_2:varchar", "a.b:bigint", "c d:bigint");
        assertThat(schema("{\"a/b~c\": 1}").columns()).extracting(NatsColumnHandle::mapping).containsExactly("a~1b~0c");
    }

    @Test
    void testOtherPayloads()
    {
        assertThat(schema().dataFormat()).isEqualTo(DataFormat.TEXT);
        assertThat(infer("just text", "more")).containsExactly("payload:varchar");
        assertThat(infer("[1, 2]")).containsExactly("payload:varchar");
        // a few bad messages do not change what the table is
        assertThat(infer("{\"a\": 1}", "{\"a\": 2}", "oops")).containsExactly("a:bigint");
        InferredSchema binary = SchemaInference.infer(List.of(new byte[] {(byte) 0xFF, 0, 1}));
        assertThat(binary.dataFormat()).isEqualTo(DataFormat.RAW);
        assertThat(binary.columns()).extracting(NatsColumnHandle::toString).containsExactly("payload:varbinary");
    }

    private static InferredSchema schema(String... payloads)
    {
        return SchemaInference.infer(Stream.of(payloads).map(payload -> payload.getBytes(UTF_8)).toList());
    }

    private static List<String> infer(String... payloads)
    {
        return schema(payloads).columns().stream().map(NatsColumnHandle::toString).toList();
    }
}
