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

import io.streamlance.trino.nats.predicate.MessagePredicate;
import io.streamlance.trino.nats.predicate.MessageRange;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.predicate.TupleDomain;

import java.util.Optional;
import java.util.OptionalLong;

import static java.util.Objects.requireNonNull;

/// A bounded scan of a stream.
///
/// @param range the snapshot of the transaction, narrowed by predicates
/// @param filter what predicates say beyond the range about columns that are known before a payload is decoded; the engine
///         checks it again
/// @param order present when the `limit` rows from that end of the range are wanted; without it any `limit` rows are
public record NatsTableHandle(SchemaTableName name, StreamSource source, MessageRange range, MessagePredicate filter, Optional<ScanOrder> order, OptionalLong limit)
        implements ConnectorTableHandle
{
    public NatsTableHandle
    {
        requireNonNull(name, "name is null");
        requireNonNull(source, "source is null");
        requireNonNull(range, "range is null");
        requireNonNull(filter, "filter is null");
        requireNonNull(order, "order is null");
        requireNonNull(limit, "limit is null");
    }

    public NatsTableHandle(SchemaTableName name, StreamSource source, MessageRange range)
    {
        this(name, source, range, MessagePredicate.ALL, Optional.empty(), OptionalLong.empty());
    }

    public NatsTableHandle withRange(MessageRange range)
    {
        return new NatsTableHandle(name, source, range, filter, order, limit);
    }

    public NatsTableHandle withFilter(MessagePredicate filter)
    {
        return new NatsTableHandle(name, source, range, filter, order, limit);
    }

    public NatsTableHandle withLimit(long limit)
    {
        return new NatsTableHandle(name, source, range, filter, order, OptionalLong.of(limit));
    }

    public NatsTableHandle withTopN(ScanOrder order, long limit)
    {
        return new NatsTableHandle(name, source, range, filter, Optional.of(order), OptionalLong.of(limit));
    }

    /// The scan of what a join still wants; the join itself drops the rest.
    NatsTableHandle narrowedBy(ConnectorSession session, TupleDomain<ColumnHandle> dynamicFilter)
    {
        // rows of a limit must not be chosen among others
        return limit.isPresent() ? this : NatsFilterPushdown.narrow(session, this, dynamicFilter).table();
    }

    @Override
    public String toString()
    {
        StringBuilder text = new StringBuilder()
                .append(name)
                .append(" stream=").append(source.stream())
                .append(" ").append(range);
        if (!filter.isAll()) {
            text.append(" filter=").append(filter);
        }
        order.ifPresent(value -> text.append(" order=").append(value));
        limit.ifPresent(value -> text.append(" limit=").append(value));
        return text.toString();
    }
}
