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
import io.streamlance.trino.lance.filter.LanceFilter.Operator;
import io.trino.spi.predicate.Domain;
import io.trino.spi.predicate.Range;
import io.trino.spi.predicate.SortedRangeSet;
import io.trino.spi.predicate.ValueSet;
import io.trino.spi.type.Type;

import java.util.List;
import java.util.Optional;

import static io.streamlance.trino.lance.filter.LanceFilter.Operator.EQUAL;
import static io.streamlance.trino.lance.filter.LanceFilter.Operator.GREATER_THAN;
import static io.streamlance.trino.lance.filter.LanceFilter.Operator.GREATER_THAN_OR_EQUAL;
import static io.streamlance.trino.lance.filter.LanceFilter.Operator.LESS_THAN;
import static io.streamlance.trino.lance.filter.LanceFilter.Operator.LESS_THAN_OR_EQUAL;
import static java.util.Objects.requireNonNull;

/**
 * Turns the allowed values of one field into a filter.
 */
final class DomainFilters
{
    /**
     * An IN list of so many values takes Lance 80 ms over 6 million rows.
     */
    static final int MAX_VALUES = 10_000;
    private static final int MAX_RANGES = 1_000;

    private final FieldPath field;
    private final StorageType storage;
    private final Type type;

    private DomainFilters(FieldPath field, StorageType storage, Type type)
    {
        this.field = requireNonNull(field, "field is null");
        this.storage = requireNonNull(storage, "storage is null");
        this.type = requireNonNull(type, "type is null");
    }

    /**
     * @param exact whether Trino need not check the rows again
     */
    record Translation(LanceFilter filter, boolean exact) {}

    /**
     * @return empty if Lance cannot evaluate any part of it
     */
    static Optional<Translation> translate(FieldPath field, StorageType storage, Domain domain)
    {
        if (domain.isAll()) {
            return Optional.of(new Translation(LanceFilter.Constant.ALL, true));
        }
        if (domain.isNone()) {
            return Optional.of(new Translation(LanceFilter.Constant.NONE, true));
        }
        if (!FilterSql.canWrite(field) || storage.hasBlobs()) {
            return Optional.empty();
        }
        LanceFilter isNull = new LanceFilter.IsNull(field);
        if (domain.isOnlyNull()) {
            return Optional.of(new Translation(isNull, true));
        }
        if (domain.getValues().isAll()) {
            return Optional.of(new Translation(new LanceFilter.Not(isNull), true));
        }
        if (!FilterLiterals.hasLiterals(storage) || !(domain.getValues() instanceof SortedRangeSet values)) {
            return Optional.empty();
        }
        DomainFilters filters = new DomainFilters(field, storage, domain.getType());
        boolean complete = filters.canList(values);
        ValueSet written = complete ? values : ValueSet.ofRanges(values.getSpan());
        if (written.isAll()) {
            return Optional.of(new Translation(domain.isNullAllowed() ? LanceFilter.Constant.ALL : new LanceFilter.Not(isNull), false));
        }
        boolean exact = complete && !filters.hasZeroInList(values);
        return filters.translate(written)
                .map(condition -> new Translation(domain.isNullAllowed() ? LanceFilter.or(ImmutableList.of(condition, isNull)) : condition, exact));
    }

    // for Trino 0.0 = -0.0, but IN tells them apart as soon as it has several values: Lance finds both and Trino decides
    private boolean hasZeroInList(SortedRangeSet values)
    {
        if (!FilterLiterals.isFloatingPoint(storage)) {
            return false;
        }
        List<Object> singles = values.getOrderedRanges().stream()
                .filter(Range::isSingleValue)
                .map(Range::getSingleValue)
                .toList();
        return singles.size() > 1 && singles.stream()
                .flatMap(value -> FilterLiterals.literal(storage, type, value).stream())
                .anyMatch(this::isZero);
    }

    private boolean canList(SortedRangeSet values)
    {
        return values.getRangeCount() <= MAX_RANGES
                || (values.isDiscreteSet() && values.getRangeCount() <= MAX_VALUES)
                || excludedValues(values).filter(excluded -> excluded.size() <= MAX_VALUES).isPresent();
    }

    // floating point cannot be complemented: NaN is in no range
    private Optional<List<Object>> excludedValues(ValueSet values)
    {
        if (FilterLiterals.isFloatingPoint(storage)) {
            return Optional.empty();
        }
        ValueSet excluded = values.complement();
        return excluded.isDiscreteSet() ? Optional.of(excluded.getDiscreteSet()) : Optional.empty();
    }

    private Optional<LanceFilter> translate(ValueSet values)
    {
        Optional<List<Object>> excluded = excludedValues(values);
        if (excluded.isPresent()) {
            return in(excluded.orElseThrow()).map(LanceFilter.Not::new);
        }
        ImmutableList.Builder<LanceFilter> terms = ImmutableList.builder();
        ImmutableList.Builder<Object> singleValues = ImmutableList.builder();
        for (Range range : values.getRanges().getOrderedRanges()) {
            if (range.isSingleValue()) {
                singleValues.add(range.getSingleValue());
                continue;
            }
            Optional<LanceFilter> term = range(range);
            if (term.isEmpty()) {
                return Optional.empty();
            }
            terms.add(term.orElseThrow());
        }
        List<Object> singles = singleValues.build();
        if (!singles.isEmpty()) {
            Optional<LanceFilter> term = in(singles);
            if (term.isEmpty()) {
                return Optional.empty();
            }
            terms.add(term.orElseThrow());
        }
        return Optional.of(LanceFilter.or(terms.build()));
    }

    private Optional<LanceFilter> in(List<Object> values)
    {
        ImmutableList.Builder<String> builder = ImmutableList.builder();
        for (Object value : values) {
            Optional<String> literal = FilterLiterals.literal(storage, type, value);
            if (literal.isEmpty()) {
                return Optional.empty();
            }
            if (isZero(literal.orElseThrow())) {
                // one value for Trino, two for Lance
                builder.add("-0.0", "0.0");
            }
            else {
                builder.add(literal.orElseThrow());
            }
        }
        List<String> literals = builder.build();
        return Optional.of(literals.size() == 1 ? compare(EQUAL, literals.getFirst()) : new LanceFilter.In(field, storage.name(), literals));
    }

    private Optional<LanceFilter> range(Range range)
    {
        ImmutableList.Builder<LanceFilter> bounds = ImmutableList.builder();
        if (!range.isLowUnbounded()) {
            Optional<String> literal = FilterLiterals.literal(storage, type, range.getLowBoundedValue());
            if (literal.isEmpty()) {
                return Optional.empty();
            }
            bounds.add(lowBound(literal.orElseThrow(), range.isLowInclusive()));
        }
        else if (FilterLiterals.isFloatingPoint(storage)) {
            // Lance sorts the negative NaN below all
            bounds.add(compare(GREATER_THAN_OR_EQUAL, "-Infinity"));
        }
        if (!range.isHighUnbounded()) {
            Optional<String> literal = FilterLiterals.literal(storage, type, range.getHighBoundedValue());
            if (literal.isEmpty()) {
                return Optional.empty();
            }
            bounds.add(highBound(literal.orElseThrow(), range.isHighInclusive()));
        }
        else if (FilterLiterals.isFloatingPoint(storage)) {
            // and NaN above all
            bounds.add(compare(LESS_THAN_OR_EQUAL, "Infinity"));
        }
        return Optional.of(LanceFilter.and(bounds.build()));
    }

    private LanceFilter lowBound(String literal, boolean inclusive)
    {
        // Lance sorts -0.0 below 0.0
        String bound = isZero(literal) ? (inclusive ? "-0.0" : "0.0") : literal;
        return compare(inclusive ? GREATER_THAN_OR_EQUAL : GREATER_THAN, bound);
    }

    private LanceFilter highBound(String literal, boolean inclusive)
    {
        String bound = isZero(literal) ? (inclusive ? "0.0" : "-0.0") : literal;
        return compare(inclusive ? LESS_THAN_OR_EQUAL : LESS_THAN, bound);
    }

    private boolean isZero(String literal)
    {
        return FilterLiterals.isFloatingPoint(storage) && (literal.equals("0.0") || literal.equals("-0.0"));
    }

    private LanceFilter compare(Operator operator, String literal)
    {
        return new LanceFilter.Comparison(field, operator, storage.name(), literal);
    }
}
