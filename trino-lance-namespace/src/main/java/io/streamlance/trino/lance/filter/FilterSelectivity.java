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

import io.streamlance.trino.lance.filter.LanceFilter.Operator;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

import static com.google.common.primitives.Doubles.tryParse;
import static java.lang.Math.clamp;
import static java.lang.Math.max;
import static java.lang.Math.min;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;

/**
 * Estimates the share of rows that pass a filter. Where no index knows the values, it is a guess that
 * is right only in that a table with a condition is smaller than without.
 */
public final class FilterSelectivity
{
    private static final double EQUAL = 0.05;
    private static final double RANGE = 0.3;
    private static final double TEXT_PATTERN = 0.1;
    private static final double NULLS = 0.1;

    private final Map<String, ColumnFacts> columns;

    private FilterSelectivity(Map<String, ColumnFacts> columns)
    {
        this.columns = requireNonNull(columns, "columns is null");
    }

    /**
     * @param columns by their names in the dataset
     * @return from 0 to 1
     */
    public static double estimate(LanceFilter filter, Map<String, ColumnFacts> columns)
    {
        return new FilterSelectivity(columns).estimate(filter);
    }

    private double estimate(LanceFilter filter)
    {
        return switch (filter) {
            case LanceFilter.Constant(boolean value) -> value ? 1 : 0;
            case LanceFilter.Comparison comparison -> comparison(comparison) * (1 - nulls(comparison.field(), 0));
            case LanceFilter.In in -> min(1, in.values().stream().mapToDouble(value -> equal(in.field(), value)).sum()) * (1 - nulls(in.field(), 0));
            case LanceFilter.IsNull(FieldPath field) -> nulls(field, NULLS);
            case LanceFilter.Like _, LanceFilter.StartsWith _, LanceFilter.ArrayContains _ -> TEXT_PATTERN;
            case LanceFilter.And(List<LanceFilter> terms) -> conjunction(terms);
            case LanceFilter.Or(List<LanceFilter> terms) -> 1 - terms.stream().mapToDouble(term -> 1 - estimate(term)).reduce(1, (left, right) -> left * right);
            case LanceFilter.Not(LanceFilter term) -> 1 - estimate(term);
        };
    }

    // two ends of a range depend on each other
    private double conjunction(List<LanceFilter> terms)
    {
        Map<FieldPath, List<LanceFilter.Comparison>> ranges = terms.stream()
                .filter(this::isBoundOfKnownRange)
                .map(LanceFilter.Comparison.class::cast)
                .collect(groupingBy(LanceFilter.Comparison::field));
        double share = terms.stream()
                .filter(term -> !isBoundOfKnownRange(term))
                .mapToDouble(this::estimate)
                .reduce(1, (left, right) -> left * right);
        for (Map.Entry<FieldPath, List<LanceFilter.Comparison>> range : ranges.entrySet()) {
            double excluded = range.getValue().stream().mapToDouble(bound -> 1 - comparison(bound)).sum();
            share *= clamp(1 - excluded, 0, 1) * (1 - nulls(range.getKey(), 0));
        }
        return share;
    }

    private boolean isBoundOfKnownRange(LanceFilter term)
    {
        return term instanceof LanceFilter.Comparison comparison && comparison.operator() != Operator.EQUAL && facts(comparison.field()).hasRange();
    }

    private double comparison(LanceFilter.Comparison comparison)
    {
        if (comparison.operator() == Operator.EQUAL) {
            return equal(comparison.field(), comparison.value());
        }
        ColumnFacts facts = facts(comparison.field());
        Double value = tryParse(comparison.value());
        if (value == null || !facts.hasRange()) {
            return RANGE;
        }
        return range(comparison.operator(), value, facts.min().getAsDouble(), facts.max().getAsDouble(), isDiscrete(comparison.type()) ? 1 : 0);
    }

    /**
     * @param step distance between neighbouring values, 0 if there is always another one in between
     */
    private static double range(Operator operator, double bound, double min, double max, double step)
    {
        // a range of one value is passed or not
        double width = max > min || step > 0 ? max - min + step : Double.MIN_NORMAL;
        return switch (operator) {
            case LESS_THAN -> clamp((bound - min) / width, 0, 1);
            case LESS_THAN_OR_EQUAL -> clamp((bound - min + max(step, Double.MIN_NORMAL)) / width, 0, 1);
            case GREATER_THAN -> clamp((max - bound) / width, 0, 1);
            case GREATER_THAN_OR_EQUAL -> clamp((max - bound + max(step, Double.MIN_NORMAL)) / width, 0, 1);
            case EQUAL -> throw new IllegalArgumentException("not a range");
        };
    }

    /**
     * Whether between two values there are only so many others.
     */
    public static boolean isDiscrete(String storage)
    {
        return storage.startsWith("Int") || storage.startsWith("UInt") || storage.equals("Date32");
    }

    private double equal(FieldPath field, String literal)
    {
        ColumnFacts facts = facts(field);
        Double value = tryParse(literal);
        if (value != null && facts.hasRange() && (value < facts.min().getAsDouble() || value > facts.max().getAsDouble())) {
            return 0;
        }
        return facts.distinctValues().isPresent() && facts.distinctValues().getAsDouble() >= 1 ? 1 / facts.distinctValues().getAsDouble() : EQUAL;
    }

    private double nulls(FieldPath field, double unknown)
    {
        OptionalDouble fraction = facts(field).nullsFraction();
        return fraction.orElse(unknown);
    }

    private ColumnFacts facts(FieldPath field)
    {
        return field.names().size() == 1 ? columns.getOrDefault(field.names().getFirst(), ColumnFacts.UNKNOWN) : ColumnFacts.UNKNOWN;
    }
}
