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
import io.streamlance.trino.nats.client.ReadMethod;
import io.streamlance.trino.nats.predicate.SequenceRange;
import io.streamlance.trino.nats.predicate.SubjectPattern;
import io.streamlance.trino.nats.schema.PayloadFormat;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.SchemaTableName;

import java.util.List;
import java.util.OptionalLong;

import static java.util.Objects.requireNonNull;

/// A bounded scan of a stream.
///
/// @param subjects patterns that do not overlap; a row matches one of them; none means no row
/// @param sequences the snapshot of the transaction, narrowed by predicates
/// @param averageMessageBytes mean payload size of the stream, at least 1
public record NatsTableHandle(
        SchemaTableName name,
        String stream,
        PayloadFormat dataFormat,
        ReadMethod readMethod,
        List<SubjectPattern> subjects,
        SequenceRange sequences,
        long averageMessageBytes,
        OptionalLong limit)
        implements ConnectorTableHandle
{
    public NatsTableHandle
    {
        requireNonNull(name, "name is null");
        requireNonNull(stream, "stream is null");
        requireNonNull(dataFormat, "dataFormat is null");
        requireNonNull(readMethod, "readMethod is null");
        subjects = ImmutableList.copyOf(subjects);
        requireNonNull(sequences, "sequences is null");
        requireNonNull(limit, "limit is null");
    }

    public NatsTableHandle withSubjects(List<SubjectPattern> subjects)
    {
        return new NatsTableHandle(name, stream, dataFormat, readMethod, subjects, sequences, averageMessageBytes, limit);
    }

    public NatsTableHandle withSequences(SequenceRange sequences)
    {
        return new NatsTableHandle(name, stream, dataFormat, readMethod, subjects, sequences, averageMessageBytes, limit);
    }

    public NatsTableHandle withLimit(long limit)
    {
        return new NatsTableHandle(name, stream, dataFormat, readMethod, subjects, sequences, averageMessageBytes, OptionalLong.of(limit));
    }

    public boolean isEmpty()
    {
        return subjects.isEmpty() || sequences.isEmpty();
    }

    @Override
    public String toString()
    {
        StringBuilder text = new StringBuilder()
                .append(name)
                .append(" stream=").append(stream)
                .append(" subjects=").append(subjects)
                .append(" sequences=").append(sequences);
        limit.ifPresent(value -> text.append(" limit=").append(value));
        return text.toString();
    }
}
