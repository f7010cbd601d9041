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
package io.streamlance.trino.nats.summary;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.inject.Inject;
import io.nats.client.api.StreamInfo;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.NatsTableHandle;
import io.streamlance.trino.nats.client.ReadMethod;
import io.streamlance.trino.nats.schema.InternalColumn;
import io.trino.spi.connector.AggregateFunction;
import io.trino.spi.connector.AggregationApplicationResult;
import io.trino.spi.connector.Assignment;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.expression.ConnectorExpression;
import io.trino.spi.expression.Variable;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import static java.util.Objects.requireNonNull;

/// Replaces an aggregation by what the server's metadata says.
public final class NatsAggregation
{
    private final SummaryQueries queries;

    @Inject
    public NatsAggregation(SummaryQueries queries)
    {
        this.queries = requireNonNull(queries, "queries is null");
    }

    /// @param snapshot the stream when the transaction first saw it
    public Optional<AggregationApplicationResult<ConnectorTableHandle>> apply(
            NatsTableHandle handle,
            Supplier<StreamInfo> snapshot,
            List<AggregateFunction> aggregates,
            Map<String, ColumnHandle> assignments,
            List<List<ColumnHandle>> groupingSets)
    {
        // a filter on time is above the aggregation when it is exact only there
        if (handle.limit().isPresent() || handle.source().readMethod() == ReadMethod.LAST_PER_SUBJECT || !handle.range().times().isAll() || groupingSets.size() != 1) {
            return Optional.empty();
        }
        List<SummaryColumn> columns = new ArrayList<>();
        for (AggregateFunction aggregate : aggregates) {
            Optional<SummaryColumn> column = SummaryColumn.of(aggregate, assignments);
            if (column.isEmpty()) {
                return Optional.empty();
            }
            columns.add(column.orElseThrow());
        }
        List<ColumnHandle> grouping = groupingSets.getFirst();
        Set<SummaryColumn> wanted = columns.isEmpty() ? EnumSet.noneOf(SummaryColumn.class) : EnumSet.copyOf(columns);
        Optional<List<Summary>> rows;
        if (grouping.isEmpty()) {
            rows = queries.summarize(snapshot.get(), handle.range(), wanted).map(ImmutableList::of);
        }
        else if (grouping.size() == 1 && ((NatsColumnHandle) grouping.getFirst()).isInternal(InternalColumn.SUBJECT) && EnumSet.of(SummaryColumn.COUNT).containsAll(wanted)) {
            wanted.add(SummaryColumn.SUBJECT);
            rows = queries.summarizeBySubject(snapshot.get(), handle.range());
        }
        else {
            return Optional.empty();
        }
        return rows.map(values -> result(new NatsSummaryHandle(handle.name(), handle.source().stream(), handle.range(), ImmutableList.copyOf(wanted), values), columns));
    }

    private static AggregationApplicationResult<ConnectorTableHandle> result(NatsSummaryHandle handle, List<SummaryColumn> columns)
    {
        ImmutableList.Builder<ConnectorExpression> projections = ImmutableList.builder();
        ImmutableList.Builder<Assignment> assignments = ImmutableList.builder();
        for (SummaryColumn column : columns) {
            projections.add(new Variable(column.handle().name(), column.type()));
        }
        columns.stream().distinct().forEach(column -> assignments.add(new Assignment(column.handle().name(), column.handle(), column.type())));
        return new AggregationApplicationResult<>(handle, projections.build(), assignments.build(), ImmutableMap.of(), false);
    }
}
