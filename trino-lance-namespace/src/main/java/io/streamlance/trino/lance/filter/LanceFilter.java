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

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;

import java.util.List;
import java.util.Set;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

/**
 * A condition on the rows of a table that Lance evaluates. With null it behaves as SQL does: a
 * comparison with null is null, and only rows for which the whole is true are read.
 * <p>
 * Literals are texts of a {@link StorageType#name() storage type}; {@link FilterLiterals} makes them
 * and {@link FilterSql} writes them.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "@type")
@JsonSubTypes({
        @JsonSubTypes.Type(value = LanceFilter.Comparison.class, name = "comparison"),
        @JsonSubTypes.Type(value = LanceFilter.In.class, name = "in"),
        @JsonSubTypes.Type(value = LanceFilter.IsNull.class, name = "isNull"),
        @JsonSubTypes.Type(value = LanceFilter.Like.class, name = "like"),
        @JsonSubTypes.Type(value = LanceFilter.StartsWith.class, name = "startsWith"),
        @JsonSubTypes.Type(value = LanceFilter.ArrayContains.class, name = "arrayContains"),
        @JsonSubTypes.Type(value = LanceFilter.And.class, name = "and"),
        @JsonSubTypes.Type(value = LanceFilter.Or.class, name = "or"),
        @JsonSubTypes.Type(value = LanceFilter.Not.class, name = "not"),
        @JsonSubTypes.Type(value = LanceFilter.Constant.class, name = "constant"),
})
public sealed interface LanceFilter
{
    /**
     * All of the terms; terms that are already there are not repeated.
     */
    static LanceFilter and(List<LanceFilter> terms)
    {
        Set<LanceFilter> distinct = terms.stream()
                .flatMap(term -> term.conjuncts().stream())
                .collect(toImmutableSet());
        if (distinct.contains(Constant.NONE)) {
            return Constant.NONE;
        }
        return switch (distinct.size()) {
            case 0 -> Constant.ALL;
            case 1 -> distinct.iterator().next();
            default -> new And(ImmutableList.copyOf(distinct));
        };
    }

    /**
     * Any of the terms; all rows if one of the terms is.
     */
    static LanceFilter or(List<LanceFilter> terms)
    {
        List<LanceFilter> flat = terms.stream()
                .flatMap(term -> term instanceof Or(List<LanceFilter> inner) ? inner.stream() : ImmutableList.of(term).stream())
                .collect(toImmutableList());
        checkArgument(!flat.isEmpty(), "terms is empty");
        if (flat.contains(Constant.ALL)) {
            return Constant.ALL;
        }
        return flat.size() == 1 ? flat.getFirst() : new Or(flat);
    }

    default List<LanceFilter> conjuncts()
    {
        return equals(Constant.ALL) ? ImmutableList.of() : ImmutableList.of(this);
    }

    /**
     * The fields that the filter reads.
     */
    default Set<FieldPath> fields()
    {
        return switch (this) {
            case Comparison term -> ImmutableSet.of(term.field());
            case In term -> ImmutableSet.of(term.field());
            case IsNull term -> ImmutableSet.of(term.field());
            case Like term -> ImmutableSet.of(term.field());
            case StartsWith term -> ImmutableSet.of(term.field());
            case ArrayContains term -> ImmutableSet.of(term.field());
            case And(List<LanceFilter> terms) -> fields(terms);
            case Or(List<LanceFilter> terms) -> fields(terms);
            case Not(LanceFilter term) -> term.fields();
            case Constant _ -> ImmutableSet.of();
        };
    }

    /**
     * About what the filter takes in the memory of the JVM, with its values.
     */
    default long retainedSizeInBytes()
    {
        return FilterSize.of(this);
    }

    private static Set<FieldPath> fields(List<LanceFilter> terms)
    {
        return terms.stream()
                .flatMap(term -> term.fields().stream())
                .collect(toImmutableSet());
    }

    enum Operator
    {
        EQUAL("="),
        LESS_THAN("<"),
        LESS_THAN_OR_EQUAL("<="),
        GREATER_THAN(">"),
        GREATER_THAN_OR_EQUAL(">="),
        /**/;

        private final String sql;

        Operator(String sql)
        {
            this.sql = requireNonNull(sql, "sql is null");
        }

        String sql()
        {
            return sql;
        }
    }

    record Comparison(FieldPath field, Operator operator, String type, String value)
            implements LanceFilter
    {
        @Override
        public String toString()
        {
            return field + " " + operator.sql() + " " + value;
        }
    }

    /**
     * @param values in ascending order
     */
    record In(FieldPath field, String type, List<String> values)
            implements LanceFilter
    {
        private static final int SHOWN_VALUES = 10;

        public In
        {
            values = ImmutableList.copyOf(values);
            checkArgument(!values.isEmpty(), "values is empty");
        }

        @Override
        public String toString()
        {
            String shown = values.stream().limit(SHOWN_VALUES).collect(joining(", "));
            return field + " IN (" + shown + (values.size() > SHOWN_VALUES ? ", and %s more".formatted(values.size() - SHOWN_VALUES) : "") + ")";
        }
    }

    record IsNull(FieldPath field)
            implements LanceFilter
    {
        @Override
        public String toString()
        {
            return field + " IS NULL";
        }
    }

    /**
     * @param pattern with backslash as the escape character
     */
    record Like(FieldPath field, String pattern)
            implements LanceFilter
    {
        @Override
        public String toString()
        {
            return field + " LIKE " + pattern;
        }
    }

    record StartsWith(FieldPath field, String prefix)
            implements LanceFilter
    {
        @Override
        public String toString()
        {
            return "starts_with(%s, %s)".formatted(field, prefix);
        }
    }

    /**
     * Whether a list has an element. If it has not, this is false, also if the list has nulls, where
     * SQL says null: not to be negated.
     */
    record ArrayContains(FieldPath field, String type, String value)
            implements LanceFilter
    {
        @Override
        public String toString()
        {
            return "contains(%s, %s)".formatted(field, value);
        }
    }

    record And(List<LanceFilter> terms)
            implements LanceFilter
    {
        public And
        {
            terms = ImmutableList.copyOf(terms);
        }

        @Override
        public List<LanceFilter> conjuncts()
        {
            return terms;
        }

        @Override
        public String toString()
        {
            return terms.stream().map(LanceFilter::toString).collect(joining(" AND ", "(", ")"));
        }
    }

    record Or(List<LanceFilter> terms)
            implements LanceFilter
    {
        public Or
        {
            terms = ImmutableList.copyOf(terms);
        }

        @Override
        public String toString()
        {
            return terms.stream().map(LanceFilter::toString).collect(joining(" OR ", "(", ")"));
        }
    }

    record Not(LanceFilter term)
            implements LanceFilter
    {
        @Override
        public String toString()
        {
            return "NOT " + term;
        }
    }

    /// All rows or none. The constants are not in the interface: initializing a record of a filter initializes the interface
    /// with its default methods, so that an interface which in turn needs one of the records can deadlock two threads.
    record Constant(boolean value)
            implements LanceFilter
    {
        public static final LanceFilter ALL = new Constant(true);
        public static final LanceFilter NONE = new Constant(false);

        @Override
        public String toString()
        {
            return String.valueOf(value);
        }
    }
}
