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

import com.google.inject.Inject;
import io.streamlance.trino.nats.client.StreamCatalog;
import io.streamlance.trino.nats.predicate.SubjectPattern;
import io.trino.spi.ErrorCodeSupplier;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;

import java.util.List;

import static io.streamlance.trino.nats.NatsErrorCode.NATS_AMBIGUOUS_NAME;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_STREAM_NOT_FOUND;
import static io.trino.spi.StandardErrorCode.INVALID_FUNCTION_ARGUMENT;
import static java.util.Objects.requireNonNull;

/// Finds the stream that a user means.
public final class StreamFinder
{
    private final StreamCatalog streams;

    @Inject
    public StreamFinder(StreamCatalog streams)
    {
        this.streams = requireNonNull(streams, "streams is null");
    }

    /// A stream by its name as NATS writes it, which is an argument of a function.
    public String byName(String stream)
    {
        if (streams.findStream(stream).isPresent()) {
            return stream;
        }
        String hint = streams.streamNames().stream()
                .filter(stream::equalsIgnoreCase)
                .findFirst()
                .map("Did you mean '%s'? The names of streams are case-sensitive here"::formatted)
                .orElse("Create it, or correct the name");
        throw new TrinoException(INVALID_FUNCTION_ARGUMENT, "Stream '%s' does not exist. %s".formatted(stream, hint));
    }

    /// The one stream that stores messages of a subject, which is an argument of a function.
    public String bySubject(SubjectPattern subject)
    {
        return bySubject(subject, "the argument stream", INVALID_FUNCTION_ARGUMENT);
    }

    /// The one stream that stores messages of the subject of a table.
    String ofTable(SchemaTableName table, SubjectPattern subject)
    {
        return bySubject(subject, "the description of table " + table, NATS_STREAM_NOT_FOUND);
    }

    /// @param place where the user can name a stream, for the error
    private String bySubject(SubjectPattern subject, String place, ErrorCodeSupplier notFound)
    {
        List<String> candidates = streams.streamsOfSubject(subject.value());
        if (candidates.isEmpty()) {
            throw new TrinoException(notFound, "No stream captures subject '%s'. Create one, or name the stream in %s".formatted(subject, place));
        }
        if (candidates.size() > 1) {
            throw new TrinoException(NATS_AMBIGUOUS_NAME, "Several streams capture subject '%s': %s. Name one in %s".formatted(subject, candidates, place));
        }
        return candidates.getFirst();
    }
}
