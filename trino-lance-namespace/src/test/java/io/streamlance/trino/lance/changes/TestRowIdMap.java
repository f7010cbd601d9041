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
package io.streamlance.trino.lance.changes;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TestRowIdMap
{
    @Test
    void testAgainstHashMap()
    {
        Random random = new Random(17);
        for (int fragmentBits : new int[] {0, 4, 20}) {
            RowIdMap map = new RowIdMap();
            Map<Long, Long> expected = new HashMap<>();
            for (int i = 0; i < 50_000; i++) {
                // addresses of several fragments, or ids that follow one another
                long id = ((long) random.nextInt(1 << fragmentBits) << 32) + random.nextInt(20_000);
                map.put(id, i);
                expected.put(id, (long) i);
            }
            assertThat(map.size()).isEqualTo(expected.size());
            assertThat(map.ids()).containsExactlyInAnyOrderElementsOf(expected.keySet());
            expected.forEach((id, value) -> assertThat(map.get(id)).isEqualTo(value));
            assertThat(map.get(1L << 60)).isEqualTo(RowIdMap.NO_VALUE);
            Map<Long, Long> entries = new HashMap<>();
            map.forEach(entries::put);
            assertThat(entries).isEqualTo(expected);
        }
    }

    @Test
    void testMemory()
    {
        RowIdMap map = new RowIdMap();
        for (int i = 0; i < 1_000_000; i++) {
            map.put(i, 1);
        }
        assertThat(map.retainedBytes()).isBetween(24_000_000L, 48_000_000L);
    }

    @Test
    void testReservedValues()
    {
        RowIdMap map = new RowIdMap();
        assertThat(map.get(-1)).isEqualTo(RowIdMap.NO_VALUE);
        assertThat(map.get(0)).isEqualTo(RowIdMap.NO_VALUE);
        assertThatThrownBy(() -> map.put(-1, 1)).hasMessage("not a row id: -1");
        assertThatThrownBy(() -> map.put(1, -1)).hasMessage("not a value: -1");
    }
}
