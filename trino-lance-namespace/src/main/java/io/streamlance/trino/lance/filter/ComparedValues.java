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
import io.trino.spi.expression.Call;
import io.trino.spi.expression.ConnectorExpression;
import io.trino.spi.expression.Constant;
import io.trino.spi.expression.FunctionName;
import io.trino.spi.predicate.Range;
import io.trino.spi.predicate.ValueSet;
import io.trino.spi.type.Type;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.expression.StandardFunctions.ARRAY_CONSTRUCTOR_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.BETWEEN_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.EQUAL_OPERATOR_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.GREATER_THAN_OPERATOR_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.GREATER_THAN_OR_EQUAL_OPERATOR_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.IN_PREDICATE_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.LESS_THAN_OPERATOR_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.LESS_THAN_OR_EQUAL_OPERATOR_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.NOT_EQUAL_OPERATOR_FUNCTION_NAME;
import static io.trino.spi.type.TypeUtils.isFloatingPointNaN;
import static java.util.Objects.requireNonNull;

/// A comparison of an expression with constants.
///
/// @param values with which the expression compares equal
/// @param negated whether the comparison is true of all values but these
record ComparedValues(ConnectorExpression operand, ValueSet values, boolean negated)
{
    // the engine writes most comparisons with the constant first
    private static final Map<FunctionName, FunctionName> MIRRORED = ImmutableMap.<FunctionName, FunctionName>builder()
            .put(EQUAL_OPERATOR_FUNCTION_NAME, EQUAL_OPERATOR_FUNCTION_NAME)
            .put(NOT_EQUAL_OPERATOR_FUNCTION_NAME, NOT_EQUAL_OPERATOR_FUNCTION_NAME)
            .put(LESS_THAN_OPERATOR_FUNCTION_NAME, GREATER_THAN_OPERATOR_FUNCTION_NAME)
            .put(LESS_THAN_OR_EQUAL_OPERATOR_FUNCTION_NAME, GREATER_THAN_OR_EQUAL_OPERATOR_FUNCTION_NAME)
            .put(GREATER_THAN_OPERATOR_FUNCTION_NAME, LESS_THAN_OPERATOR_FUNCTION_NAME)
            .put(GREATER_THAN_OR_EQUAL_OPERATOR_FUNCTION_NAME, LESS_THAN_OR_EQUAL_OPERATOR_FUNCTION_NAME)
            .buildOrThrow();

    ComparedValues
    {
        requireNonNull(operand, "operand is null");
        requireNonNull(values, "values is null");
    }

    /// @return empty if the call is no comparison of an orderable value with constants, or one of them is NULL or NaN
    static Optional<ComparedValues> of(FunctionName name, List<ConnectorExpression> arguments)
    {
        if (arguments.size() == 2 && arguments.getFirst() instanceof Constant && MIRRORED.containsKey(name)) {
            return of(MIRRORED.get(name), arguments.reversed());
        }
        if (arguments.isEmpty() || !arguments.getFirst().getType().isOrderable()) {
            return Optional.empty();
        }
        List<ConnectorExpression> operands = name.equals(IN_PREDICATE_FUNCTION_NAME) ? findElements(arguments.get(1)) : arguments.subList(1, arguments.size());
        List<Object> constants = operands.stream()
                .map(ComparedValues::findConstant)
                .flatMap(Optional::stream)
                .collect(toImmutableList());
        Type type = arguments.getFirst().getType();
        if (operands.isEmpty() || constants.size() < operands.size() || constants.stream().anyMatch(constant -> isFloatingPointNaN(type, constant))) {
            return Optional.empty();
        }
        boolean negated = name.equals(NOT_EQUAL_OPERATOR_FUNCTION_NAME);
        return findValues(negated ? EQUAL_OPERATOR_FUNCTION_NAME : name, type, constants)
                .map(values -> new ComparedValues(arguments.getFirst(), values, negated));
    }

    static Optional<Object> findConstant(ConnectorExpression expression)
    {
        return expression instanceof Constant constant ? Optional.ofNullable(constant.getValue()) : Optional.empty();
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

    private static List<ConnectorExpression> findElements(ConnectorExpression expression)
    {
        if (expression instanceof Call array && array.getFunctionName().equals(ARRAY_CONSTRUCTOR_FUNCTION_NAME)) {
            return array.getArguments();
        }
        return ImmutableList.of();
    }
}
