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

import com.fasterxml.jackson.databind.JsonNode;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.RowType;
import io.trino.spi.type.Type;

import java.util.LinkedHashMap;
import java.util.Map;

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

    Type toTrinoType();

    enum Scalar
            implements InferredType
    {
        /// Only nulls were seen.
        UNKNOWN(VARCHAR),
        BOOL(BOOLEAN),
        INTEGER(BIGINT),
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
    }

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
            if (fields.isEmpty() || ambiguous || fields.containsKey("")) {
                return VARCHAR;
            }
            return RowType.from(fields.entrySet().stream()
                    .map(field -> RowType.field(field.getKey(), field.getValue().toTrinoType()))
                    .collect(toImmutableList()));
        }
    }

    static InferredType of(JsonNode value)
    {
        return switch (value.getNodeType()) {
            case NULL, MISSING -> Scalar.UNKNOWN;
            case BOOLEAN -> Scalar.BOOL;
            case NUMBER -> ofNumber(value);
            case ARRAY -> {
                InferredType element = Scalar.UNKNOWN;
                for (JsonNode child : value) {
                    element = merge(element, of(child));
                }
                yield new Elements(element);
            }
            case OBJECT -> {
                Map<String, InferredType> fields = new LinkedHashMap<>();
                value.properties().forEach(field -> fields.put(field.getKey(), of(field.getValue())));
                yield new Fields(fields);
            }
            case STRING, BINARY, POJO -> Scalar.TEXT;
        };
    }

    private static InferredType ofNumber(JsonNode value)
    {
        if (!value.isIntegralNumber()) {
            return Scalar.FLOATING;
        }
        if (value.canConvertToLong()) {
            return Scalar.INTEGER;
        }
        return value.bigIntegerValue().abs().toString().length() <= MAX_INTEGER_DIGITS ? Scalar.BIG_INTEGER : Scalar.TEXT;
    }

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
                Map<String, InferredType> fields = new LinkedHashMap<>(leftFields);
                rightFields.forEach((name, type) -> fields.merge(name, type, InferredType::merge));
                yield new Fields(fields);
            }
            case Elements(InferredType leftElement) when right instanceof Elements(InferredType rightElement) -> new Elements(merge(leftElement, rightElement));
            case Scalar scalar when right instanceof Scalar other -> mergeScalars(scalar, other);
            default -> Scalar.TEXT;
        };
    }

    private static InferredType mergeScalars(Scalar left, Scalar right)
    {
        if (isEither(left, right, Scalar.INTEGER, Scalar.FLOATING)) {
            return Scalar.FLOATING;
        }
        if (isEither(left, right, Scalar.INTEGER, Scalar.BIG_INTEGER)) {
            return Scalar.BIG_INTEGER;
        }
        return Scalar.TEXT;
    }

    private static boolean isEither(Scalar left, Scalar right, Scalar first, Scalar second)
    {
        return (left == first && right == second) || (left == second && right == first);
    }
}
