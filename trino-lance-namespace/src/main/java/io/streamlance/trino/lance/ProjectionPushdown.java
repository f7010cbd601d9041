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
import com.google.common.collect.ImmutableMap;
import io.streamlance.trino.lance.blob.BlobColumns;
import io.streamlance.trino.lance.filter.BlobLengths;
import io.streamlance.trino.lance.filter.FieldReferences;
import io.trino.spi.connector.Assignment;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.expression.ConnectorExpression;
import io.trino.spi.expression.FieldDereference;
import io.trino.spi.expression.Variable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static io.trino.plugin.base.projection.ApplyProjectionUtil.extractSupportedProjectedColumns;
import static io.trino.plugin.base.projection.ApplyProjectionUtil.replaceWithNewVariables;
import static java.util.Objects.requireNonNull;

/// Finds the fields of structs in projections that can be read without the rest of their columns.
final class ProjectionPushdown
{
    private final Map<String, ColumnHandle> assignments;

    private ProjectionPushdown(Map<String, ColumnHandle> assignments)
    {
        this.assignments = requireNonNull(assignments, "assignments is null");
    }

    /// @param projections in terms of the assignments
    /// @param assignments columns and fields to read, by the names that the projections give them
    record Result(List<ConnectorExpression> projections, List<Assignment> assignments)
    {
        Result
        {
            projections = ImmutableList.copyOf(projections);
            assignments = ImmutableList.copyOf(assignments);
        }
    }

    /// @return empty if there is no field to read by itself
    static Optional<Result> apply(List<ConnectorExpression> projections, Map<String, ColumnHandle> assignments)
    {
        Map<String, ColumnHandle> allAssignments = new HashMap<>(assignments);
        List<ConnectorExpression> withLengths = projections.stream()
                .map(projection -> BlobLengths.replace(projection, assignments, allAssignments))
                .collect(toImmutableList());
        return new ProjectionPushdown(allAssignments).apply(withLengths, !withLengths.equals(projections));
    }

    private Optional<Result> apply(List<ConnectorExpression> projections, boolean readsLengths)
    {
        Set<ConnectorExpression> supported = projections.stream()
                .flatMap(projection -> extractSupportedProjectedColumns(projection, expression -> findColumn(expression).isPresent()).stream())
                .collect(toImmutableSet());
        // a field of what is read anyway is taken from there
        List<ConnectorExpression> columns = supported.stream()
                .filter(expression -> !hasReadParent(expression, supported))
                .collect(toImmutableList());
        if (!readsLengths && columns.stream().allMatch(Variable.class::isInstance)) {
            return Optional.empty();
        }
        ImmutableMap.Builder<ConnectorExpression, Variable> variables = ImmutableMap.builder();
        ImmutableList.Builder<Assignment> newAssignments = ImmutableList.builder();
        for (ConnectorExpression expression : columns) {
            LanceColumnHandle column = findColumn(expression).orElseThrow();
            String name = BlobColumns.name(column);
            variables.put(expression, new Variable(name, column.type()));
            newAssignments.add(new Assignment(name, column, column.type()));
        }
        Map<ConnectorExpression, Variable> newVariables = variables.buildOrThrow();
        return Optional.of(new Result(
                projections.stream()
                        .map(projection -> replaceWithNewVariables(projection, newVariables))
                        .collect(toImmutableList()),
                newAssignments.build()));
    }

    private static boolean hasReadParent(ConnectorExpression expression, Set<ConnectorExpression> read)
    {
        return expression instanceof FieldDereference dereference && (read.contains(dereference.getTarget()) || hasReadParent(dereference.getTarget(), read));
    }

    private Optional<LanceColumnHandle> findColumn(ConnectorExpression expression)
    {
        return FieldReferences.find(expression, assignments);
    }
}
