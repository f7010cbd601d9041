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
import io.streamlance.trino.lance.filter.LanceFilter.Operator;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.assertj.core.api.Assertions.assertThat;

final class TestFilterSql
{
    private static final FieldPath FIELD = FieldPath.column("x");

    @Test
    void testNames()
    {
        assertName("x", "`x`");
        assertName("Na me", "`Na me`");
        assertName("UPPER", "`UPPER`");
        assertName("größe", "`größe`");
        assertName("a.b", "`a.b`");
        assertName("q\"uo", "`q\"uo`");
        assertName("qu'o", "`qu'o`");
        assertThat(FilterSql.toSql(new LanceFilter.IsNull(FIELD.child("Y z").child("a.b")))).isEqualTo("`x`.`Y z`.`a.b` IS NULL");
    }

    @Test
    void testNamesThatCannotBeWritten()
    {
        assertThat(FilterSql.canWrite(FieldPath.column("back`tick"))).isFalse();
        assertThat(FilterSql.canWrite(FIELD.child("back`tick"))).isFalse();
        assertThat(FilterSql.canWrite(FieldPath.column("😀"))).isFalse();
        assertThat(FilterSql.canWrite(FIELD.child("it's"))).isTrue();
    }

    @Test
    void testLiterals()
    {
        assertLiteral("Boolean", "true", "true");
        assertLiteral("Int8", "-128", "-128");
        assertLiteral("Int64", "9223372036854775807", "9223372036854775807");
        assertLiteral("Int64", "-9223372036854775808", "arrow_cast('-9223372036854775808', 'Int64')");
        assertLiteral("UInt64", "18446744073709551615", "arrow_cast('18446744073709551615', 'UInt64')");
        assertLiteral("UInt64", "5", "5");
        assertLiteral("Float32", "-0.0", "arrow_cast('-0.0', 'Float32')");
        assertLiteral("Float64", "Infinity", "arrow_cast('Infinity', 'Float64')");
        assertLiteral("Decimal128(12, 2)", "1.10", "arrow_cast('1.10', 'Decimal128(12, 2)')");
        assertLiteral("Date32", "-719162", "arrow_cast(-719162, 'Date32')");
        assertLiteral("Timestamp(Nanosecond, None)", "1", "arrow_cast(1, 'Timestamp(Nanosecond, None)')");
        assertLiteral("Timestamp(Nanosecond, None)", "-9223372036854775808", "arrow_cast(arrow_cast('-9223372036854775808', 'Int64'), 'Timestamp(Nanosecond, None)')");
        assertLiteral("Timestamp(Second, Some(\"UTC\"))", "1", "arrow_cast(1, 'Timestamp(Second, Some(\"UTC\"))')");
        assertLiteral("Time32(Second)", "1", "arrow_cast(arrow_cast(1, 'Int32'), 'Time32(Second)')");
        assertLiteral("Time64(Microsecond)", "1", "arrow_cast(1, 'Time64(Microsecond)')");
        assertLiteral("Utf8", "it's", "'it''s'");
        assertLiteral("LargeUtf8", "ünï\\\n", "'ünï\\\n'");
        assertLiteral("Utf8", "😀", "arrow_cast(X'f09f9880', 'Utf8')");
        assertLiteral("Utf8", "\0", "arrow_cast(X'00', 'Utf8')");
        assertLiteral("Binary", "00ff", "X'00ff'");
    }

    @Test
    void testBalancedParentheses()
    {
        assertThat(FilterSql.toSql(new LanceFilter.Or(terms(2)))).isEqualTo("(`x` = 0 OR `x` = 1)");
        assertThat(FilterSql.toSql(new LanceFilter.And(terms(4)))).isEqualTo("((`x` = 0 AND `x` = 1) AND (`x` = 2 AND `x` = 3))");
        assertThat(maxNesting(FilterSql.toSql(new LanceFilter.Or(terms(5000))))).isEqualTo(13);
    }

    @Test
    void testDepthBoundsNesting()
    {
        LanceFilter filter = terms(1).getFirst();
        for (int level = 0; level < 10; level++) {
            filter = new LanceFilter.Not(LanceFilter.or(ImmutableList.of(filter, terms(1).getFirst())));
            assertThat(FilterSql.depth(filter)).isGreaterThan(maxNesting(FilterSql.toSql(filter)));
        }
    }

    @Test
    void testCombinations()
    {
        LanceFilter first = terms(2).get(0);
        LanceFilter second = terms(2).get(1);
        assertThat(LanceFilter.and(ImmutableList.of())).isEqualTo(LanceFilter.Constant.ALL);
        assertThat(LanceFilter.and(ImmutableList.of(first, LanceFilter.Constant.ALL, first))).isEqualTo(first);
        assertThat(LanceFilter.and(ImmutableList.of(first, LanceFilter.and(ImmutableList.of(second, first))))).isEqualTo(new LanceFilter.And(ImmutableList.of(first, second)));
        assertThat(LanceFilter.and(ImmutableList.of(first, LanceFilter.Constant.NONE))).isEqualTo(LanceFilter.Constant.NONE);
        assertThat(LanceFilter.or(ImmutableList.of(first, new LanceFilter.Or(ImmutableList.of(second, first))))).isEqualTo(new LanceFilter.Or(ImmutableList.of(first, second, first)));
    }

    @Test
    void testExplainText()
    {
        LanceFilter in = new LanceFilter.In(FIELD, "Int64", IntStream.range(0, 12).mapToObj(String::valueOf).collect(toImmutableList()));
        LanceFilter filter = new LanceFilter.Or(ImmutableList.of(in, new LanceFilter.Not(new LanceFilter.IsNull(FIELD.child("y")))));
        assertThat(filter).hasToString("(x IN (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, and 2 more) OR NOT x.y IS NULL)");
    }

    private static List<LanceFilter> terms(int count)
    {
        return IntStream.range(0, count)
                .<LanceFilter>mapToObj(value -> new LanceFilter.Comparison(FIELD, Operator.EQUAL, "Int64", String.valueOf(value)))
                .collect(toImmutableList());
    }

    private static void assertName(String name, String expected)
    {
        assertThat(FilterSql.toSql(new LanceFilter.IsNull(FieldPath.column(name)))).isEqualTo(expected + " IS NULL");
    }

    private static void assertLiteral(String type, String value, String expected)
    {
        assertThat(FilterSql.toSql(new LanceFilter.Comparison(FIELD, Operator.LESS_THAN, type, value))).isEqualTo("`x` < " + expected);
    }

    private static int maxNesting(String sql)
    {
        int nesting = 0;
        int max = 0;
        for (char character : sql.toCharArray()) {
            nesting += character == '(' ? 1 : character == ')' ? -1 : 0;
            max = Math.max(max, nesting);
        }
        return max;
    }
}
