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

import java.util.HexFormat;
import java.util.List;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

/**
 * Writes filters in the SQL of Lance, which is DataFusion's with own rules for names and literals.
 */
public final class FilterSql
{
    /**
     * Lance's parser gives up between 40 and 48 nested parentheses; some are left for joining conditions.
     */
    static final int MAX_DEPTH = 24;

    private static final String LONG_MIN = String.valueOf(Long.MIN_VALUE);
    private static final int LONG_DIGITS = 18;

    private FilterSql() {}

    public static String toSql(LanceFilter filter)
    {
        return switch (filter) {
            case LanceFilter.Comparison(FieldPath field, LanceFilter.Operator operator, String type, String value) -> field.toSql() + " " + operator.sql() + " " + literal(type, value);
            case LanceFilter.In(FieldPath field, String type, List<String> values) -> values.stream()
                    .map(value -> literal(type, value))
                    .collect(joining(", ", field.toSql() + " IN (", ")"));
            case LanceFilter.IsNull(FieldPath field) -> field.toSql() + " IS NULL";
            case LanceFilter.Like(FieldPath field, String pattern) -> field.toSql() + " LIKE " + quote(pattern);
            case LanceFilter.StartsWith(FieldPath field, String prefix) -> "starts_with(%s, %s)".formatted(field.toSql(), quote(prefix));
            case LanceFilter.ArrayContains(FieldPath field, String type, String value) -> "array_has(%s, %s)".formatted(field.toSql(), element(type, value));
            case LanceFilter.And(List<LanceFilter> terms) -> balanced(terms, " AND ");
            case LanceFilter.Or(List<LanceFilter> terms) -> balanced(terms, " OR ");
            case LanceFilter.Not(LanceFilter term) -> "NOT (" + toSql(term) + ")";
            case LanceFilter.Constant(boolean value) -> String.valueOf(value);
        };
    }

    /**
     * Whether a name can be written. There is no escape for a backtick.
     */
    public static boolean canWrite(FieldPath field)
    {
        return field.names().stream().noneMatch(name -> name.contains("`") || !canQuote(name));
    }

    /**
     * Whether a text reaches Lance as it is. The SQL goes there in Java's modified UTF-8, which spells
     * NUL and the characters beyond the basic plane in a way that Lance refuses.
     */
    static boolean canQuote(String text)
    {
        return text.chars().noneMatch(character -> character == 0 || Character.isSurrogate((char) character));
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

    // a chain of hundreds of terms without parentheses ends the JVM: Lance walks it recursively
    private static String balanced(List<LanceFilter> terms, String operator)
    {
        if (terms.size() == 1) {
            return toSql(terms.getFirst());
        }
        int middle = terms.size() / 2;
        return "(" + balanced(terms.subList(0, middle), operator) + operator + balanced(terms.subList(middle, terms.size()), operator) + ")";
    }

    private static String quote(String text)
    {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String literal(String type, String value)
    {
        return switch (type) {
            case "Boolean" -> value;
            case "Utf8", "LargeUtf8" -> canQuote(value) ? quote(value) : cast(hex(value), type);
            case "Binary", "LargeBinary" -> "X'" + value + "'";
            case "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64" -> integer(type, value);
            case String time when time.startsWith("Time32(") -> cast(cast(value, "Int32"), time);
            case String temporal when temporal.startsWith("Date") || temporal.startsWith("Time") || temporal.startsWith("Duration") -> cast(integer("Int64", value), temporal);
            default -> cast(quote(value), type);
        };
    }

    // the elements of a list are not converted to the type of the literal, nor is this one to theirs
    private static String element(String type, String value)
    {
        String literal = literal(type, value);
        return type.equals("LargeBinary") ? cast(literal, type) : literal;
    }

    // Lance reads integers beyond bigint, and also the smallest bigint, as floating point
    private static String integer(String type, String value)
    {
        return value.length() > LONG_DIGITS && (type.equals("UInt64") || value.equals(LONG_MIN)) ? cast(quote(value), type) : value;
    }

    private static String hex(String text)
    {
        return "X'" + HexFormat.of().formatHex(text.getBytes(UTF_8)) + "'";
    }

    private static String cast(String value, String type)
    {
        return "arrow_cast(%s, %s)".formatted(value, quote(type));
    }
}
