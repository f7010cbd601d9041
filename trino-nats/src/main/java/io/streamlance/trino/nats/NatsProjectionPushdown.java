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

import io.trino.plugin.base.projection.ApplyProjectionUtil.ProjectedColumnRepresentation;
import io.trino.spi.connector.Assignment;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.ProjectionApplicationResult;
import io.trino.spi.expression.ConnectorExpression;
import io.trino.spi.expression.Variable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static io.streamlance.trino.nats.NatsSessionProperties.isProjectionPushdownEnabled;
import static io.trino.plugin.base.projection.ApplyProjectionUtil.createProjectedColumnRepresentation;
import static io.trino.plugin.base.projection.ApplyProjectionUtil.extractSupportedProjectedColumns;
import static io.trino.plugin.base.projection.ApplyProjectionUtil.replaceWithNewVariables;

/// Makes columns of the fields within rows that a query reads.
final class NatsProjectionPushdown
{
    private NatsProjectionPushdown() {}

    static Optional<ProjectionApplicationResult<ConnectorTableHandle>> applyProjection(
            ConnectorSession session,
            NatsTableHandle handle,
            List<ConnectorExpression> projections,
            Map<String, ColumnHandle> assignments)
    {
        Map<ConnectorExpression, ProjectedColumnRepresentation> columns = new LinkedHashMap<>();
        projections.stream()
                .flatMap(projection -> extractSupportedProjectedColumns(projection).stream())
                .collect(toImmutableSet())
                .forEach(expression -> columns.put(expression, createProjectedColumnRepresentation(expression)));
        if (!isProjectionPushdownEnabled(session) || columns.values().stream().allMatch(ProjectedColumnRepresentation::isVariable)) {
            return Optional.empty();
        }
        Map<String, Assignment> newAssignments = new LinkedHashMap<>();
        Map<ConnectorExpression, Variable> variables = new LinkedHashMap<>();
        columns.forEach((expression, column) -> {
            NatsColumnHandle source = (NatsColumnHandle) assignments.get(column.getVariable().getName());
            NatsColumnHandle nested = source.field(column.getDereferenceIndices());
            String name = column.isVariable() ? column.getVariable().getName() : "%s#%s".formatted(nested.name(), newAssignments.size());
            newAssignments.put(name, new Assignment(name, nested, nested.type()));
            variables.put(expression, new Variable(name, nested.type()));
        });
        return Optional.of(new ProjectionApplicationResult<>(
                handle,
                projections.stream().map(projection -> replaceWithNewVariables(projection, variables)).collect(toImmutableList()),
                newAssignments.values().stream().collect(toImmutableList()),
                false));
    }
}
