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
import io.streamlance.trino.lance.blob.BlobColumns;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.Constraint;
import io.trino.spi.expression.Call;
import io.trino.spi.expression.ConnectorExpression;
import io.trino.spi.predicate.Domain;
import io.trino.spi.predicate.TupleDomain;
import io.trino.spi.predicate.ValueSet;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.plugin.base.expression.ConnectorExpressions.and;
import static io.trino.plugin.base.expression.ConnectorExpressions.extractConjuncts;
import static io.trino.spi.expression.StandardFunctions.IS_NULL_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.NOT_FUNCTION_NAME;
import static io.trino.spi.type.BigintType.BIGINT;
import static java.util.Objects.requireNonNull;

/// Conditions on blobs that their descriptors can answer. Lance evaluates no filters on blobs, so that a scan has to check
/// the descriptors itself.
public final class BlobFilters
{
    private final Map<String, ColumnHandle> assignments;

    private BlobFilters(Map<String, ColumnHandle> assignments)
    {
        this.assignments = requireNonNull(assignments, "assignments is null");
    }

    /// @param lengths of the blobs in the rows that pass, by the columns from [BlobColumns#length]
    /// @param remaining what the lengths do not answer
    public record Result(TupleDomain<LanceColumnHandle> lengths, Constraint remaining)
    {
        public Result
        {
            requireNonNull(lengths, "lengths is null");
            requireNonNull(remaining, "remaining is null");
        }
    }

    public static Result split(Constraint constraint)
    {
        return new BlobFilters(constraint.getAssignments()).splitConstraint(constraint);
    }

    private Result splitConstraint(Constraint constraint)
    {
        if (constraint.getSummary().isNone()) {
            return new Result(TupleDomain.all(), constraint);
        }
        TupleDomain<LanceColumnHandle> lengths = TupleDomain.all();
        ImmutableMap.Builder<ColumnHandle, Domain> remainingDomains = ImmutableMap.builder();
        for (Map.Entry<ColumnHandle, Domain> entry : constraint.getSummary().getDomains().orElseThrow().entrySet()) {
            LanceColumnHandle column = (LanceColumnHandle) entry.getKey();
            Optional<Domain> lengthDomain = findLengths(column, entry.getValue());
            if (lengthDomain.isPresent()) {
                lengths = lengths.intersect(domain(column, lengthDomain.orElseThrow()));
            }
            if (lengthDomain.isEmpty() || !isExact(column, entry.getValue())) {
                remainingDomains.put(column, entry.getValue());
            }
        }
        List<ConnectorExpression> conjuncts = extractConjuncts(constraint.getExpression());
        ImmutableList.Builder<ConnectorExpression> remaining = ImmutableList.builder();
        for (ConnectorExpression conjunct : conjuncts) {
            Optional<TupleDomain<LanceColumnHandle>> translated = translate(conjunct);
            if (translated.isPresent()) {
                lengths = lengths.intersect(translated.orElseThrow());
            }
            else {
                remaining.add(conjunct);
            }
        }
        List<ConnectorExpression> left = remaining.build();
        // the engine may ask again without end if an expression changes in form
        ConnectorExpression expression = left.size() == conjuncts.size() ? constraint.getExpression() : and(left);
        return new Result(lengths, new Constraint(TupleDomain.withColumnDomains(remainingDomains.buildOrThrow()), expression, constraint.getAssignments()));
    }

    private static Optional<Domain> findLengths(LanceColumnHandle column, Domain domain)
    {
        if (BlobColumns.isLength(column)) {
            return Optional.of(domain);
        }
        if (!BlobColumns.isContent(column)) {
            return Optional.empty();
        }
        if (domain.getValues().isDiscreteSet()) {
            List<Object> sizes = domain.getValues().getDiscreteSet().stream()
                    .map(value -> (Object) (long) ((Slice) value).length())
                    .collect(toImmutableList());
            return Optional.of(Domain.create(ValueSet.copyOf(BIGINT, sizes), domain.isNullAllowed()));
        }
        return Optional.of(Domain.create(domain.getValues().isNone() ? ValueSet.none(BIGINT) : ValueSet.all(BIGINT), domain.isNullAllowed()));
    }

    private static boolean isExact(LanceColumnHandle column, Domain domain)
    {
        return BlobColumns.isLength(column) || domain.getValues().isAll() || domain.getValues().isNone();
    }

    private Optional<TupleDomain<LanceColumnHandle>> translate(ConnectorExpression expression)
    {
        if (!(expression instanceof Call call)) {
            return Optional.empty();
        }
        List<ConnectorExpression> arguments = call.getArguments();
        if (call.getFunctionName().equals(IS_NULL_FUNCTION_NAME)) {
            return findNullable(arguments.getFirst()).map(column -> domain(column, Domain.onlyNull(BIGINT)));
        }
        if (call.getFunctionName().equals(NOT_FUNCTION_NAME) && arguments.getFirst() instanceof Call negated && negated.getFunctionName().equals(IS_NULL_FUNCTION_NAME)) {
            return findNullable(negated.getArguments().getFirst()).map(column -> domain(column, Domain.notNull(BIGINT)));
        }
        return ComparedValues.of(call.getFunctionName(), arguments)
                .flatMap(compared -> BlobLengths.find(compared.operand(), assignments)
                        .map(column -> domain(column, Domain.create(compared.negated() ? compared.values().complement() : compared.values(), false))));
    }

    // the length is null where the content is
    private Optional<LanceColumnHandle> findNullable(ConnectorExpression expression)
    {
        return BlobLengths.find(expression, assignments)
                .or(() -> FieldReferences.find(expression, assignments).filter(BlobColumns::isContent));
    }

    private static TupleDomain<LanceColumnHandle> domain(LanceColumnHandle column, Domain lengths)
    {
        return TupleDomain.withColumnDomains(ImmutableMap.of(BlobColumns.length(column), lengths));
    }
}
