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
import com.google.common.collect.ImmutableMap;
import io.airlift.slice.Slice;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.expression.Call;
import io.trino.spi.expression.ConnectorExpression;
import io.trino.spi.expression.Constant;
import io.trino.spi.expression.FieldDereference;
import io.trino.spi.expression.FunctionName;
import io.trino.spi.expression.Variable;
import io.trino.spi.predicate.Domain;
import io.trino.spi.predicate.Range;
import io.trino.spi.predicate.ValueSet;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.Type;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.expression.StandardFunctions.AND_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.ARRAY_CONSTRUCTOR_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.BETWEEN_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.EQUAL_OPERATOR_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.GREATER_THAN_OPERATOR_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.GREATER_THAN_OR_EQUAL_OPERATOR_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.IN_PREDICATE_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.IS_NULL_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.LESS_THAN_OPERATOR_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.LESS_THAN_OR_EQUAL_OPERATOR_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.LIKE_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.NOT_EQUAL_OPERATOR_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.NOT_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.OR_FUNCTION_NAME;
import static io.trino.spi.type.BooleanType.BOOLEAN;
import static io.trino.spi.type.TypeUtils.isFloatingPointNaN;
import static java.util.Objects.requireNonNull;

/**
 * Turns expressions into filters that are true, false and null for the same rows.
 */
final class ExpressionFilters
{
    private static final FunctionName STARTS_WITH = new FunctionName("starts_with");
    private static final FunctionName CONTAINS = new FunctionName("contains");

    // the engine writes most comparisons with the constant first
    private static final Map<FunctionName, FunctionName> MIRRORED = ImmutableMap.<FunctionName, FunctionName>builder()
            .put(EQUAL_OPERATOR_FUNCTION_NAME, EQUAL_OPERATOR_FUNCTION_NAME)
            .put(NOT_EQUAL_OPERATOR_FUNCTION_NAME, NOT_EQUAL_OPERATOR_FUNCTION_NAME)
            .put(LESS_THAN_OPERATOR_FUNCTION_NAME, GREATER_THAN_OPERATOR_FUNCTION_NAME)
            .put(LESS_THAN_OR_EQUAL_OPERATOR_FUNCTION_NAME, GREATER_THAN_OR_EQUAL_OPERATOR_FUNCTION_NAME)
            .put(GREATER_THAN_OPERATOR_FUNCTION_NAME, LESS_THAN_OPERATOR_FUNCTION_NAME)
            .put(GREATER_THAN_OR_EQUAL_OPERATOR_FUNCTION_NAME, LESS_THAN_OR_EQUAL_OPERATOR_FUNCTION_NAME)
            .buildOrThrow();

    private final Map<String, ColumnHandle> assignments;

    ExpressionFilters(Map<String, ColumnHandle> assignments)
    {
        this.assignments = requireNonNull(assignments, "assignments is null");
    }

    /**
     * @return empty if the meaning would not be exactly the same
     */
    Optional<LanceFilter> translate(ConnectorExpression expression)
    {
        return translate(expression, false)
                .filter(filter -> FilterSql.depth(filter) <= FilterSql.MAX_DEPTH);
    }

    /**
     * @param negatable whether null and false must be told apart
     */
    private Optional<LanceFilter> translate(ConnectorExpression expression, boolean negatable)
    {
        if (!(expression instanceof Call call)) {
            return findField(expression)
                    .filter(field -> field.type().equals(BOOLEAN))
                    .flatMap(field -> toFilter(field, ValueSet.of(BOOLEAN, true)));
        }
        FunctionName name = call.getFunctionName();
        List<ConnectorExpression> arguments = call.getArguments();
        if (name.equals(AND_FUNCTION_NAME)) {
            return translateAll(arguments, negatable).map(LanceFilter::and);
        }
        if (name.equals(OR_FUNCTION_NAME)) {
            return translateAll(arguments, negatable).map(LanceFilter::or);
        }
        if (name.equals(NOT_FUNCTION_NAME)) {
            return translate(arguments.getFirst(), true).map(LanceFilter.Not::new);
        }
        if (name.equals(IS_NULL_FUNCTION_NAME)) {
            return findField(arguments.getFirst()).map(field -> new LanceFilter.IsNull(field.path()));
        }
        if (name.equals(LIKE_FUNCTION_NAME)) {
            return translateLike(arguments);
        }
        if (name.equals(STARTS_WITH) && arguments.size() == 2) {
            return findTextField(arguments.getFirst())
                    .flatMap(field -> findText(arguments.get(1)).map(prefix -> new LanceFilter.StartsWith(field.path(), prefix)));
        }
        if (name.equals(CONTAINS) && arguments.size() == 2 && !negatable) {
            return translateContains(arguments.get(0), arguments.get(1));
        }
        return translateComparison(name, arguments);
    }

    private Optional<List<LanceFilter>> translateAll(List<ConnectorExpression> expressions, boolean negatable)
    {
        ImmutableList.Builder<LanceFilter> filters = ImmutableList.builder();
        for (ConnectorExpression expression : expressions) {
            Optional<LanceFilter> filter = translate(expression, negatable);
            if (filter.isEmpty()) {
                return Optional.empty();
            }
            filters.add(filter.orElseThrow());
        }
        return Optional.of(filters.build());
    }

    private Optional<LanceFilter> translateLike(List<ConnectorExpression> arguments)
    {
        Optional<String> pattern = findText(arguments.get(1));
        Optional<String> escape = arguments.size() == 3 ? findText(arguments.get(2)) : Optional.empty();
        if (pattern.isEmpty() || (arguments.size() == 3 && escape.isEmpty())) {
            return Optional.empty();
        }
        return findTextField(arguments.getFirst())
                .flatMap(field -> LikePatterns.toBackslashEscapes(pattern.orElseThrow(), escape)
                        .filter(like -> like.length() <= LikePatterns.MAX_LENGTH)
                        .map(like -> new LanceFilter.Like(field.path(), like)));
    }

    private Optional<LanceFilter> translateContains(ConnectorExpression array, ConnectorExpression value)
    {
        Optional<Object> element = findConstant(value);
        return findField(array)
                .filter(field -> field.type() instanceof ArrayType type && type.getElementType().equals(value.getType()))
                .flatMap(field -> field.storage().element()
                        // 0.0 and -0.0 are two elements for Lance
                        .filter(storage -> FilterLiterals.hasLiterals(storage) && !FilterLiterals.isFloatingPoint(storage))
                        .flatMap(storage -> element.flatMap(constant -> FilterLiterals.literal(storage, value.getType(), constant))
                                .map(literal -> new LanceFilter.ArrayContains(field.path(), storage.name(), literal))));
    }

    private Optional<LanceFilter> translateComparison(FunctionName name, List<ConnectorExpression> arguments)
    {
        if (arguments.size() == 2 && arguments.getFirst() instanceof Constant && MIRRORED.containsKey(name)) {
            return translateComparison(MIRRORED.get(name), arguments.reversed());
        }
        Optional<LanceColumnHandle> field = findField(arguments.getFirst());
        if (field.isEmpty() || !field.orElseThrow().type().isOrderable()) {
            return Optional.empty();
        }
        List<ConnectorExpression> operands = name.equals(IN_PREDICATE_FUNCTION_NAME) ? findElements(arguments.get(1)) : arguments.subList(1, arguments.size());
        List<Object> constants = operands.stream()
                .map(ExpressionFilters::findConstant)
                .flatMap(Optional::stream)
                .collect(toImmutableList());
        Type type = field.orElseThrow().type();
        if (operands.isEmpty() || constants.size() < operands.size() || constants.stream().anyMatch(constant -> isFloatingPointNaN(type, constant))) {
            return Optional.empty();
        }
        if (name.equals(NOT_EQUAL_OPERATOR_FUNCTION_NAME)) {
            return toFilter(field.orElseThrow(), ValueSet.of(type, constants.getFirst())).map(LanceFilter.Not::new);
        }
        return findValues(name, type, constants).flatMap(values -> toFilter(field.orElseThrow(), values));
    }

    private static Optional<ValueSet> findValues(FunctionName name, Type type, List<Object> constants)
    {
        Object value = constants.getFirst();
        if (name.equals(IN_PREDICATE_FUNCTION_NAME)) {
            return Optional.of(ValueSet.copyOf(type, constants));
        }
        if (name.equals(EQUAL_OPERATOR_FUNCTION_NAME)) {
            return Optional.of(ValueSet.of(type, value));
        }
        if (name.equals(LESS_THAN_OPERATOR_FUNCTION_NAME)) {
            return Optional.of(ValueSet.ofRanges(Range.lessThan(type, value)));
        }
        if (name.equals(LESS_THAN_OR_EQUAL_OPERATOR_FUNCTION_NAME)) {
            return Optional.of(ValueSet.ofRanges(Range.lessThanOrEqual(type, value)));
        }
        if (name.equals(GREATER_THAN_OPERATOR_FUNCTION_NAME)) {
            return Optional.of(ValueSet.ofRanges(Range.greaterThan(type, value)));
        }
        if (name.equals(GREATER_THAN_OR_EQUAL_OPERATOR_FUNCTION_NAME)) {
            return Optional.of(ValueSet.ofRanges(Range.greaterThanOrEqual(type, value)));
        }
        if (name.equals(BETWEEN_FUNCTION_NAME)) {
            return Optional.of(ValueSet.ofRanges(Range.greaterThanOrEqual(type, value)).intersect(ValueSet.ofRanges(Range.lessThanOrEqual(type, constants.get(1)))));
        }
        return Optional.empty();
    }

    // values that are none or all would lose the null of a comparison with null
    private static Optional<LanceFilter> toFilter(LanceColumnHandle field, ValueSet values)
    {
        if (values.isNone() || values.isAll()) {
            return Optional.empty();
        }
        return DomainFilters.translate(field.path(), field.storage(), Domain.create(values, false))
                .filter(DomainFilters.Translation::exact)
                .map(DomainFilters.Translation::filter);
    }

    private Optional<LanceColumnHandle> findField(ConnectorExpression expression)
    {
        return findNamedField(expression).filter(field -> FilterSql.canWrite(field.path()));
    }

    private Optional<LanceColumnHandle> findNamedField(ConnectorExpression expression)
    {
        return switch (expression) {
            case Variable variable -> Optional.ofNullable((LanceColumnHandle) assignments.get(variable.getName()));
            case FieldDereference dereference -> findNamedField(dereference.getTarget()).flatMap(parent -> parent.field(dereference.getField(), dereference.getType()));
            default -> Optional.empty();
        };
    }

    private Optional<LanceColumnHandle> findTextField(ConnectorExpression expression)
    {
        return findField(expression)
                .filter(field -> field.storage().name().equals("Utf8") || field.storage().name().equals("LargeUtf8"));
    }

    private static List<ConnectorExpression> findElements(ConnectorExpression expression)
    {
        if (expression instanceof Call array && array.getFunctionName().equals(ARRAY_CONSTRUCTOR_FUNCTION_NAME)) {
            return array.getArguments();
        }
        return ImmutableList.of();
    }

    private static Optional<Object> findConstant(ConnectorExpression expression)
    {
        return expression instanceof Constant constant ? Optional.ofNullable(constant.getValue()) : Optional.empty();
    }

    private static Optional<String> findText(ConnectorExpression expression)
    {
        return findConstant(expression)
                .filter(Slice.class::isInstance)
                .flatMap(value -> FilterLiterals.literal(StorageType.scalar("Utf8"), expression.getType(), value))
                .filter(FilterSql::canQuote);
    }
}
