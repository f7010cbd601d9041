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
package io.streamlance.trino.lance;

import com.google.inject.Inject;
import io.streamlance.trino.lance.dataset.DatasetStatistics;
import io.streamlance.trino.lance.dataset.StatisticsCache;
import io.streamlance.trino.lance.filter.ColumnFacts;
import io.streamlance.trino.lance.filter.FilterSelectivity;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.statistics.ColumnStatistics;
import io.trino.spi.statistics.DoubleRange;
import io.trino.spi.statistics.Estimate;
import io.trino.spi.statistics.TableStatistics;
import io.trino.spi.type.FixedWidthType;
import io.trino.spi.type.TimestampType;
import io.trino.spi.type.TimestampWithTimeZoneType;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Supplier;

import static java.lang.Math.max;
import static java.lang.Math.min;
import static java.util.Objects.requireNonNull;

/**
 * Statistics for the optimizer: rows from the manifest, ranges and nulls from indexes, sizes of text and
 * nested columns as a share of the data files, and an estimate of what a pushed filter leaves.
 */
public class LanceStatistics
{
    private static final double GUESSED_NULLS = 0.1;

    private final StatisticsCache cache;

    @Inject
    public LanceStatistics(StatisticsCache cache)
    {
        this.cache = requireNonNull(cache, "cache is null");
    }

    public TableStatistics estimate(LanceTableHandle handle, LanceTable table, Supplier<VendedOptions> vended)
    {
        List<LanceColumnHandle> columns = table.columns().stream()
                .map(LanceTable.Column::handle)
                .toList();
        DatasetStatistics statistics = cache.get(handle.name(), handle.version(), columns, vended);
        double rows = estimateRows(handle, table.rowCount(), statistics);
        double variableWidth = variableWidth(columns, table.rowCount(), statistics.dataBytes());
        TableStatistics.Builder builder = TableStatistics.builder().setRowCount(Estimate.of(rows));
        for (LanceTable.Column column : table.columns()) {
            ColumnFacts facts = statistics.columns().getOrDefault(column.handle().name(), ColumnFacts.UNKNOWN);
            builder.setColumnStatistics(column.handle(), columnStatistics(column, facts, rows, variableWidth));
        }
        return builder.build();
    }

    // an estimate below one row would make the optimizer believe that there is nothing to join
    private static double estimateRows(LanceTableHandle handle, long tableRows, DatasetStatistics statistics)
    {
        double rows = max(min(tableRows, 1), tableRows * FilterSelectivity.estimate(handle.filter(), statistics.columns()));
        return handle.limit().isPresent() ? min(rows, handle.limit().getAsLong()) : rows;
    }

    private static ColumnStatistics columnStatistics(LanceTable.Column column, ColumnFacts facts, double rows, double variableWidth)
    {
        ColumnStatistics.Builder builder = ColumnStatistics.builder();
        OptionalDouble knownNulls = column.nullable() ? facts.nullsFraction() : OptionalDouble.of(0);
        knownNulls.ifPresent(fraction -> builder.setNullsFraction(Estimate.of(fraction)));
        // the engine knows the width of the others, and ignores a size without a share of nulls
        if (!(column.handle().type() instanceof FixedWidthType) && variableWidth > 0) {
            double nulls = knownNulls.orElse(GUESSED_NULLS);
            builder.setNullsFraction(Estimate.of(nulls));
            builder.setDataSize(Estimate.of(rows * (1 - nulls) * variableWidth));
        }
        facts.distinctValues().ifPresent(count -> builder.setDistinctValuesCount(Estimate.of(min(count, rows * (1 - knownNulls.orElse(0))))));
        if (facts.hasRange()) {
            double unit = statisticsUnit(column.handle());
            builder.setRange(new DoubleRange(facts.min().getAsDouble() * unit, facts.max().getAsDouble() * unit));
        }
        return builder.build();
    }

    /**
     * Average bytes of a value that is not of fixed width; 0 if not known.
     */
    private static double variableWidth(List<LanceColumnHandle> columns, long rows, long dataBytes)
    {
        long variable = columns.stream().filter(column -> !(column.type() instanceof FixedWidthType)).count();
        if (variable == 0 || rows == 0) {
            return 0;
        }
        double fixedWidth = columns.stream()
                .filter(column -> column.type() instanceof FixedWidthType)
                .mapToInt(column -> ((FixedWidthType) column.type()).getFixedSize())
                .sum();
        double rowWidth = (double) dataBytes / rows;
        // in the files the columns of fixed width may be smaller
        return max(rowWidth - fixedWidth, rowWidth / columns.size()) / variable;
    }

    /**
     * What to multiply a stored value with to get it as the optimizer compares it.
     */
    private static double statisticsUnit(LanceColumnHandle column)
    {
        return switch (column.type()) {
            case TimestampType _ -> 1_000_000 / unitsPerSecond(column.storage().name());
            case TimestampWithTimeZoneType _ -> 1_000 / unitsPerSecond(column.storage().name());
            default -> 1;
        };
    }

    private static double unitsPerSecond(String storage)
    {
        return switch (storage.substring(storage.indexOf('(') + 1, storage.indexOf(','))) {
            case "Second" -> 1;
            case "Millisecond" -> 1_000;
            case "Microsecond" -> 1_000_000;
            default -> 1_000_000_000;
        };
    }
}
