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
package io.streamlance.trino.nats.schema;

import com.google.common.collect.ImmutableList;
import io.streamlance.trino.nats.NatsColumnHandle;

import java.util.List;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Objects.requireNonNull;

/// What a sample of messages looks like as a table.
///
/// @param payloads messages of the sample that had a payload
public record InferredSchema(DataFormat dataFormat, List<InferredColumn> columns, long payloads)
{
    public InferredSchema
    {
        requireNonNull(dataFormat, "dataFormat is null");
        columns = ImmutableList.copyOf(columns);
    }

    /// @param nullsFraction share of the rows of the sample in which the column is NULL
    public record InferredColumn(NatsColumnHandle handle, double nullsFraction)
    {
        public InferredColumn
        {
            requireNonNull(handle, "handle is null");
        }
    }

    public List<NatsColumnHandle> handles()
    {
        return columns.stream()
                .map(InferredColumn::handle)
                .collect(toImmutableList());
    }
}
