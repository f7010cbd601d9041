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
package io.streamlance.trino.lance.filter;

import io.streamlance.trino.lance.LanceColumnHandle;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.expression.ConnectorExpression;
import io.trino.spi.expression.FieldDereference;
import io.trino.spi.expression.Variable;

import java.util.Map;
import java.util.Optional;

/// Finds the columns, and fields of structs, that expressions refer to.
public final class FieldReferences
{
    private FieldReferences() {}

    /// @return empty if the expression is something else, such as an argument of a lambda, or Lance cannot name the field
    public static Optional<LanceColumnHandle> find(ConnectorExpression expression, Map<String, ColumnHandle> assignments)
    {
        return switch (expression) {
            case Variable variable -> Optional.ofNullable((LanceColumnHandle) assignments.get(variable.getName()));
            case FieldDereference dereference -> find(dereference.getTarget(), assignments)
                    .flatMap(parent -> parent.field(dereference.getField(), dereference.getType()))
                    .filter(field -> FilterSql.canWrite(field.path()));
            default -> Optional.empty();
        };
    }
}
