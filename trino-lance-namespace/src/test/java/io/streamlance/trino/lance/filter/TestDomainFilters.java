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
package io.streamlance.trino.lance.filter;

import com.google.common.collect.ImmutableList;
import io.streamlance.trino.lance.filter.DomainFilters.Translation;
import io.trino.spi.predicate.Domain;
import io.trino.spi.predicate.ValueSet;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.LongStream;

import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.DoubleType.DOUBLE;
import static org.assertj.core.api.Assertions.assertThat;

final class TestDomainFilters
{
    private static final FieldPath FIELD = FieldPath.column("value");
    private static final LanceFilter IS_NULL = new LanceFilter.IsNull(FIELD);

    @Test
    void testExcludedValues()
    {
        for (int count : List.of(2, 999, 1_000, 5_000, 10_000)) {
            LanceFilter notIn = new LanceFilter.Not(new LanceFilter.In(FIELD, "Int64", LongStream.range(0, count).mapToObj(value -> String.valueOf(2 * value)).toList()));
            assertThat(translate(excluding(count, false))).isEqualTo(new Translation(notIn, true));
            assertThat(translate(excluding(count, true))).isEqualTo(new Translation(LanceFilter.or(ImmutableList.of(notIn, IS_NULL)), true));
        }
    }

    @Test
    void testMoreExcludedValuesThanLanceGets()
    {
        assertThat(translate(excluding(10_001, false))).isEqualTo(new Translation(new LanceFilter.Not(IS_NULL), false));
        // nothing is left to be filtered
        assertThat(translate(excluding(10_001, true))).isEqualTo(new Translation(LanceFilter.Constant.ALL, false));
    }

    @Test
    void testExcludedFloatingPoint()
    {
        List<Object> values = LongStream.range(1, 2_000).<Object>mapToObj(value -> (double) value).toList();
        Domain domain = Domain.create(ValueSet.copyOf(DOUBLE, values).complement(), true);
        assertThat(DomainFilters.translate(FIELD, StorageType.scalar("Float64"), domain)).contains(new Translation(LanceFilter.Constant.ALL, false));
    }

    @Test
    void testAlternativesWithAllRows()
    {
        assertThat(LanceFilter.or(ImmutableList.of(IS_NULL, LanceFilter.Constant.ALL))).isEqualTo(LanceFilter.Constant.ALL);
    }

    private static Domain excluding(int count, boolean nullAllowed)
    {
        List<Object> values = LongStream.range(0, count).<Object>mapToObj(value -> 2 * value).toList();
        return Domain.create(ValueSet.copyOf(BIGINT, values).complement(), nullAllowed);
    }

    private static Translation translate(Domain domain)
    {
        return DomainFilters.translate(FIELD, StorageType.scalar("Int64"), domain).orElseThrow();
    }
}
