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
import io.trino.spi.type.Type;

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
        for (LanceColumnHandle column : columns) {
            ColumnFacts facts = statistics.columns().getOrDefault(column.name(), ColumnFacts.UNKNOWN);
            builder.setColumnStatistics(column, columnStatistics(column, facts, rows, variableWidth));
        }
        return builder.build();
    }

    // an estimate below one row would make the optimizer believe that there is nothing to join
    private static double estimateRows(LanceTableHandle handle, long tableRows, DatasetStatistics statistics)
    {
        double rows = max(min(tableRows, 1), tableRows * FilterSelectivity.estimate(handle.filter(), statistics.columns()));
        return handle.limit().isPresent() ? min(rows, handle.limit().getAsLong()) : rows;
    }

    private static ColumnStatistics columnStatistics(LanceColumnHandle column, ColumnFacts facts, double rows, double variableWidth)
    {
        ColumnStatistics.Builder builder = ColumnStatistics.builder();
        double nulls = facts.nullsFraction().orElse(0);
        facts.nullsFraction().ifPresent(fraction -> builder.setNullsFraction(Estimate.of(fraction)));
        distinctValues(column.type(), facts, rows * (1 - nulls)).ifPresent(count -> builder.setDistinctValuesCount(Estimate.of(count)));
        double width = column.type() instanceof FixedWidthType fixed ? fixed.getFixedSize() : variableWidth;
        if (width > 0) {
            builder.setDataSize(Estimate.of(rows * (1 - nulls) * width));
        }
        if (facts.hasRange()) {
            double unit = statisticsUnit(column);
            builder.setRange(new DoubleRange(facts.min().getAsDouble() * unit, facts.max().getAsDouble() * unit));
        }
        return builder.build();
    }

    // integers and days between the ends of a range are most often all there
    private static OptionalDouble distinctValues(Type type, ColumnFacts facts, double rows)
    {
        if (facts.distinctValues().isPresent()) {
            return OptionalDouble.of(min(facts.distinctValues().getAsDouble(), rows));
        }
        boolean discrete = type.getJavaType() == long.class && !(type instanceof TimestampType) && !(type instanceof TimestampWithTimeZoneType) && !type.getBaseName().equals("real");
        return discrete && facts.hasRange() ? OptionalDouble.of(min(facts.max().getAsDouble() - facts.min().getAsDouble() + 1, rows)) : OptionalDouble.empty();
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
