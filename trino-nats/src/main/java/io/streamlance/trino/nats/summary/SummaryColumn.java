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

import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.NatsColumnHandle.Source;
import io.streamlance.trino.nats.schema.InternalColumn;
import io.trino.spi.connector.AggregateFunction;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.expression.ConnectorExpression;
import io.trino.spi.expression.Variable;
import io.trino.spi.type.Type;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.TimestampWithTimeZoneType.TIMESTAMP_TZ_NANOS;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.util.Locale.ENGLISH;

/// What can be said about messages without reading them all.
public enum SummaryColumn
{
    SUBJECT(VARCHAR),
    COUNT(BIGINT),
    MIN_SEQUENCE(BIGINT),
    MAX_SEQUENCE(BIGINT),
    MIN_TIMESTAMP(TIMESTAMP_TZ_NANOS),
    MAX_TIMESTAMP(TIMESTAMP_TZ_NANOS);

    private final Type type;

    SummaryColumn(Type type)
    {
        this.type = type;
    }

    public Type type()
    {
        return type;
    }

    public NatsColumnHandle handle()
    {
        return new NatsColumnHandle("$" + name().toLowerCase(ENGLISH), type, Source.SUMMARY, name(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static SummaryColumn of(NatsColumnHandle column)
    {
        if (column.isInternal(InternalColumn.SUBJECT)) {
            // what a summary is grouped by keeps its column
            return SUBJECT;
        }
        return valueOf(column.mapping());
    }

    /// Empty when only the messages themselves have the answer.
    static Optional<SummaryColumn> of(AggregateFunction function, Map<String, ColumnHandle> assignments)
    {
        if (function.getFilter().isPresent() || function.isDistinct() && function.getFunctionName().equals("count")) {
            return Optional.empty();
        }
        List<ConnectorExpression> arguments = function.getArguments();
        if (arguments.isEmpty()) {
            return function.getFunctionName().equals("count") ? Optional.of(COUNT) : Optional.empty();
        }
        if (arguments.size() != 1 || !(arguments.getFirst() instanceof Variable variable)) {
            return Optional.empty();
        }
        NatsColumnHandle column = (NatsColumnHandle) assignments.get(variable.getName());
        boolean sequence = column.isInternal(InternalColumn.SEQUENCE);
        boolean timestamp = column.isInternal(InternalColumn.TIMESTAMP);
        if (!sequence && !timestamp) {
            return Optional.empty();
        }
        return switch (function.getFunctionName()) {
            // neither is ever null
            case "count" -> Optional.of(COUNT);
            case "min" -> Optional.of(sequence ? MIN_SEQUENCE : MIN_TIMESTAMP);
            case "max" -> Optional.of(sequence ? MAX_SEQUENCE : MAX_TIMESTAMP);
            default -> Optional.empty();
        };
    }
}
