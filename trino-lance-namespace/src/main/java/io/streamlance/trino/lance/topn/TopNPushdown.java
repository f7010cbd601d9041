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
package io.streamlance.trino.lance.topn;

import com.google.common.collect.ImmutableList;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.MetadataColumn;
import io.streamlance.trino.lance.filter.FilterLiterals;
import io.streamlance.trino.lance.filter.FilterSql;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.SortItem;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import static java.lang.Math.toIntExact;

/// Decides whether Lance can find the first rows of an order: it must sort as Trino does, and has to be spared something.
public final class TopNPushdown
{
    // rows that are read by their ids come in large batches, however wide they are
    private static final int MAX_COUNT = 1_000;

    private TopNPushdown() {}

    /// @param assignments all columns that are read
    public static Optional<TopN> translate(long count, List<SortItem> sortItems, Map<String, ColumnHandle> assignments)
    {
        if (count < 1 || count > MAX_COUNT) {
            return Optional.empty();
        }
        ImmutableList.Builder<TopN.SortColumn> order = ImmutableList.builder();
        for (SortItem item : sortItems) {
            LanceColumnHandle column = (LanceColumnHandle) assignments.get(item.getName());
            if (!isSortedAsInTrino(column)) {
                return Optional.empty();
            }
            order.add(new TopN.SortColumn(column.name(), item.getSortOrder()));
        }
        TopN topN = new TopN(order.build(), toIntExact(count));
        boolean readsMore = assignments.values().stream()
                .map(LanceColumnHandle.class::cast)
                .anyMatch(column -> !topN.isOrderedBy(column.name()) && !MetadataColumn.isMetadata(column.path()));
        return readsMore ? Optional.of(topN) : Optional.empty();
    }

    // Lance sorts NaN by its sign, which has no meaning for Trino
    private static boolean isSortedAsInTrino(LanceColumnHandle column)
    {
        return column.path().isColumn()
                && FilterSql.canWrite(column.path())
                && !MetadataColumn.isMetadata(column.path())
                && FilterLiterals.hasLiterals(column.storage())
                && !FilterLiterals.isFloatingPoint(column.storage());
    }
}
