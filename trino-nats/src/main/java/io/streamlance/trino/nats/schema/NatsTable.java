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

import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.predicate.SubjectPattern;
import io.trino.spi.connector.SchemaTableName;

import java.util.List;
import java.util.Optional;

import static java.util.Objects.requireNonNull;

/// A table whose stream is known to exist.
///
/// @param subject the messages of the stream that are rows of the table
/// @param columns visible columns
/// @param lastPerSubject true when only the newest message of every subject is a row
public record NatsTable(
        SchemaTableName name,
        String stream,
        SubjectPattern subject,
        PayloadFormat dataFormat,
        List<NatsColumnHandle> columns,
        Optional<String> comment,
        boolean lastPerSubject)
{
    public NatsTable
    {
        requireNonNull(name, "name is null");
        requireNonNull(stream, "stream is null");
        requireNonNull(subject, "subject is null");
        requireNonNull(dataFormat, "dataFormat is null");
        requireNonNull(columns, "columns is null");
        requireNonNull(comment, "comment is null");
    }

    /// The table of the newest messages.
    NatsTable toLastPerSubject(SchemaTableName name)
    {
        return new NatsTable(name, stream, subject, dataFormat, columns, comment, true);
    }
}
