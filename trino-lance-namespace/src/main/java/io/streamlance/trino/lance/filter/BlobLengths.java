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

import com.google.common.collect.ImmutableList;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.blob.BlobColumns;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.expression.Call;
import io.trino.spi.expression.ConnectorExpression;
import io.trino.spi.expression.FunctionName;
import io.trino.spi.expression.Variable;

import java.util.Map;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.expression.StandardFunctions.IS_NULL_FUNCTION_NAME;

/// Finds expressions that are the length of a blob.
public final class BlobLengths
{
    private static final FunctionName LENGTH = new FunctionName("length");

    private BlobLengths() {}

    public static Optional<LanceColumnHandle> find(ConnectorExpression expression, Map<String, ColumnHandle> assignments)
    {
        if (expression instanceof Call call && call.getFunctionName().equals(LENGTH) && call.getArguments().size() == 1) {
            return FieldReferences.find(call.getArguments().getFirst(), assignments)
                    .filter(BlobColumns::isContent)
                    .map(BlobColumns::length);
        }
        return FieldReferences.find(expression, assignments).filter(BlobColumns::isLength);
    }

    /// Replaces lengths of blobs, and tests whether blobs are null, by variables.
    ///
    /// @param found gets the columns of the variables
    public static ConnectorExpression replace(ConnectorExpression expression, Map<String, ColumnHandle> assignments, Map<String, ColumnHandle> found)
    {
        if (!(expression instanceof Call call)) {
            return expression;
        }
        Optional<LanceColumnHandle> length = find(call, assignments);
        if (length.isPresent()) {
            return variable(length.orElseThrow(), found);
        }
        if (call.getFunctionName().equals(IS_NULL_FUNCTION_NAME)) {
            Optional<LanceColumnHandle> content = FieldReferences.find(call.getArguments().getFirst(), assignments).filter(BlobColumns::isContent);
            if (content.isPresent()) {
                return new Call(call.getType(), IS_NULL_FUNCTION_NAME, ImmutableList.of(variable(BlobColumns.length(content.orElseThrow()), found)));
            }
        }
        return new Call(call.getType(), call.getFunctionName(), call.getArguments().stream()
                .map(argument -> replace(argument, assignments, found))
                .collect(toImmutableList()));
    }

    private static Variable variable(LanceColumnHandle length, Map<String, ColumnHandle> found)
    {
        String name = BlobColumns.name(length);
        found.put(name, length);
        return new Variable(name, length.type());
    }
}
