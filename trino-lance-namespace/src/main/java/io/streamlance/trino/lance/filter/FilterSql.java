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

import com.google.common.collect.Lists;

import java.util.List;

import static java.util.stream.Collectors.joining;

/**
 * Writes filters in the SQL of Lance, which is DataFusion's with own rules for names and literals.
 */
public final class FilterSql
{
    /**
     * Lance's parser gives up between 40 and 48 nested parentheses.
     */
    static final int MAX_DEPTH = 30;

    private static final String LONG_MIN = String.valueOf(Long.MIN_VALUE);
    private static final int LONG_DIGITS = 18;

    private final int maxInValues;

    private FilterSql(int maxInValues)
    {
        this.maxInValues = maxInValues;
    }

    public static String toSql(LanceFilter filter)
    {
        return new FilterSql(Integer.MAX_VALUE).write(filter);
    }

    /**
     * @param maxInValues longer IN lists become several, of neighbouring values
     */
    public static String toSql(LanceFilter filter, int maxInValues)
    {
        return new FilterSql(maxInValues).write(filter);
    }

    /**
     * Levels of parentheses in the SQL, at least.
     */
    static int depth(LanceFilter filter)
    {
        return switch (filter) {
            case LanceFilter.And(List<LanceFilter> terms) -> depth(terms);
            case LanceFilter.Or(List<LanceFilter> terms) -> depth(terms);
            // the operator is a level of its own
            case LanceFilter.Not(LanceFilter term) -> 2 + depth(term);
            default -> 1;
        };
    }

    private static int depth(List<LanceFilter> terms)
    {
        int levels = Integer.SIZE - Integer.numberOfLeadingZeros(terms.size() - 1);
        return levels + terms.stream().mapToInt(FilterSql::depth).max().orElse(0);
    }

    private String write(LanceFilter filter)
    {
        return switch (filter) {
            case LanceFilter.Comparison(FieldPath field, LanceFilter.Operator operator, String type, String value) -> name(field) + " " + operator.sql() + " " + literal(type, value);
            case LanceFilter.In in -> writeIn(in);
            case LanceFilter.IsNull(FieldPath field) -> name(field) + " IS NULL";
            case LanceFilter.Like(FieldPath field, String pattern) -> name(field) + " LIKE " + quote(pattern);
            case LanceFilter.StartsWith(FieldPath field, String prefix) -> "starts_with(%s, %s)".formatted(name(field), quote(prefix));
            case LanceFilter.ArrayContains(FieldPath field, String type, String value) -> "array_has(%s, %s)".formatted(name(field), literal(type, value));
            case LanceFilter.And(List<LanceFilter> terms) -> balanced(terms.stream().map(this::write).toList(), " AND ");
            case LanceFilter.Or(List<LanceFilter> terms) -> balanced(terms.stream().map(this::write).toList(), " OR ");
            case LanceFilter.Not(LanceFilter term) -> "NOT (" + write(term) + ")";
            case LanceFilter.Constant(boolean value) -> String.valueOf(value);
        };
    }

    private String writeIn(LanceFilter.In in)
    {
        List<String> lists = Lists.partition(in.values(), maxInValues).stream()
                .map(values -> values.stream()
                        .map(value -> literal(in.type(), value))
                        .collect(joining(", ", name(in.field()) + " IN (", ")")))
                .toList();
        return balanced(lists, " OR ");
    }

    // a chain of hundreds of terms without parentheses ends the JVM: Lance walks it recursively
    private static String balanced(List<String> terms, String operator)
    {
        if (terms.size() == 1) {
            return terms.getFirst();
        }
        int middle = terms.size() / 2;
        return "(" + balanced(terms.subList(0, middle), operator) + operator + balanced(terms.subList(middle, terms.size()), operator) + ")";
    }

    // double quotes would make a text literal
    private static String name(FieldPath field)
    {
        return field.names().stream()
                .map(name -> "`" + name + "`")
                .collect(joining("."));
    }

    private static String quote(String text)
    {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String literal(String type, String value)
    {
        return switch (type) {
            case "Boolean" -> value;
            case "Utf8", "LargeUtf8" -> quote(value);
            case "Binary", "LargeBinary" -> "X'" + value + "'";
            case "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64" -> integer(type, value);
            case String time when time.startsWith("Time32(") -> cast(cast(value, "Int32"), time);
            case String temporal when temporal.startsWith("Date") || temporal.startsWith("Time") -> cast(integer("Int64", value), temporal);
            default -> cast(quote(value), type);
        };
    }

    // Lance reads integers beyond bigint, and also the smallest bigint, as floating point
    private static String integer(String type, String value)
    {
        return value.length() > LONG_DIGITS && (type.equals("UInt64") || value.equals(LONG_MIN)) ? cast(quote(value), type) : value;
    }

    private static String cast(String value, String type)
    {
        return "arrow_cast(%s, %s)".formatted(value, quote(type));
    }
}
