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
import io.trino.spi.connector.SortOrder;

import java.util.List;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

/// The first rows in some order.
///
/// @param order the first column decides first
/// @param count most rows
public record TopN(List<SortColumn> order, int count)
{
    public TopN
    {
        order = ImmutableList.copyOf(order);
        checkArgument(!order.isEmpty(), "order is empty");
        checkArgument(count > 0, "count is not positive: %s", count);
    }

    /// @param name in the dataset, in its own case
    public record SortColumn(String name, SortOrder order)
    {
        public SortColumn
        {
            requireNonNull(name, "name is null");
            requireNonNull(order, "order is null");
        }

        @Override
        public String toString()
        {
            return "%s %s NULLS %s".formatted(name, order.isAscending() ? "ASC" : "DESC", order.isNullsFirst() ? "FIRST" : "LAST");
        }
    }

    public boolean isOrderedBy(String column)
    {
        return order.stream().anyMatch(sort -> sort.name().equals(column));
    }

    @Override
    public String toString()
    {
        return "sortOrder=[%s] limit=%s".formatted(order.stream().map(SortColumn::toString).collect(joining(", ")), count);
    }
}
