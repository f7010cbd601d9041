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

import com.google.common.collect.ImmutableList;
import io.streamlance.trino.lance.dataset.IndexSearch;
import io.trino.spi.connector.ConnectorSplit;

import java.util.List;
import java.util.Optional;

import static java.util.Objects.requireNonNull;

/// @param search what it took to ask an index for the rows
record SplitPlan(List<ConnectorSplit> splits, Optional<IndexSearch> search)
{
    static final SplitPlan NOTHING = of(ImmutableList.of());

    /// Splits that no index was asked for.
    static SplitPlan of(List<? extends ConnectorSplit> splits)
    {
        return new SplitPlan(ImmutableList.copyOf(splits), Optional.empty());
    }

    SplitPlan
    {
        splits = ImmutableList.copyOf(splits);
        requireNonNull(search, "search is null");
    }
}
