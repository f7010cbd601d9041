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

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.MapType;
import io.trino.spi.type.RowType;
import io.trino.spi.type.Type;
import io.trino.spi.type.TypeOperators;

import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.BooleanType.BOOLEAN;
import static io.trino.spi.type.DecimalType.createDecimalType;
import static io.trino.spi.type.DoubleType.DOUBLE;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.util.Locale.ENGLISH;
import static java.util.stream.Collectors.groupingBy;

/// The type that holds every value seen so far.
sealed interface InferredType
{
    /// Integers with more digits are kept as text.
    int MAX_INTEGER_DIGITS = 38;
    /// Integers up to this one are held by a double exactly.
    long MAX_EXACT_IN_DOUBLE = 1L << 53;
    /// Objects and arrays that are nested deeper are kept as text: a type has to be parsed, written and sent around.
    int MAX_DEPTH = 16;
    /// An object with more different names than this has data for names. A row with more fields than this, nested ones
    /// counted, is kept as text.
    int MAX_FIELDS = 1000;
    TypeOperators TYPE_OPERATORS = new TypeOperators();

    Type toTrinoType();

    /// Number of values that are neither arrays nor objects, at least 1.
    default long leaves()
    {
        return 1;
    }

    enum Scalar
            implements InferredType
    {
        /// Only nulls were seen.
        UNKNOWN(VARCHAR),
        BOOL(BOOLEAN),
        INTEGER(BIGINT),
        /// Too long for a double.
        LONG_INTEGER(BIGINT),
        BIG_INTEGER(createDecimalType(MAX_INTEGER_DIGITS, 0)),
        FLOATING(DOUBLE),
        /// Strings, and the JSON text of values whose types do not go together.
        TEXT(VARCHAR);

        private final Type type;

        Scalar(Type type)
        {
            this.type = type;
        }

        @Override
        public Type toTrinoType()
        {
            return type;
        }
    }

    record Elements(InferredType element)
            implements InferredType
    {
        @Override
        public Type toTrinoType()
        {
            return new ArrayType(element.toTrinoType());
        }

        @Override
        public long leaves()
        {
            return element.leaves();
        }
    }

    /// An object whose names are data, such as identifiers.
    record Entries(InferredType value)
            implements InferredType
    {
        @Override
        public Type toTrinoType()
        {
            return new MapType(VARCHAR, value.toTrinoType(), TYPE_OPERATORS);
        }

        @Override
        public long leaves()
        {
            return value.leaves();
        }
    }

    /// @param fields a map of its own, which a merge changes
    record Fields(Map<String, InferredType> fields)
            implements InferredType
    {
        @Override
        public Type toTrinoType()
        {
            // SQL has neither rows without fields nor fields that differ in case only
            boolean ambiguous = fields.keySet().stream()
                    .collect(groupingBy(name -> name.toLowerCase(ENGLISH)))
                    .values().stream()
                    .anyMatch(names -> names.size() > 1);
            if (fields.isEmpty() || ambiguous || fields.containsKey("") || leaves() > MAX_FIELDS) {
                return VARCHAR;
            }
            return RowType.from(fields.entrySet().stream()
                    .map(field -> RowType.field(field.getKey(), field.getValue().toTrinoType()))
                    .collect(toImmutableList()));
        }

        @Override
        public long leaves()
        {
            return fields.values().stream().mapToLong(InferredType::leaves).sum();
        }
    }

    static InferredType ofFields(Map<String, InferredType> fields)
    {
        if (fields.size() <= MAX_FIELDS) {
            return new Fields(fields);
        }
        return new Entries(fields.values().stream().reduce(Scalar.UNKNOWN, InferredType::merge));
    }

    /// The parser stands at the start of a value, and is left at its end. No tree of the value is made, which would take a
    /// multiple of its bytes.
    static InferredType of(JsonParser parser)
            throws IOException
    {
        return of(parser, 0);
    }

    private static InferredType of(JsonParser parser, int depth)
            throws IOException
    {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> Scalar.UNKNOWN;
            case VALUE_TRUE, VALUE_FALSE -> Scalar.BOOL;
            case VALUE_NUMBER_INT -> ofInteger(parser);
            // a number like 1e400 is kept as it is written
            case VALUE_NUMBER_FLOAT -> Double.isFinite(parser.getDoubleValue()) ? Scalar.FLOATING : Scalar.TEXT;
            case START_ARRAY, START_OBJECT -> {
                if (depth > MAX_DEPTH) {
                    parser.skipChildren();
                    yield Scalar.TEXT;
                }
                yield parser.currentToken() == JsonToken.START_ARRAY ? ofElements(parser, depth + 1) : ofFields(fields(parser, depth + 1));
            }
            default -> Scalar.TEXT;
        };
    }

    private static InferredType ofElements(JsonParser parser, int depth)
            throws IOException
    {
        InferredType element = Scalar.UNKNOWN;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            element = merge(element, of(parser, depth));
        }
        return new Elements(element);
    }

    /// Of a name that occurs twice, the last value counts.
    private static Map<String, InferredType> fields(JsonParser parser, int depth)
            throws IOException
    {
        Map<String, InferredType> fields = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            fields.put(name, of(parser, depth));
        }
        return fields;
    }

    private static InferredType ofInteger(JsonParser parser)
            throws IOException
    {
        if (parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            long value = parser.getLongValue();
            return Math.abs(value) <= MAX_EXACT_IN_DOUBLE && value != Long.MIN_VALUE ? Scalar.INTEGER : Scalar.LONG_INTEGER;
        }
        return parser.getBigIntegerValue().abs().toString().length() <= MAX_INTEGER_DIGITS ? Scalar.BIG_INTEGER : Scalar.TEXT;
    }

    /// The type that holds the values of both. Fields of `right` are added to `left`, neither of which may be used any more:
    /// copying all fields for every new one would take a time that grows with the square of their number.
    static InferredType merge(InferredType left, InferredType right)
    {
        if (left.equals(right) || right == Scalar.UNKNOWN) {
            return left;
        }
        if (left == Scalar.UNKNOWN) {
            return right;
        }
        return switch (left) {
            case Fields(Map<String, InferredType> leftFields) when right instanceof Fields(Map<String, InferredType> rightFields) -> {
                rightFields.forEach((name, type) -> leftFields.merge(name, type, InferredType::merge));
                yield ofFields(leftFields);
            }
            case Fields fields when right instanceof Entries entries -> mergeEntries(entries, fields);
            case Entries entries when right instanceof Fields fields -> mergeEntries(entries, fields);
            case Entries(InferredType leftValue) when right instanceof Entries(InferredType rightValue) -> new Entries(merge(leftValue, rightValue));
            case Elements(InferredType leftElement) when right instanceof Elements(InferredType rightElement) -> new Elements(merge(leftElement, rightElement));
            case Scalar scalar when right instanceof Scalar other -> mergeScalars(scalar, other);
            default -> Scalar.TEXT;
        };
    }

    private static InferredType mergeEntries(Entries entries, Fields fields)
    {
        return new Entries(fields.fields().values().stream().reduce(entries.value(), InferredType::merge));
    }

    private static InferredType mergeScalars(Scalar left, Scalar right)
    {
        Set<Scalar> both = EnumSet.of(left, right);
        if (both.equals(EnumSet.of(Scalar.INTEGER, Scalar.FLOATING))) {
            return Scalar.FLOATING;
        }
        if (EnumSet.range(Scalar.INTEGER, Scalar.BIG_INTEGER).containsAll(both)) {
            return Collections.max(both);
        }
        return Scalar.TEXT;
    }
}
