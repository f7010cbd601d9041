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
package io.streamlance.trino.lance;

import io.streamlance.trino.lance.arrow.ArrowBlocks;
import io.streamlance.trino.lance.arrow.UnreadableValueException;
import io.trino.spi.block.Block;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static io.trino.spi.type.VarcharType.VARCHAR;
import static io.trino.type.JsonType.JSON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// JSON columns in the form in which Trino compares them.
final class TestLanceJson
{
    @BeforeAll
    static void openJavaNio()
    {
        JavaNioAccess.ensureOpen();
    }

    @Test
    void testForm()
    {
        assertJson("{ \"b\" : [1, 2.50, null, true], \"a\": {}, \"B\": {\"z\": [], \"y\": \"\\u00fc\\n\"} }", "{\"B\":{\"y\":\"ü\\n\",\"z\":[]},\"a\":{},\"b\":[1,2.50,null,true]}");
        assertJson("12345678901234567890123", "12345678901234567890123");
        assertJson("-9223372036854775808", "-9223372036854775808");
        assertJson("1e3", "1E+3");
        assertJson("\"text\"", "\"text\"");
        assertJson("null", "null");
    }

    @Test
    void testDepth()
    {
        for (int depth : new int[] {1_000, 1_001, 1_100, 100_000}) {
            String lists = "[".repeat(depth) + "]".repeat(depth);
            assertJson(lists, lists);
            String objects = "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
            assertJson(objects, objects);
        }
    }

    @Test
    void testNotJson()
    {
        for (String text : new String[] {"{", "[1,", "nul", "{\"a\"}"}) {
            assertThatThrownBy(() -> read(text))
                    .isInstanceOf(UnreadableValueException.class)
                    .hasMessageStartingWith("it is not JSON: ");
        }
    }

    private static void assertJson(String text, String expected)
    {
        assertThat(read(text)).isEqualTo(expected);
    }

    private static String read(String text)
    {
        try (BufferAllocator allocator = new RootAllocator(); VarCharVector vector = new VarCharVector("j", allocator)) {
            vector.allocateNew();
            vector.setSafe(0, text.getBytes(UTF_8));
            vector.setNull(1);
            vector.setValueCount(2);
            Block block = new ArrowBlocks(new DictionaryProvider.MapDictionaryProvider()).toBlock(vector, JSON, 0, 2);
            assertThat(block.isNull(1)).isTrue();
            return VARCHAR.getSlice(block, 0).toStringUtf8();
        }
    }
}
