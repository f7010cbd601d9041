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
package io.streamlance.trino.nats.system;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterators;
import com.google.inject.Inject;
import io.streamlance.trino.nats.client.StreamCatalog;
import io.streamlance.trino.nats.client.StreamCatalog.SubjectCount;
import io.streamlance.trino.nats.predicate.SubjectPattern;
import io.streamlance.trino.nats.system.SubjectsTable.StreamSubject;
import io.trino.spi.predicate.TupleDomain;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.nats.system.SystemColumn.bigintColumn;
import static io.streamlance.trino.nats.system.SystemColumn.varcharColumn;
import static java.util.Objects.requireNonNull;

/// One row per stream and subject that it holds messages of.
public final class SubjectsTable
        extends NatsSystemTable<StreamSubject>
{
    private static final List<SystemColumn<StreamSubject>> COLUMNS = ImmutableList.of(
            varcharColumn("stream", "Stream that holds the messages", StreamSubject::stream),
            varcharColumn("subject", "Subject of the messages", StreamSubject::subject),
            bigintColumn("messages", "Messages stored", StreamSubject::messages));
    private static final int STREAM = 0;
    private static final int SUBJECT = 1;

    private final StreamCatalog streams;

    @Inject
    public SubjectsTable(StreamCatalog streams)
    {
        super("subjects", "Subjects that the streams hold messages of", COLUMNS);
        this.streams = requireNonNull(streams, "streams is null");
    }

    record StreamSubject(String stream, String subject, long messages) {}

    @Override
    Iterator<List<StreamSubject>> rows(TupleDomain<Integer> constraint)
    {
        // the server filters by one subject; of several, the engine picks
        Optional<String> subject = wantedValues(constraint, SUBJECT)
                .filter(values -> values.size() == 1)
                .map(List::getFirst);
        if (subject.isPresent() && !SubjectPattern.isLiteral(subject.orElseThrow())) {
            return Iterators.forArray();
        }
        // not only the streams that capture the subject: mirrors hold it, too
        List<String> wanted = wantedValues(constraint, STREAM).orElseGet(streams::streamNames);
        return Iterators.transform(wanted.iterator(), stream -> subjects(stream, subject.orElse(SubjectPattern.ALL.value())));
    }

    private List<StreamSubject> subjects(String stream, String filter)
    {
        // a subject can be in two pages when others are stored for the first time between them
        Map<String, Long> counts = new LinkedHashMap<>();
        if (StreamCatalog.isStreamName(stream)) {
            for (SubjectCount count : streams.subjectCounts(stream, filter)) {
                counts.put(count.subject(), count.count());
            }
        }
        return counts.entrySet().stream()
                .map(entry -> new StreamSubject(stream, entry.getKey(), entry.getValue()))
                .collect(toImmutableList());
    }
}
