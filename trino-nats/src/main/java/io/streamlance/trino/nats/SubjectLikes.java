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
import io.airlift.slice.Slice;
import io.streamlance.trino.nats.predicate.SubjectLike;
import io.streamlance.trino.nats.schema.InternalColumn;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.expression.Call;
import io.trino.spi.expression.ConnectorExpression;
import io.trino.spi.expression.Constant;
import io.trino.spi.expression.Variable;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.plugin.base.expression.ConnectorExpressions.extractConjuncts;
import static io.trino.spi.expression.StandardFunctions.LIKE_FUNCTION_NAME;
import static io.trino.spi.expression.StandardFunctions.NOT_FUNCTION_NAME;

/// Finds conditions `_subject LIKE …` and `_subject NOT LIKE …`.
final class SubjectLikes
{
    private SubjectLikes() {}

    static List<SubjectLike> of(ConnectorExpression expression, Map<String, ColumnHandle> assignments)
    {
        return extractConjuncts(expression).stream()
                .flatMap(conjunct -> like(conjunct, assignments, false).stream())
                .collect(toImmutableList());
    }

    private static Optional<SubjectLike> like(ConnectorExpression expression, Map<String, ColumnHandle> assignments, boolean negated)
    {
        if (!(expression instanceof Call call)) {
            return Optional.empty();
        }
        if (call.getFunctionName().equals(NOT_FUNCTION_NAME)) {
            return like(call.getArguments().getFirst(), assignments, !negated);
        }
        if (!call.getFunctionName().equals(LIKE_FUNCTION_NAME) || !isSubject(call.getArguments().getFirst(), assignments)) {
            return Optional.empty();
        }
        ImmutableList.Builder<String> texts = ImmutableList.builder();
        for (ConnectorExpression argument : call.getArguments().subList(1, call.getArguments().size())) {
            if (!(argument instanceof Constant constant) || !(constant.getValue() instanceof Slice text)) {
                return Optional.empty();
            }
            texts.add(text.toStringUtf8());
        }
        List<String> pattern = texts.build();
        return Optional.of(new SubjectLike(pattern.getFirst(), pattern.stream().skip(1).findFirst(), negated));
    }

    private static boolean isSubject(ConnectorExpression expression, Map<String, ColumnHandle> assignments)
    {
        return expression instanceof Variable variable &&
                assignments.get(variable.getName()) instanceof NatsColumnHandle column &&
                column.isInternal(InternalColumn.SUBJECT);
    }
}
