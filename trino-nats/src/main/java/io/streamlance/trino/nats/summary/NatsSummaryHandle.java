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
import io.streamlance.trino.nats.predicate.MessageRange;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.SchemaTableName;

import java.util.List;

import static java.util.Objects.requireNonNull;

/// The result of an aggregation that the server's metadata answers. It was asked for when the query was planned.
///
/// @param range the messages that are summarized
/// @param columns what is asked for
public record NatsSummaryHandle(SchemaTableName name, String stream, MessageRange range, List<SummaryColumn> columns, List<Summary> rows)
        implements ConnectorTableHandle
{
    public NatsSummaryHandle
    {
        requireNonNull(name, "name is null");
        requireNonNull(stream, "stream is null");
        requireNonNull(range, "range is null");
        columns = ImmutableList.copyOf(columns);
        rows = ImmutableList.copyOf(rows);
    }

    @Override
    public String toString()
    {
        return "%s stream=%s %s metadata=%s".formatted(name, stream, range, columns);
    }
}
