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
import io.streamlance.trino.lance.LanceColumnHandle;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.Constraint;
import io.trino.spi.expression.ConnectorExpression;
import io.trino.spi.predicate.Domain;
import io.trino.spi.predicate.TupleDomain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static io.trino.plugin.base.expression.ConnectorExpressions.and;
import static io.trino.plugin.base.expression.ConnectorExpressions.extractConjuncts;
import static java.util.Objects.requireNonNull;

/**
 * Splits a constraint of the engine into what Lance evaluates and what is left to Trino.
 */
public final class FilterPushdown
{
    private FilterPushdown() {}

    /**
     * @param filter for Lance
     * @param remainingDomain must be checked by Trino again
     * @param remainingExpression must be checked by Trino again
     */
    public record Result(LanceFilter filter, TupleDomain<ColumnHandle> remainingDomain, ConnectorExpression remainingExpression)
    {
        public Result
        {
            requireNonNull(filter, "filter is null");
            requireNonNull(remainingDomain, "remainingDomain is null");
            requireNonNull(remainingExpression, "remainingExpression is null");
        }
    }

    public static Result split(Constraint constraint)
    {
        if (constraint.getSummary().isNone()) {
            return new Result(LanceFilter.Constant.NONE, TupleDomain.all(), constraint.getExpression());
        }
        ImmutableList.Builder<LanceFilter> filters = ImmutableList.builder();
        ImmutableMap.Builder<ColumnHandle, Domain> remainingDomains = ImmutableMap.builder();
        constraint.getSummary().getDomains().orElseThrow().forEach((column, domain) -> {
            Optional<DomainFilters.Translation> translation = translate((LanceColumnHandle) column, domain);
            translation.ifPresent(value -> filters.add(value.filter()));
            if (translation.isEmpty() || !translation.orElseThrow().exact()) {
                remainingDomains.put(column, domain);
            }
        });
        ExpressionFilters expressions = new ExpressionFilters(constraint.getAssignments());
        List<ConnectorExpression> conjuncts = extractConjuncts(constraint.getExpression());
        List<ConnectorExpression> remaining = new ArrayList<>();
        for (ConnectorExpression conjunct : conjuncts) {
            expressions.translate(conjunct).ifPresentOrElse(filters::add, () -> remaining.add(conjunct));
        }
        // the engine simplifies an expression that has changed, if only in form, and may then ask again, without end
        ConnectorExpression remainingExpression = remaining.size() == conjuncts.size() ? constraint.getExpression() : and(remaining);
        return new Result(LanceFilter.and(filters.build()), TupleDomain.withColumnDomains(remainingDomains.buildOrThrow()), remainingExpression);
    }

    /**
     * A filter that every row of the domain passes, and as few others as possible.
     */
    public static LanceFilter toFilter(TupleDomain<? extends ColumnHandle> predicate)
    {
        if (predicate.isNone()) {
            return LanceFilter.Constant.NONE;
        }
        Map<? extends ColumnHandle, Domain> domains = predicate.getDomains().orElseThrow();
        List<LanceFilter> filters = domains.entrySet().stream()
                .flatMap(entry -> translate((LanceColumnHandle) entry.getKey(), entry.getValue()).stream())
                .map(DomainFilters.Translation::filter)
                .toList();
        return LanceFilter.and(filters);
    }

    private static Optional<DomainFilters.Translation> translate(LanceColumnHandle column, Domain domain)
    {
        return DomainFilters.translate(column.path(), column.storage(), domain);
    }
}
