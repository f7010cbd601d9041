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
import io.airlift.slice.Slice;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.expression.Call;
import io.trino.spi.expression.ConnectorExpression;
import io.trino.spi.expression.FunctionName;
import io.trino.spi.predicate.Domain;
import io.trino.spi.predicate.ValueSet;
import io.trino.spi.type.ArrayType;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import static io.trino.spi.expression.StandardFunctions.AND_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.IS_NULL_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.LIKE_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.NOT_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.OR_FUNCTION_NAME;
import static io.trino.spi.type.BooleanType.BOOLEAN;
import static java.util.Objects.requireNonNull;

/**
 * Turns expressions into filters that are true, false and null for the same rows.
 */
final class ExpressionFilters
{
    private static final FunctionName STARTS_WITH = new FunctionName("starts_with");
    private static final FunctionName CONTAINS = new FunctionName("contains");

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
        Optional<Object> element = ComparedValues.findConstant(value);
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
        return ComparedValues.of(name, arguments)
                .flatMap(compared -> findField(compared.operand())
                        .flatMap(field -> toFilter(field, compared.values()))
                        .map(filter -> compared.negated() ? new LanceFilter.Not(filter) : filter));
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
        return FieldReferences.find(expression, assignments).filter(field -> FilterSql.canWrite(field.path()) && !field.storage().hasBlobs());
    }

    private Optional<LanceColumnHandle> findTextField(ConnectorExpression expression)
    {
        return findField(expression)
                .filter(field -> field.storage().name().equals("Utf8") || field.storage().name().equals("LargeUtf8"));
    }

    private static Optional<String> findText(ConnectorExpression expression)
    {
        return ComparedValues.findConstant(expression)
                .filter(Slice.class::isInstance)
                .flatMap(value -> FilterLiterals.literal(StorageType.scalar("Utf8"), expression.getType(), value))
                .filter(FilterSql::canQuote);
    }
}
