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
package io.streamlance.trino.nats.predicate;

import io.trino.spi.predicate.Range;
import io.trino.spi.predicate.ValueSet;
import org.junit.jupiter.api.Test;

import java.util.List;

import static io.trino.spi.type.BigintType.BIGINT;
import static org.assertj.core.api.Assertions.assertThat;

final class TestLongRanges
{
    @Test
    void testContains()
    {
        ValueSet values = ValueSet.ofRanges(
                Range.lessThan(BIGINT, -5L),
                Range.equal(BIGINT, 7L),
                Range.range(BIGINT, 10L, false, 20L, true),
                Range.greaterThanOrEqual(BIGINT, 100L));
        LongRanges ranges = LongRanges.of(values, value -> (long) value);
        for (long value : List.of(Long.MIN_VALUE, -6L, 7L, 11L, 20L, 100L, Long.MAX_VALUE)) {
            assertThat(ranges.contains(value)).as("%s", value).isTrue();
        }
        for (long value : List.of(-5L, 0L, 6L, 8L, 10L, 21L, 99L)) {
            assertThat(ranges.contains(value)).as("%s", value).isFalse();
        }
    }

    @Test
    void testEnds()
    {
        LongRanges none = LongRanges.of(ValueSet.none(BIGINT), value -> (long) value);
        assertThat(none.contains(0)).isFalse();
        LongRanges all = LongRanges.of(ValueSet.all(BIGINT), value -> (long) value);
        assertThat(all.contains(Long.MIN_VALUE)).isTrue();
        assertThat(all.contains(Long.MAX_VALUE)).isTrue();
        LongRanges first = LongRanges.of(ValueSet.ofRanges(Range.lessThan(BIGINT, Long.MIN_VALUE + 1)), value -> (long) value);
        assertThat(first.contains(Long.MIN_VALUE)).isTrue();
        assertThat(first.contains(Long.MIN_VALUE + 1)).isFalse();
    }
}
