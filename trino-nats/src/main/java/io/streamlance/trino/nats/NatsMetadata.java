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

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import io.streamlance.trino.nats.client.ReadMethod;
import io.streamlance.trino.nats.client.StreamCatalog;
import io.streamlance.trino.nats.client.StreamShape;
import io.streamlance.trino.nats.function.ReadSubjectHandle;
import io.streamlance.trino.nats.predicate.MessageRange;
import io.streamlance.trino.nats.predicate.SequenceRange;
import io.streamlance.trino.nats.predicate.TimeRange;
import io.streamlance.trino.nats.schema.InternalColumn;
import io.streamlance.trino.nats.schema.NatsTable;
import io.streamlance.trino.nats.schema.NatsTables;
import io.streamlance.trino.nats.schema.OncePerKey;
import io.streamlance.trino.nats.schema.StreamListing;
import io.streamlance.trino.nats.summary.NatsAggregation;
import io.streamlance.trino.nats.summary.NatsSummaryHandle;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.AggregateFunction;
import io.trino.spi.connector.AggregationApplicationResult;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ColumnMetadata;
import io.trino.spi.connector.ConnectorMetadata;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.ConnectorTableMetadata;
import io.trino.spi.connector.ConnectorTableVersion;
import io.trino.spi.connector.Constraint;
import io.trino.spi.connector.ConstraintApplicationResult;
import io.trino.spi.connector.LimitApplicationResult;
import io.trino.spi.connector.ProjectionApplicationResult;
import io.trino.spi.connector.RelationColumnsMetadata;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.connector.SortItem;
import io.trino.spi.connector.TableFunctionApplicationResult;
import io.trino.spi.connector.TableNotFoundException;
import io.trino.spi.connector.TopNApplicationResult;
import io.trino.spi.expression.ConnectorExpression;
import io.trino.spi.function.table.ConnectorTableFunctionHandle;
import io.trino.spi.statistics.Estimate;
import io.trino.spi.statistics.TableStatistics;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_STREAM_NOT_FOUND;
import static io.streamlance.trino.nats.NatsSessionProperties.isAggregationPushdownEnabled;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
import static java.lang.Math.max;
import static java.util.Objects.requireNonNull;

/// Metadata of one transaction: a table has the same columns and the same bound however often a query names it.
public class NatsMetadata
        implements ConnectorMetadata
{
    private final NatsTables tables;
    private final ScanBounds bounds;
    private final NatsAggregation aggregation;
    private final StreamListing listing;
    private final OncePerKey<SchemaTableName, Optional<NatsTable>> resolvedTables;
    private final OncePerKey<String, Optional<StreamInfo>> snapshots;
    private final OncePerKey<NatsTableHandle, TableStatistics> statistics;
    /// Tables that the functions of this transaction have made.
    private final Map<SchemaTableName, NatsTable> functionTables = new ConcurrentHashMap<>();

    public NatsMetadata(NatsTables tables, StreamCatalog streams, ScanBounds bounds, NatsAggregation aggregation)
    {
        this.bounds = requireNonNull(bounds, "bounds is null");
        this.aggregation = requireNonNull(aggregation, "aggregation is null");
        this.tables = requireNonNull(tables, "tables is null");
        this.listing = new StreamListing(streams);
        this.resolvedTables = new OncePerKey<>(name -> tables.table(listing, name));
        this.snapshots = new OncePerKey<>(streams::streamInfo);
        this.statistics = new OncePerKey<>(scan -> NatsStatistics.of(scan, snapshot(table(scan)), streams));
    }

    @Override
    public List<String> listSchemaNames(ConnectorSession session)
    {
        return tables.schemaNames();
    }

    @Override
    public List<SchemaTableName> listTables(ConnectorSession session, Optional<String> schemaName)
    {
        return ImmutableList.copyOf(tables.tableNames(listing, schemaName));
    }

    @Override
    public Iterator<RelationColumnsMetadata> streamRelationColumns(ConnectorSession session, Optional<String> schemaName, UnaryOperator<Set<SchemaTableName>> relationFilter)
    {
        return tables.columns(listing, relationFilter.apply(tables.tableNames(listing, schemaName)))
                .map(table -> RelationColumnsMetadata.forTable(table.getKey(), columnMetadata(table.getValue())))
                .iterator();
    }

    @Override
    public ConnectorTableHandle getTableHandle(ConnectorSession session, SchemaTableName tableName, Optional<ConnectorTableVersion> startVersion, Optional<ConnectorTableVersion> endVersion)
    {
        if (startVersion.isPresent()) {
            throw new TrinoException(NOT_SUPPORTED, "A range of versions is not supported, use a predicate on _sequence or _timestamp");
        }
        return table(tableName)
                .map(this::tableHandle)
                .map(handle -> endVersion.map(version -> asOf(session, handle, version)).orElse(handle))
                .orElse(null);
    }

    private NatsTableHandle asOf(ConnectorSession session, NatsTableHandle handle, ConnectorTableVersion version)
    {
        MessageRange range = handle.range();
        if (handle.source().readMethod() == ReadMethod.LAST_PER_SUBJECT) {
            throw new TrinoException(NOT_SUPPORTED, "Table %s has the newest messages only, and no versions".formatted(handle.name()));
        }
        return handle.withRange(range.withSequences(switch (version.getPointerType()) {
            case TARGET_ID -> range.sequences().intersect(new SequenceRange(1, TableVersions.sequence(version, handle.source().stream(), lastSequence(handle.source().stream()))));
            case TEMPORAL -> bounds.sequences(handle.source().stream(), range.withTimes(TableVersions.times(session, version)));
        }));
    }

    /// Also of a stream that has no messages any more.
    private long lastSequence(String stream)
    {
        return snapshots.get(stream).orElseThrow().getStreamState().getLastSequence();
    }

    @Override
    public Optional<TableFunctionApplicationResult<ConnectorTableHandle>> applyTableFunction(ConnectorSession session, ConnectorTableFunctionHandle handle)
    {
        if (!(handle instanceof ReadSubjectHandle subject)) {
            return Optional.empty();
        }
        // from here on it is a table of this transaction
        functionTables.put(subject.table().name(), subject.table());
        return Optional.of(new TableFunctionApplicationResult<>(tableHandle(subject.table()), ImmutableList.copyOf(subject.columns())));
    }

    private NatsTableHandle tableHandle(NatsTable table)
    {
        StreamInfo info = snapshot(table);
        StreamState state = info.getStreamState();
        boolean empty = state.getMsgCount() == 0;
        ReadMethod readMethod = ReadMethod.of(info.getConfiguration());
        if (table.lastPerSubject()) {
            if (readMethod != ReadMethod.CONSUMER) {
                throw new TrinoException(NOT_SUPPORTED, "Table %s: the newest messages of a %s stream cannot be read without holding others".formatted(table.name(), info.getConfiguration().getRetentionPolicy()));
            }
            readMethod = ReadMethod.LAST_PER_SUBJECT;
        }
        return new NatsTableHandle(
                table.name(),
                new StreamSource(table.stream(), info.getCreateTime().toInstant(), table.dataFormat(), readMethod, ReadMethod.withoutConsumer(info.getConfiguration()), info.getConfiguration().getReplicas() > 1, StreamShape.of(state)),
                new MessageRange(
                        ImmutableList.of(table.subject()),
                        table.lastPerSubject() ? new SequenceRange(1, Long.MAX_VALUE) : new SequenceRange(max(1, state.getFirstSequence()), empty ? 0 : state.getLastSequence()),
                        TimeRange.ALL));
    }

    private StreamInfo snapshot(NatsTable table)
    {
        return snapshots.get(table.stream())
                .orElseThrow(() -> new TrinoException(NATS_STREAM_NOT_FOUND, "Stream '%s' of table %s does not exist".formatted(table.stream(), table.name())));
    }

    private Optional<NatsTable> table(SchemaTableName name)
    {
        NatsTable functionTable = functionTables.get(name);
        return functionTable == null ? resolvedTables.get(name) : Optional.of(functionTable);
    }

    private NatsTable table(ConnectorTableHandle handle)
    {
        SchemaTableName name = switch (handle) {
            case NatsTableHandle scan -> scan.name();
            case NatsSummaryHandle summary -> summary.name();
            default -> throw new IllegalArgumentException("Not a table of this connector: " + handle);
        };
        return table(name).orElseThrow(() -> new TableNotFoundException(name));
    }

    @Override
    public ConnectorTableMetadata getTableMetadata(ConnectorSession session, ConnectorTableHandle handle)
    {
        NatsTable table = table(handle);
        return new ConnectorTableMetadata(table.name(), columnMetadata(table.columns()), ImmutableMap.of(), table.comment());
    }

    private static List<ColumnMetadata> columnMetadata(List<NatsColumnHandle> visible)
    {
        return withInternalColumns(visible).stream()
                .map(NatsColumnHandle::metadata)
                .collect(toImmutableList());
    }

    private static List<NatsColumnHandle> withInternalColumns(List<NatsColumnHandle> visible)
    {
        ImmutableList.Builder<NatsColumnHandle> columns = ImmutableList.builder();
        columns.addAll(visible);
        for (InternalColumn column : InternalColumn.values()) {
            columns.add(column.handle());
        }
        return columns.build();
    }

    @Override
    public Map<String, ColumnHandle> getColumnHandles(ConnectorSession session, ConnectorTableHandle handle)
    {
        ImmutableMap.Builder<String, ColumnHandle> handles = ImmutableMap.builder();
        withInternalColumns(table(handle).columns()).forEach(column -> handles.put(column.name(), column));
        return handles.buildOrThrow();
    }

    @Override
    public ColumnMetadata getColumnMetadata(ConnectorSession session, ConnectorTableHandle handle, ColumnHandle column)
    {
        return ((NatsColumnHandle) column).metadata();
    }

    @Override
    public TableStatistics getTableStatistics(ConnectorSession session, ConnectorTableHandle handle)
    {
        if (handle instanceof NatsSummaryHandle summary) {
            return TableStatistics.builder().setRowCount(Estimate.of(summary.rows().size())).build();
        }
        return statistics.get((NatsTableHandle) handle);
    }

    @Override
    public Optional<ConstraintApplicationResult<ConnectorTableHandle>> applyFilter(ConnectorSession session, ConnectorTableHandle handle, Constraint constraint)
    {
        return handle instanceof NatsTableHandle scan ? NatsFilterPushdown.applyFilter(session, scan, constraint) : Optional.empty();
    }

    @Override
    public Optional<ProjectionApplicationResult<ConnectorTableHandle>> applyProjection(
            ConnectorSession session,
            ConnectorTableHandle handle,
            List<ConnectorExpression> projections,
            Map<String, ColumnHandle> assignments)
    {
        return handle instanceof NatsTableHandle scan ? NatsProjectionPushdown.applyProjection(session, scan, projections, assignments) : Optional.empty();
    }

    @Override
    public Optional<LimitApplicationResult<ConnectorTableHandle>> applyLimit(ConnectorSession session, ConnectorTableHandle handle, long limit)
    {
        return handle instanceof NatsTableHandle scan ? NatsLimitPushdown.applyLimit(session, scan, limit) : Optional.empty();
    }

    @Override
    public Optional<TopNApplicationResult<ConnectorTableHandle>> applyTopN(
            ConnectorSession session,
            ConnectorTableHandle handle,
            long topNCount,
            List<SortItem> sortItems,
            Map<String, ColumnHandle> assignments)
    {
        return handle instanceof NatsTableHandle scan ? NatsLimitPushdown.applyTopN(session, scan, topNCount, sortItems, assignments) : Optional.empty();
    }

    @Override
    public Optional<AggregationApplicationResult<ConnectorTableHandle>> applyAggregation(
            ConnectorSession session,
            ConnectorTableHandle handle,
            List<AggregateFunction> aggregates,
            Map<String, ColumnHandle> assignments,
            List<List<ColumnHandle>> groupingSets)
    {
        if (!isAggregationPushdownEnabled(session) || !(handle instanceof NatsTableHandle scan) || !scan.filter().isAll()) {
            return Optional.empty();
        }
        return aggregation.apply(scan, () -> snapshot(table(scan)), aggregates, assignments, groupingSets);
    }
}
