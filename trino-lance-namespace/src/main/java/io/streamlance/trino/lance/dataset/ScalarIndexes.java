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
package io.streamlance.trino.lance.dataset;

import com.google.common.collect.ImmutableSet;
import io.airlift.log.Logger;
import io.streamlance.trino.lance.filter.ColumnFacts;
import io.streamlance.trino.lance.filter.FieldPath;
import io.streamlance.trino.lance.filter.FilterSelectivity;
import io.streamlance.trino.lance.filter.FilterSql;
import io.streamlance.trino.lance.filter.LanceFilter;
import io.streamlance.trino.lance.filter.LanceFilter.Operator;
import io.streamlance.trino.lance.filter.StorageType;
import org.apache.arrow.memory.BufferAllocator;
import org.lance.Dataset;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.lance.MetadataColumn.ROW_ID;
import static io.streamlance.trino.lance.filter.LanceFilter.Operator.EQUAL;
import static io.streamlance.trino.lance.filter.LanceFilter.Operator.GREATER_THAN;
import static io.streamlance.trino.lance.filter.LanceFilter.Operator.GREATER_THAN_OR_EQUAL;
import static io.streamlance.trino.lance.filter.LanceFilter.Operator.LESS_THAN;
import static io.streamlance.trino.lance.filter.LanceFilter.Operator.LESS_THAN_OR_EQUAL;
import static java.lang.Math.max;
import static java.lang.Math.min;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;

/**
 * Decides what the indexes of a dataset are good for. Lance by itself uses every index that fits, also
 * where reading all rows is faster: of 6 million rows a range of one tenth takes 257 ms with a B-tree
 * and 90 ms without, an IN list of 10,000 values 5 s and 80 ms.
 */
public final class ScalarIndexes
{
    private static final Logger log = Logger.get(ScalarIndexes.class);

    // these find the rows of a value, and walk long for many values
    private static final Set<String> ORDERED_TYPES = ImmutableSet.of("BTree", "Bitmap");
    private static final String LIST_TYPE = "LabelList";
    // these say which rows need not be read, at no cost
    private static final Set<String> PRUNING_TYPES = ImmutableSet.of("ZoneMap", "BloomFilter");

    private static final Set<Operator> LOW_BOUNDS = ImmutableSet.of(EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL);
    private static final Set<Operator> HIGH_BOUNDS = ImmutableSet.of(EQUAL, LESS_THAN, LESS_THAN_OR_EQUAL);

    // each value of an IN list reads a page of a B-tree
    private static final int MAX_LOOKUPS = 200;
    private static final long MIN_ROWS_PER_LOOKUP = 20_000;

    // however few rows the dataset has
    private static final long MIN_FOUND_ROWS = 10_000;
    // finding and reading a row by an index takes as long as reading so many without
    private static final long ROWS_PER_FOUND_ROW = 25;
    // and opening a fragment as long as finding so many
    private static final long FOUND_ROWS_PER_FRAGMENT = 200;

    private final DatasetLease lease;
    private final Dataset dataset;
    private final LanceFilter filter;
    private final Map<String, ColumnFacts> facts;

    /// @param facts what is known of columns already, by their names
    public ScalarIndexes(DatasetLease lease, LanceFilter filter, Map<String, ColumnFacts> facts)
    {
        this.lease = requireNonNull(lease, "lease is null");
        this.dataset = lease.dataset();
        this.filter = requireNonNull(filter, "filter is null");
        this.facts = new HashMap<>(facts);
    }

    public enum Use
    {
        /**
         * Lance should not look at indexes.
         */
        NONE,
        /**
         * Every split skips what an index excludes.
         */
        PRUNE,
        /**
         * An index finds the few rows there are, so that one scan of the whole dataset reads them.
         */
        LOOKUP,
    }

    /// @param fragments those in which an index has found rows; empty if not known
    /// @param rows number of rows that pass the filter; empty if not known
    /// @param search what it took to ask an index
    public record Choice(Use use, Optional<Set<Integer>> fragments, OptionalLong rows, Optional<IndexSearch> search)
    {
        public static final Choice NONE = new Choice(Use.NONE, Optional.empty(), OptionalLong.empty(), Optional.empty());
        private static final Choice PRUNE = new Choice(Use.PRUNE, Optional.empty(), OptionalLong.empty(), Optional.empty());

        public Choice
        {
            requireNonNull(use, "use is null");
            fragments = fragments.map(ImmutableSet::copyOf);
            requireNonNull(rows, "rows is null");
            requireNonNull(search, "search is null");
        }
    }

    /// @param maxRows most rows that one scan of the whole dataset should read
    /// @param cancelled whether nobody waits for the answer any more
    public Choice choose(BufferAllocator allocator, long maxRows, BooleanSupplier cancelled)
            throws Exception
    {
        if (!lease.indexes().areExact(filter.fields())) {
            return Choice.NONE;
        }
        List<LanceFilter> lookups = filter.conjuncts().stream()
                .filter(term -> isLookup(term) || isClosedRange(term))
                .collect(toImmutableList());
        // one condition that needs a long walk through an index costs more than the others save
        boolean longWalk = filter.conjuncts().stream()
                .filter(term -> !lookups.contains(term))
                .flatMap(term -> term.fields().stream())
                .anyMatch(this::isWalked);
        if (longWalk) {
            return Choice.NONE;
        }
        if (!lookups.isEmpty()) {
            long maxFound = max(MIN_FOUND_ROWS, min(maxRows, lease.layout().rows() / ROWS_PER_FOUND_ROW + lease.layout().fragments().size() * FOUND_ROWS_PER_FRAGMENT));
            return expectsMore(lookups, maxFound)
                    ? Choice.NONE
                    : search(allocator, LanceFilter.and(lookups), lookups.size() == filter.conjuncts().size(), maxFound, cancelled);
        }
        return filter.fields().stream().anyMatch(this::isPruned) ? Choice.PRUNE : Choice.NONE;
    }

    /// Whether a range is known to have more rows, so that it is not worth while to ask. Lance walks each index for itself: it
    /// does not help if another condition leaves fewer rows. Of single values no index knows how often they are there.
    private boolean expectsMore(List<LanceFilter> lookups, long maxFound)
    {
        List<LanceFilter> bounds = lookups.stream()
                .filter(term -> term instanceof LanceFilter.Comparison comparison && comparison.operator() != EQUAL)
                .collect(toImmutableList());
        bounds.forEach(this::readFacts);
        return bounds.stream()
                .filter(term -> term.fields().stream().allMatch(this::hasRange))
                .collect(groupingBy(LanceFilter::fields))
                .values().stream()
                .anyMatch(range -> lease.layout().rows() * FilterSelectivity.estimate(LanceFilter.and(range), facts) > maxFound);
    }

    private boolean hasRange(FieldPath field)
    {
        return facts.getOrDefault(field.toString(), ColumnFacts.UNKNOWN).hasRange();
    }

    private Choice search(BufferAllocator allocator, LanceFilter lookup, boolean complete, long maxFound, BooleanSupplier cancelled)
            throws Exception
    {
        long start = System.nanoTime();
        if (!DatasetFormat.hasFragmentMetadata(dataset)) {
            long rows = dataset.countRows(FilterSql.toSql(lookup));
            IndexSearch search = new IndexSearch(rows, System.nanoTime() - start, Optional.empty());
            return new Choice(rows <= maxFound ? Use.LOOKUP : Use.NONE, Optional.empty(), complete ? OptionalLong.of(rows) : OptionalLong.empty(), Optional.of(search));
        }
        lease.checkIndexes();
        IndexedRows found;
        try {
            found = IndexedRows.find(dataset, allocator, lookup, maxFound, cancelled);
        }
        // the native code throws IOException too, although the methods do not declare it
        catch (Exception e) {
            // some writers left B-trees with stable row ids out of order, which Lance 7.0.0 refuses to search; a scan needs no index
            if (!dataset.hasStableRowIds()) {
                throw e;
            }
            log.warn(e, "The indexes of the dataset at %s cannot be searched for %s, which is read without them", lease.version().location(), lookup);
            return Choice.NONE;
        }
        Optional<IndexSearch> search = Optional.of(new IndexSearch(found.rows(), System.nanoTime() - start, found.stats()));
        if (!found.complete()) {
            return new Choice(Use.NONE, Optional.empty(), OptionalLong.empty(), search);
        }
        return new Choice(Use.LOOKUP, Optional.of(found.fragments()), complete ? OptionalLong.of(found.rows()) : OptionalLong.empty(), search);
    }

    /// Share of the rows that pass the filter, as far as the indexes tell.
    ///
    /// @return empty if they do not
    public OptionalDouble passingShare()
    {
        filter.conjuncts().forEach(this::readFacts);
        return filter.fields().stream().anyMatch(this::hasRange) ? OptionalDouble.of(FilterSelectivity.estimate(filter, facts)) : OptionalDouble.empty();
    }

    // some kilobytes, of which the scan needs most anyway
    private void readFacts(LanceFilter term)
    {
        switch (term) {
            case LanceFilter.Comparison(FieldPath field, _, String type, _) -> readFacts(field, type);
            case LanceFilter.In(FieldPath field, String type, _) -> readFacts(field, type);
            default -> {}
        }
    }

    private void readFacts(FieldPath field, String type)
    {
        if (field.names().size() == 1 && !lease.indexes().usableTypes(field).isEmpty() && !facts.containsKey(field.toString())) {
            lease.checkIndexes();
            facts.put(field.toString(), IndexFacts.readWithoutCounting(lease, field, StorageType.scalar(type)).orElse(ColumnFacts.UNKNOWN));
        }
    }

    /// Whether a scan that uses indexes should leave out a later condition on the field: Lance would walk through an index of the
    /// field, with one step or more for each value and row, or would have to read without any index.
    public boolean isLeftToJoin(FieldPath field)
    {
        return isWalked(field) || !lease.indexes().areExact(ImmutableSet.of(field));
    }

    private boolean isWalked(FieldPath field)
    {
        return isOrdered(field) || isList(field);
    }

    private boolean isPruned(FieldPath field)
    {
        return lease.indexes().usableTypes(field).stream().anyMatch(PRUNING_TYPES::contains);
    }

    private boolean isLookup(LanceFilter term)
    {
        return switch (term) {
            case LanceFilter.Comparison comparison -> comparison.operator() == EQUAL && (ROW_ID.isIn(comparison.field()) || isOrdered(comparison.field()));
            // Lance takes rows by their ids in a few microseconds each
            case LanceFilter.In in when ROW_ID.isIn(in.field()) -> true;
            case LanceFilter.In in -> isOrdered(in.field()) && in.values().size() <= max(MAX_LOOKUPS, lease.layout().rows() / MIN_ROWS_PER_LOOKUP);
            case LanceFilter.ArrayContains contains -> isList(contains.field());
            default -> false;
        };
    }

    private boolean isClosedRange(LanceFilter term)
    {
        return term instanceof LanceFilter.Comparison comparison &&
                isOrdered(comparison.field()) &&
                hasBound(comparison.field(), LOW_BOUNDS) &&
                hasBound(comparison.field(), HIGH_BOUNDS);
    }

    private boolean hasBound(FieldPath field, Set<Operator> operators)
    {
        return filter.conjuncts().stream()
                .anyMatch(term -> term instanceof LanceFilter.Comparison(FieldPath other, Operator operator, _, String value) &&
                        other.equals(field) &&
                        operators.contains(operator) &&
                        // only keeps NaN out
                        !value.endsWith("Infinity"));
    }

    private boolean isOrdered(FieldPath field)
    {
        return lease.indexes().usableTypes(field).stream().anyMatch(ORDERED_TYPES::contains);
    }

    private boolean isList(FieldPath field)
    {
        return lease.indexes().usableTypes(field).contains(LIST_TYPE);
    }
}
