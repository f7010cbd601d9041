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
package io.streamlance.trino.nats;

import io.streamlance.trino.nats.schema.InternalColumn;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.LimitApplicationResult;
import io.trino.spi.connector.SortItem;
import io.trino.spi.connector.TopNApplicationResult;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import static io.streamlance.trino.nats.NatsSessionProperties.isLimitPushdownEnabled;
import static io.streamlance.trino.nats.NatsSessionProperties.isTopNPushdownEnabled;

/// Bounds how many messages a scan reads, from which end.
final class NatsLimitPushdown
{
    private NatsLimitPushdown() {}

    static Optional<LimitApplicationResult<ConnectorTableHandle>> applyLimit(ConnectorSession session, NatsTableHandle handle, long limit)
    {
        if (!isLimitPushdownEnabled(session) || (handle.limit().isPresent() && handle.limit().getAsLong() <= limit)) {
            return Optional.empty();
        }
        // every split may return that many rows
        return Optional.of(new LimitApplicationResult<>(handle.withLimit(limit), false, false));
    }

    /// Sequences are unique and times ascend with them, so that the rows are at one end of the range.
    static Optional<TopNApplicationResult<ConnectorTableHandle>> applyTopN(
            ConnectorSession session,
            NatsTableHandle handle,
            long count,
            List<SortItem> sortItems,
            Map<String, ColumnHandle> assignments)
    {
        if (!isTopNPushdownEnabled(session) || handle.limit().isPresent()) {
            return Optional.empty();
        }
        SortItem first = sortItems.getFirst();
        NatsColumnHandle column = (NatsColumnHandle) assignments.get(first.getName());
        boolean unique = column.isInternal(InternalColumn.SEQUENCE);
        if (!unique && !(column.isInternal(InternalColumn.TIMESTAMP) && sortItems.size() == 1)) {
            return Optional.empty();
        }
        ScanOrder order = first.getSortOrder().isAscending() ? ScanOrder.OLDEST_FIRST : ScanOrder.NEWEST_FIRST;
        // splits may return more rows, and the engine merges them
        return Optional.of(new TopNApplicationResult<>(handle.withTopN(order, count), false, false));
    }
}
