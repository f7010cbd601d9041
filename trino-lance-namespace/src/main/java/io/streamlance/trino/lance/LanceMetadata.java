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
import io.streamlance.trino.lance.filter.FilterPushdown;
import io.streamlance.trino.lance.filter.LanceFilter;
import io.streamlance.trino.lance.namespace.NamespaceMapping;
import io.streamlance.trino.lance.namespace.OncePerKey;
import io.streamlance.trino.lance.namespace.VendedOptions;
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
import io.trino.spi.connector.RelationColumnsMetadata;
import io.trino.spi.connector.RelationCommentMetadata;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.connector.TableNotFoundException;
import io.trino.spi.statistics.Estimate;
import io.trino.spi.statistics.TableStatistics;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static io.streamlance.trino.lance.LanceSessionProperties.isFilterPushdownEnabled;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;

/**
 * Metadata of one transaction. The first use of a table pins its version for the whole transaction.
 */
public class LanceMetadata
        implements ConnectorMetadata
{
    private final NamespaceMapping namespaces;
    private final LanceTableResolver tableResolver;
    private final TableCredentials credentials;
    private final OncePerKey<SchemaTableName, Optional<LanceTable>> tables;

    public LanceMetadata(NamespaceMapping namespaces, LanceTableResolver tableResolver)
    {
        this.namespaces = namespaces.withRememberedListings();
        this.tableResolver = tableResolver.withNamespaces(this.namespaces);
        this.credentials = new TableCredentials(this.tableResolver::describe);
        this.tables = new OncePerKey<>(this.tableResolver::resolve);
    }

    @Override
    public boolean schemaExists(ConnectorSession session, String schemaName)
    {
        return namespaces.schemaExists(schemaName);
    }

    @Override
    public List<String> listSchemaNames(ConnectorSession session)
    {
        return ImmutableList.copyOf(namespaces.listSchemas());
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
        if (startVersion.isPresent() || endVersion.isPresent()) {
            throw new TrinoException(NOT_SUPPORTED, "This connector does not support versioned tables");
        }
        return findTable(tableName)
                .map(table -> new LanceTableHandle(tableName, table.version(), LanceFilter.ALL, OptionalLong.empty()))
                .orElse(null);
    }

    @Override
    public ConnectorTableMetadata getTableMetadata(ConnectorSession session, ConnectorTableHandle tableHandle)
    {
        SchemaTableName name = ((LanceTableHandle) tableHandle).name();
        LanceTable table = getTable(name);
        return new ConnectorTableMetadata(name, table.columnMetadata(), Map.of(), table.comment());
    }

    @Override
    public Map<String, ColumnHandle> getColumnHandles(ConnectorSession session, ConnectorTableHandle tableHandle)
    {
        return getTable(((LanceTableHandle) tableHandle).name()).columns().stream()
                .map(LanceTable.Column::handle)
                .collect(toImmutableMap(LanceColumnHandle::trinoName, column -> column));
    }

    @Override
    public ColumnMetadata getColumnMetadata(ConnectorSession session, ConnectorTableHandle tableHandle, ColumnHandle columnHandle)
    {
        return getTable(((LanceTableHandle) tableHandle).name()).columns().stream()
                .filter(column -> column.handle().equals(columnHandle))
                .findFirst()
                .orElseThrow()
                .metadata();
    }

    @Override
    public Iterator<RelationColumnsMetadata> streamRelationColumns(
            ConnectorSession session,
            Optional<String> schemaName,
            UnaryOperator<Set<SchemaTableName>> relationFilter)
    {
        ListingErrors errors = new ListingErrors();
        Iterator<Optional<RelationColumnsMetadata>> columns = tableResolver.inParallel(
                relationFilter.apply(tableNames(schemaName)),
                name -> errors.leaveOut(name, this::findTable).map(table -> RelationColumnsMetadata.forTable(name, table.columnMetadata())));
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
        return errors.checkAtEnd(tableResolver.inParallel(
                relationFilter.apply(tableNames(schemaName)),
                name -> RelationCommentMetadata.forRelation(name, errors.leaveOut(name, this::findTable).flatMap(LanceTable::comment))));
    }

    @Override
    public TableStatistics getTableStatistics(ConnectorSession session, ConnectorTableHandle tableHandle)
    {
        return TableStatistics.builder()
                .setRowCount(Estimate.of(getTable(((LanceTableHandle) tableHandle).name()).rowCount()))
                .build();
    }

    @Override
    public Optional<ConstraintApplicationResult<ConnectorTableHandle>> applyFilter(ConnectorSession session, ConnectorTableHandle tableHandle, Constraint constraint)
    {
        LanceTableHandle table = (LanceTableHandle) tableHandle;
        // rows are filtered before they are limited, so that a filter above a limit has to stay there
        if (!isFilterPushdownEnabled(session) || table.limit().isPresent()) {
            return Optional.empty();
        }
        FilterPushdown.Result result = FilterPushdown.split(constraint);
        LanceFilter filter = LanceFilter.and(ImmutableList.of(table.filter(), result.filter()));
        if (filter.equals(table.filter()) && result.remainingExpression().equals(constraint.getExpression())) {
            return Optional.empty();
        }
        // without statistics of columns the engine would estimate nothing for a filter; the number of all rows still orders joins
        return Optional.of(new ConstraintApplicationResult<>(table.withFilter(filter), result.remainingDomain(), result.remainingExpression(), false));
    }

    @Override
    public Optional<LimitApplicationResult<ConnectorTableHandle>> applyLimit(ConnectorSession session, ConnectorTableHandle tableHandle, long limit)
    {
        LanceTableHandle table = (LanceTableHandle) tableHandle;
        if (table.limit().isPresent() && table.limit().getAsLong() <= limit) {
            return Optional.empty();
        }
        // without a filter the planned ranges have exactly so many rows; with one each split stops at the limit
        return Optional.of(new LimitApplicationResult<>(table.withLimit(limit), !table.isFiltered(), false));
    }

    @Override
    public Optional<ConnectorTableCredentials> getTableCredentials(ConnectorSession session, ConnectorTableHandle tableHandle)
    {
        VendedOptions vended = vendedOptions((LanceTableHandle) tableHandle);
        return vended.equals(VendedOptions.NONE) ? Optional.empty() : Optional.of(new LanceTableCredentials(vended.options()));
    }

    /// What the namespace vended for a table, with some time left before it expires.
    VendedOptions vendedOptions(LanceTableHandle table)
    {
        return credentials.current(table.name(), getTable(table.name()).origin());
    }

    private Set<SchemaTableName> tableNames(Optional<String> schemaName)
    {
        return schemaName.map(namespaces::listTables)
                .orElseGet(namespaces::listTables);
    }

    private Optional<LanceTable> findTable(SchemaTableName name)
    {
        return tables.get(name);
    }

    private LanceTable getTable(SchemaTableName name)
    {
        return findTable(name).orElseThrow(() -> new TableNotFoundException(name));
    }
}
