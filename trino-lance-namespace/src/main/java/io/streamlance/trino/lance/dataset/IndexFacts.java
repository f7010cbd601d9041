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

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.filter.ColumnFacts;
import io.streamlance.trino.lance.filter.FieldPath;
import io.streamlance.trino.lance.filter.FilterSelectivity;
import io.streamlance.trino.lance.filter.FilterSql;
import io.streamlance.trino.lance.filter.LanceFilter;
import io.streamlance.trino.lance.filter.StorageType;
import io.streamlance.trino.lance.index.ColumnIndex;
import io.streamlance.trino.lance.index.DatasetIndexes;
import org.lance.Dataset;
import org.lance.index.scalar.ZoneStats;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;

import static com.google.common.primitives.Doubles.tryParse;
import static java.util.Objects.requireNonNull;

/**
 * Reads what the indexes of a dataset know about its columns. An index that does not cover all
 * fragments says nothing about the others, and is not asked; neither is one with a defect.
 */
final class IndexFacts
{
    // how the statistics of a B-tree write a null, which sorts first
    private static final String NULL = "NULL";

    private final Dataset dataset;
    private final DatasetIndexes indexes;
    private final FieldPath column;
    private final StorageType storage;
    private final boolean countNulls;

    private IndexFacts(DatasetLease lease, FieldPath column, StorageType storage, boolean countNulls)
    {
        this.dataset = lease.dataset();
        this.indexes = lease.indexes();
        this.column = requireNonNull(column, "column is null");
        this.storage = requireNonNull(storage, "storage is null");
        this.countNulls = countNulls;
    }

    /**
     * Reads the statistics of B-trees and bitmaps, and the zones of zone maps: some kilobytes each.
     *
     * @return by the names of columns, only those that something is known of
     */
    static Map<String, ColumnFacts> read(DatasetLease lease, List<LanceColumnHandle> columns)
    {
        if (lease.indexes().isEmpty()) {
            return ImmutableMap.of();
        }
        ImmutableMap.Builder<String, ColumnFacts> builder = ImmutableMap.builder();
        for (LanceColumnHandle column : columns) {
            new IndexFacts(lease, FieldPath.column(column.name()), column.storage(), true).read().ifPresent(known -> builder.put(column.name(), known));
        }
        return builder.buildOrThrow();
    }

    /// What the statistics of the indexes of a column say by themselves.
    static Optional<ColumnFacts> readWithoutCounting(DatasetLease lease, FieldPath column, StorageType storage)
    {
        return new IndexFacts(lease, column, storage, false).read();
    }

    private Optional<ColumnFacts> read()
    {
        return indexes.on(column).stream()
                .filter(index -> index.defect().isEmpty())
                .flatMap(index -> read(index).stream())
                .reduce(ColumnFacts::orElse)
                .map(known -> withDistinctValues(known, storage));
    }

    // integers and days between the ends of a range are most often all there
    private static ColumnFacts withDistinctValues(ColumnFacts facts, StorageType storage)
    {
        if (facts.distinctValues().isPresent() || !facts.hasRange() || !FilterSelectivity.isDiscrete(storage.name())) {
            return facts;
        }
        return new ColumnFacts(facts.min(), facts.max(), facts.nullsFraction(), OptionalDouble.of(facts.max().getAsDouble() - facts.min().getAsDouble() + 1));
    }

    private Optional<ColumnFacts> read(ColumnIndex index)
    {
        return switch (index.type()) {
            case "BTree" -> completeStatistics(index).map(statistics -> ofBTree(statistics));
            case "Bitmap" -> completeStatistics(index).map(statistics -> new ColumnFacts(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.of(number(statistics.get("num_bitmaps")))));
            case "ZoneMap" -> completeStatistics(index).map(_ -> ofZones(dataset.getZonemapStats(column.indexPath()), storage));
            default -> Optional.empty();
        };
    }

    // an index of several parts would have to be put together
    private Optional<Map<?, ?>> completeStatistics(ColumnIndex index)
    {
        Map<String, Object> statistics = dataset.getIndexStatistics(index.name());
        if (number(statistics.get("num_unindexed_fragments")) != 0 || !(statistics.get("indices") instanceof List<?> parts) || parts.size() != 1) {
            return Optional.empty();
        }
        return Optional.of((Map<?, ?>) parts.getFirst());
    }

    private ColumnFacts ofBTree(Map<?, ?> statistics)
    {
        String min = String.valueOf(statistics.get("min"));
        return new ColumnFacts(
                bound(min, storage),
                bound(String.valueOf(statistics.get("max")), storage),
                min.equals(NULL) ? OptionalDouble.empty() : nullsFraction(),
                OptionalDouble.empty());
    }

    /// A B-tree does not count the pages of nulls alone among its values. It finds them, mostly none, without reading a data
    /// file. Lance cannot be told to count by this index only.
    private OptionalDouble nullsFraction()
    {
        long rows = dataset.countRows();
        if (!countNulls || rows == 0 || !FilterSql.canWrite(column) || !indexes.areExact(ImmutableSet.of(column))) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of((double) dataset.countRows(FilterSql.toSql(new LanceFilter.IsNull(column))) / rows);
    }

    private static ColumnFacts ofZones(List<ZoneStats> zones, StorageType storage)
    {
        double rows = zones.stream().mapToDouble(ZoneStats::getZoneLength).sum();
        double nulls = zones.stream().mapToDouble(ZoneStats::getNullCount).sum();
        List<ZoneStats> withValues = zones.stream()
                .filter(zone -> zone.getMin() != null && zone.getMax() != null)
                .toList();
        return new ColumnFacts(
                extreme(withValues.stream().map(ZoneStats::getMin), storage, Math::min),
                extreme(withValues.stream().map(ZoneStats::getMax), storage, Math::max),
                rows > 0 ? OptionalDouble.of(nulls / rows) : OptionalDouble.empty(),
                OptionalDouble.empty());
    }

    // one bound that is not known leaves the range open
    private static OptionalDouble extreme(Stream<Comparable<?>> bounds, StorageType storage, DoubleBinaryOperator operator)
    {
        OptionalDouble extreme = bounds
                .mapToDouble(value -> bound(zoneBound(value, storage), storage).orElse(Double.NaN))
                .reduce(operator);
        return extreme.isPresent() && !Double.isNaN(extreme.getAsDouble()) ? extreme : OptionalDouble.empty();
    }

    // zones hold the bits of unsigned integers
    private static String zoneBound(Comparable<?> value, StorageType storage)
    {
        return storage.name().equals("UInt64") && value instanceof Long bits ? Long.toUnsignedString(bits) : value.toString();
    }

    // indexes sort NaN too
    private static OptionalDouble bound(String text, StorageType storage)
    {
        if (storage.name().equals("Date32") && text.indexOf('-', 1) > 0) {
            return days(text);
        }
        Double value = isNumeric(storage) ? tryParse(text) : null;
        return value == null || !Double.isFinite(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    // zones have days, B-trees write the date
    private static OptionalDouble days(String text)
    {
        try {
            return OptionalDouble.of(LocalDate.parse(text).toEpochDay());
        }
        catch (DateTimeParseException _) {
            return OptionalDouble.empty();
        }
    }

    // of the others it is not said in which unit an index shows them
    private static boolean isNumeric(StorageType storage)
    {
        String name = storage.name();
        return FilterSelectivity.isDiscrete(name) || name.startsWith("Float") || name.startsWith("Timestamp(") || name.startsWith("Duration(");
    }

    private static double number(Object value)
    {
        return Double.parseDouble(String.valueOf(value));
    }
}
