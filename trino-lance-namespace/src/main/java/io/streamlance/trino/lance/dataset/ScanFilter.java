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

import io.streamlance.trino.lance.filter.FilterSql;
import io.streamlance.trino.lance.filter.LanceFilter;
import io.streamlance.trino.lance.index.DatasetIndexes;
import org.lance.ipc.ScanOptions;

import java.util.Optional;
import java.util.OptionalLong;

import static java.util.Objects.requireNonNull;

/**
 * Which rows of a range to read.
 *
 * @param scalarIndex whether Lance should look into its indexes for the condition
 * @param limit most rows that pass the condition; not used without one
 */
public record ScanFilter(LanceFilter condition, boolean scalarIndex, OptionalLong limit)
{
    public ScanFilter
    {
        requireNonNull(condition, "condition is null");
        requireNonNull(limit, "limit is null");
    }

    public boolean isFiltered()
    {
        return !condition.equals(LanceFilter.Constant.ALL);
    }

    /// Whether Lance can be told how many rows to skip and to read at most. With an index it counts the rows that the index has
    /// found, before it drops those that do not pass the rest of the condition: a limit would lose rows.
    boolean countsInLance()
    {
        return !isFiltered() || !scalarIndex;
    }

    /// Whether so many rows are as many as the limit allows that Lance was not told.
    boolean isEnough(long rows)
    {
        return !countsInLance() && limit.isPresent() && rows >= limit.getAsLong();
    }

    /// @param indexes of the dataset, which may be of no use for the condition
    void addTo(ScanOptions.Builder options, DatasetIndexes indexes, Optional<AddressRange> addresses, long skipRows)
    {
        if (!isFiltered()) {
            addresses.ifPresent(range -> options.filter(range.toSql()));
            return;
        }
        String sql = FilterSql.toSql(condition);
        options.filter(addresses.map(range -> "%s AND (%s)".formatted(range.toSql(), sql)).orElse(sql));
        options.useScalarIndex(scalarIndex && indexes.areExact(condition.fields()));
        if (!countsInLance()) {
            return;
        }
        if (skipRows > 0) {
            options.offset(skipRows);
        }
        limit.ifPresent(rows -> options.limit(rows - skipRows));
    }
}
