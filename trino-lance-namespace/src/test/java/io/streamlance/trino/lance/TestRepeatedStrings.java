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

import io.airlift.slice.Slices;
import io.streamlance.trino.lance.arrow.ArrowBlocks;
import io.trino.spi.block.Block;
import io.trino.spi.block.DictionaryBlock;
import io.trino.spi.block.VariableWidthBlock;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/// Strings of which few are different come as dictionaries.
final class TestRepeatedStrings
{
    private static final int ROWS = 3_000;

    @BeforeAll
    static void openJavaNio()
    {
        JavaNioAccess.ensureOpen();
    }

    @Test
    void testFewValues()
    {
        assertBlock(DictionaryBlock.class, row -> row % 2 == 0 ? "A" : "R");
        assertBlock(DictionaryBlock.class, row -> row % 7 == 0 ? null : "state-" + row % 20);
        assertBlock(DictionaryBlock.class, row -> row % 7 == 0 ? null : "");
        assertBlock(DictionaryBlock.class, row -> row < 512 ? "a" : "value-" + row % 127);
    }

    @Test
    void testManyValues()
    {
        assertBlock(VariableWidthBlock.class, row -> "name-" + row);
        assertBlock(VariableWidthBlock.class, row -> row % 3 == 0 ? null : "value-" + row % 40);
        assertBlock(VariableWidthBlock.class, row -> row < 1_000 ? "a" : "value-" + row);
    }

    @Test
    void testValuesThatDifferByLittle()
    {
        // by a zero, in their length, or in the middle only
        List<String> values = List.of("", "\0", "a", "a\0", "ab", "12345678", "123456789", "12345678\0", "1234567890123456", "12345678-90123456", "12345678+90123456", "12345678--90123456", "12345678-+90123456", "ä", "日本");
        Random random = new Random(1);
        List<String> rows = IntStream.range(0, ROWS)
                .mapToObj(_ -> values.get(random.nextInt(values.size())))
                .collect(toImmutableList());
        assertBlock(DictionaryBlock.class, rows::get);
    }

    private static void assertBlock(Class<? extends Block> expected, IntFunction<String> values)
    {
        try (BufferAllocator allocator = new RootAllocator(); VarCharVector vector = new VarCharVector("x", allocator)) {
            for (int row = 0; row < ROWS; row++) {
                String value = values.apply(row);
                if (value == null) {
                    vector.setNull(row);
                }
                else {
                    vector.setSafe(row, value.getBytes(UTF_8));
                }
            }
            vector.setValueCount(ROWS);
            for (int start : new int[] {0, 7, 512}) {
                int count = ROWS - 512;
                Block block = new ArrowBlocks(new MapDictionaryProvider()).toBlock(vector, VARCHAR, start, count);
                if (start == 0) {
                    assertThat(block).isInstanceOf(expected);
                }
                assertThat(block.getPositionCount()).isEqualTo(count);
                for (int i = 0; i < count; i++) {
                    String value = values.apply(start + i);
                    assertThat(block.isNull(i)).isEqualTo(value == null);
                    if (value != null) {
                        assertThat(VARCHAR.getSlice(block, i)).isEqualTo(Slices.utf8Slice(value));
                    }
                }
            }
        }
    }
}
