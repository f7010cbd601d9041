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
import com.google.common.collect.Streams;
import io.streamlance.trino.lance.changes.TableChangesHandle;
import io.streamlance.trino.lance.filter.BlobFilters;
import io.streamlance.trino.lance.filter.FilterPushdown;
import io.streamlance.trino.lance.filter.LanceFilter;
import io.streamlance.trino.lance.namespace.NamespaceMapping;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.streamlance.trino.lance.planning.PlanningThreads;
import io.streamlance.trino.lance.system.LanceMetadataTables;
import io.streamlance.trino.lance.topn.TopNPushdown;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ColumnMetadata;
import io.trino.spi.connector.ConnectorMetadata;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorTableCredentials;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.ConnectorTableMetadata;
import io.trino.spi.connector.ConnectorTableVersion;
import io.trino.spi.connector.Constraint;
import io.trino.spi.connector.ConstraintApplicationResult;
import io.trino.spi.connector.LimitApplicationResult;
import io.trino.spi.connector.ProjectionApplicationResult;
import io.trino.spi.connector.RelationColumnsMetadata;
import io.trino.spi.connector.RelationCommentMetadata;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.connector.SortItem;
import io.trino.spi.connector.SystemTable;
import io.trino.spi.connector.TableFunctionApplicationResult;
import io.trino.spi.connector.TopNApplicationResult;
import io.trino.spi.expression.ConnectorExpression;
import io.trino.spi.function.table.ConnectorTableFunctionHandle;
import io.trino.spi.predicate.TupleDomain;
import io.trino.spi.statistics.TableStatistics;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import static io.streamlance.trino.lance.LanceSessionProperties.isFilterPushdownEnabled;
import static io.streamlance.trino.lance.LanceSessionProperties.isProjectionPushdownEnabled;
import static io.streamlance.trino.lance.LanceSessionProperties.isStatisticsEnabled;
import static io.streamlance.trino.lance.LanceSessionProperties.isTopNPushdownEnabled;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
import static java.util.Objects.requireNonNull;

/**
 * Metadata of one transaction. The first use of a table, or of one of its tags, branches and times, pins the version for the
 * whole transaction.
 */
public class LanceMetadata
        implements ConnectorMetadata
{
    private final Supplier<TransactionNamespace> namespace;
    private final LanceMetadataTables metadataTables;
    private final LanceStatistics statistics;
    private final PlanningThreads planning;

    /// @param namespace asked when there is something to find out, as it may be out of reach
    public LanceMetadata(Supplier<TransactionNamespace> namespace, LanceMetadataTables metadataTables, LanceStatistics statistics, PlanningThreads planning)
    {
        this.namespace = requireNonNull(namespace, "namespace is null");
        this.metadataTables = requireNonNull(metadataTables, "metadataTables is null");
        this.statistics = requireNonNull(statistics, "statistics is null");
        this.planning = requireNonNull(planning, "planning is null");
    }

    @Override
    public boolean schemaExists(ConnectorSession session, String schemaName)
    {
        return planning.call(() -> namespace.get().mapping().schemaExists(schemaName));
    }

    @Override
    public List<String> listSchemaNames(ConnectorSession session)
    {
        return ImmutableList.copyOf(planning.call(() -> namespace.get().mapping().listSchemas()));
    }

    @Override
    public List<SchemaTableName> listTables(ConnectorSession session, Optional<String> schemaName)
    {
        return ImmutableList.copyOf(tableNames(schemaName));
    }

    @Override
    public ConnectorTableHandle getTableHandle(
            ConnectorSession session,
            SchemaTableName tableName,
            Optional<ConnectorTableVersion> startVersion,
            Optional<ConnectorTableVersion> endVersion)
    {
        if (startVersion.isPresent()) {
            throw new TrinoException(NOT_SUPPORTED, "A Lance table is read at one version; see the table function table_changes for the rows between two of them");
        }
        Optional<LanceTable> table = namespace.get().tables().find(tableName, endVersion.map(version -> TableVersion.of(session, version)).orElseGet(TableVersion.Newest::new));
        if (table.isEmpty()) {
            metadataTables.checkEnding(tableName, base -> namespace.get().tableResolver().describe(base).isPresent());
        }
        return table.map(found -> new LanceTableHandle(tableName, found.version()))
                .orElse(null);
    }

    @Override
    public Optional<SystemTable> getSystemTable(ConnectorSession session, SchemaTableName tableName)
    {
        return metadataTables.baseTable(tableName).flatMap(base -> namespace.get().tables().find(base, new TableVersion.Newest())
                .map(table -> metadataTables.create(tableName, () -> namespace.get().tableResolver().open(base, table.version(), namespace.get().tables().vendedOptions(base)))));
    }

    @Override
    public ConnectorTableMetadata getTableMetadata(ConnectorSession session, ConnectorTableHandle tableHandle)
    {
        if (tableHandle instanceof TableChangesHandle changes) {
            return changes.tableMetadata();
        }
        LanceTable table = getTable(tableHandle);
        return new ConnectorTableMetadata(((LanceTableHandle) tableHandle).name(), table.columnMetadata(), Map.of(), table.comment());
    }

    @Override
    public Map<String, ColumnHandle> getColumnHandles(ConnectorSession session, ConnectorTableHandle tableHandle)
    {
        return getTable(tableHandle).columnHandles();
    }

    @Override
    public ColumnMetadata getColumnMetadata(ConnectorSession session, ConnectorTableHandle tableHandle, ColumnHandle columnHandle)
    {
        if (tableHandle instanceof TableChangesHandle) {
            return TableChangesHandle.columnMetadata((LanceColumnHandle) columnHandle);
        }
        return getTable(tableHandle).columnMetadata((LanceColumnHandle) columnHandle);
    }

    @Override
    public Iterator<RelationColumnsMetadata> streamRelationColumns(
            ConnectorSession session,
            Optional<String> schemaName,
            UnaryOperator<Set<SchemaTableName>> relationFilter)
    {
        ListingErrors errors = new ListingErrors();
        Iterator<Optional<RelationColumnsMetadata>> columns = namespace.get().tableResolver().inParallel(
                relationFilter.apply(tableNames(schemaName)),
                name -> errors.leaveOut(name, this::findNewest).map(table -> RelationColumnsMetadata.forTable(name, table.columnMetadata())),
                name -> {
                    errors.leaveOutLate(name);
                    return Optional.empty();
                });
        return Streams.stream(errors.checkAtEnd(columns))
                .flatMap(Optional::stream)
                .iterator();
    }

    @Override
    public Iterator<RelationCommentMetadata> streamRelationComments(
            ConnectorSession session,
            Optional<String> schemaName,
            UnaryOperator<Set<SchemaTableName>> relationFilter)
    {
        ListingErrors errors = new ListingErrors();
        return errors.checkAtEnd(namespace.get().tableResolver().inParallel(
                relationFilter.apply(tableNames(schemaName)),
                name -> RelationCommentMetadata.forRelation(name, errors.leaveOut(name, this::findNewest).flatMap(LanceTable::comment)),
                name -> {
                    errors.leaveOutLate(name);
                    return RelationCommentMetadata.forRelation(name, Optional.empty());
                }));
    }

    @Override
    public TableStatistics getTableStatistics(ConnectorSession session, ConnectorTableHandle tableHandle)
    {
        if (!isStatisticsEnabled(session) || !(tableHandle instanceof LanceTableHandle table)) {
            return TableStatistics.empty();
        }
        return planning.call(() -> statistics.estimate(table, getTable(table), () -> vendedOptions(table.name())));
    }

    @Override
    public Optional<ConstraintApplicationResult<ConnectorTableHandle>> applyFilter(ConnectorSession session, ConnectorTableHandle tableHandle, Constraint constraint)
    {
        // rows are filtered before they are limited, so that a filter above a limit has to stay there
        if (!(tableHandle instanceof LanceTableHandle table) || !isFilterPushdownEnabled(session) || table.isLimited()) {
            return Optional.empty();
        }
        BlobFilters.Result blobs = BlobFilters.split(constraint);
        FilterPushdown.Result result = FilterPushdown.split(blobs.remaining());
        TupleDomain<LanceColumnHandle> blobLengths = table.blobLengths().intersect(blobs.lengths());
        LanceFilter filter = blobLengths.isNone() ? LanceFilter.Constant.NONE : LanceFilter.and(ImmutableList.of(table.filter(), result.filter()));
        if (filter.equals(table.filter()) && blobLengths.equals(table.blobLengths()) && result.remainingExpression().equals(constraint.getExpression())) {
            return Optional.empty();
        }
        // what the filter leaves is estimated from the handle: the engine would need the number of distinct values of each column
        return Optional.of(new ConstraintApplicationResult<>(table.withFilter(filter, blobLengths.isNone() ? TupleDomain.all() : blobLengths), result.remainingDomain(), result.remainingExpression(), false));
    }

    @Override
    public Optional<ProjectionApplicationResult<ConnectorTableHandle>> applyProjection(
            ConnectorSession session,
            ConnectorTableHandle tableHandle,
            List<ConnectorExpression> projections,
            Map<String, ColumnHandle> assignments)
    {
        if (!(tableHandle instanceof LanceTableHandle) || !isProjectionPushdownEnabled(session)) {
            return Optional.empty();
        }
        return ProjectionPushdown.apply(projections, assignments)
                .map(result -> new ProjectionApplicationResult<>(tableHandle, result.projections(), result.assignments(), false));
    }

    @Override
    public Optional<LimitApplicationResult<ConnectorTableHandle>> applyLimit(ConnectorSession session, ConnectorTableHandle tableHandle, long limit)
    {
        // the lengths of blobs are checked after Lance has counted the rows
        if (!(tableHandle instanceof LanceTableHandle table) || table.topN().isPresent() || !table.blobLengths().isAll() || (table.limit().isPresent() && table.limit().getAsLong() <= limit)) {
            return Optional.empty();
        }
        // without a filter the planned ranges have exactly so many rows; with one each split stops at the limit
        return Optional.of(new LimitApplicationResult<>(table.withLimit(limit), !table.isFiltered(), false));
    }

    @Override
    public Optional<TopNApplicationResult<ConnectorTableHandle>> applyTopN(
            ConnectorSession session,
            ConnectorTableHandle tableHandle,
            long topNCount,
            List<SortItem> sortItems,
            Map<String, ColumnHandle> assignments)
    {
        if (!(tableHandle instanceof LanceTableHandle table) || !isTopNPushdownEnabled(session) || table.isLimited() || !table.blobLengths().isAll()) {
            return Optional.empty();
        }
        // each split has its own first rows
        return TopNPushdown.translate(topNCount, sortItems, assignments)
                .map(topN -> new TopNApplicationResult<>(table.withTopN(topN), false, false));
    }

    @Override
    public Optional<ConnectorTableCredentials> getTableCredentials(ConnectorSession session, ConnectorTableHandle tableHandle)
    {
        VendedOptions vended = vendedOptions(tableHandle instanceof TableChangesHandle changes ? changes.name() : ((LanceTableHandle) tableHandle).name());
        return vended.equals(VendedOptions.NONE) ? Optional.empty() : Optional.of(new LanceTableCredentials(vended.options()));
    }

    @Override
    public Optional<TableFunctionApplicationResult<ConnectorTableHandle>> applyTableFunction(ConnectorSession session, ConnectorTableFunctionHandle handle)
    {
        TableChangesHandle changes = (TableChangesHandle) handle;
        return Optional.of(new TableFunctionApplicationResult<>(changes, ImmutableList.copyOf(changes.columns())));
    }

    /// What the namespace vended for a table, with some time left before it expires.
    VendedOptions vendedOptions(SchemaTableName table)
    {
        return namespace.get().tables().vendedOptions(table);
    }

    /// @return empty if the namespace has no such table
    public Optional<LanceTable> findTable(SchemaTableName name, TableVersion version)
    {
        return namespace.get().tables().find(name, version);
    }

    private Set<SchemaTableName> tableNames(Optional<String> schemaName)
    {
        NamespaceMapping mapping = namespace.get().mapping();
        return planning.call(() -> schemaName.map(mapping::listTables).orElseGet(mapping::listTables));
    }

    private LanceTable getTable(ConnectorTableHandle handle)
    {
        return namespace.get().tables().get((LanceTableHandle) handle);
    }

    private Optional<LanceTable> findNewest(SchemaTableName name)
    {
        return namespace.get().tables().find(name, new TableVersion.Newest());
    }
}
