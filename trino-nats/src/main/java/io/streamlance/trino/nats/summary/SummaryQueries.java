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
import com.google.inject.Inject;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import io.streamlance.trino.nats.client.ReadMethod;
import io.streamlance.trino.nats.client.StreamCatalog;
import io.streamlance.trino.nats.client.StreamCatalog.SubjectCount;
import io.streamlance.trino.nats.client.StreamMessage;
import io.streamlance.trino.nats.predicate.MessageRange;
import io.streamlance.trino.nats.predicate.SequenceRange;
import io.streamlance.trino.nats.predicate.SubjectPattern;
import io.streamlance.trino.nats.summary.Summary.End;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Objects.requireNonNull;

/// Summaries that the server answers exactly. While a stream changes it may not, and then the messages have to be read.
public final class SummaryQueries
{
    /// The rows travel with the plan of a query.
    private static final int MAX_ROWS = 10_000;
    private static final int MAX_PATTERNS = 20;
    private static final int ATTEMPTS = 3;

    private final StreamCatalog streams;

    @Inject
    public SummaryQueries(StreamCatalog streams)
    {
        this.streams = requireNonNull(streams, "streams is null");
    }

    /// @param snapshot the stream when the transaction first saw it
    public Optional<Summary> summarize(StreamInfo snapshot, MessageRange range, Set<SummaryColumn> columns)
    {
        if (range.isEmpty()) {
            return Optional.of(new Summary(Optional.empty(), OptionalLong.of(0), Optional.empty(), Optional.empty()));
        }
        if (range.subjects().size() > MAX_PATTERNS) {
            return Optional.empty();
        }
        OptionalLong count = OptionalLong.empty();
        Optional<End> oldest = Optional.empty();
        Optional<End> newest = Optional.empty();
        if (columns.contains(SummaryColumn.COUNT)) {
            count = count(snapshot, range);
            if (count.isEmpty()) {
                return Optional.empty();
            }
        }
        String stream = snapshot.getConfiguration().getName();
        if (columns.contains(SummaryColumn.MIN_SEQUENCE) || columns.contains(SummaryColumn.MIN_TIMESTAMP)) {
            oldest = oldest(stream, range);
        }
        if (columns.contains(SummaryColumn.MAX_SEQUENCE) || columns.contains(SummaryColumn.MAX_TIMESTAMP)) {
            Optional<Optional<End>> known = newest(stream, range);
            if (known.isEmpty()) {
                return Optional.empty();
            }
            newest = known.orElseThrow();
        }
        streams.checkSameStream(stream, snapshot.getCreateTime().toInstant());
        return Optional.of(new Summary(Optional.empty(), count, oldest, newest));
    }

    /// Counts per subject.
    public Optional<List<Summary>> summarizeBySubject(StreamInfo snapshot, MessageRange range)
    {
        StreamState state = snapshot.getStreamState();
        if (range.isEmpty()) {
            return Optional.of(ImmutableList.of());
        }
        if (!isWhole(state, range.sequences()) || range.subjects().size() > MAX_PATTERNS) {
            return Optional.empty();
        }
        String stream = snapshot.getConfiguration().getName();
        if (state.getSubjectCount() > MAX_ROWS) {
            return Optional.empty();
        }
        List<SubjectCount> counts = range.subjects().stream()
                .flatMap(pattern -> streams.subjectCounts(stream, pattern.value()).stream())
                .collect(toImmutableList());
        streams.checkSameStream(stream, snapshot.getCreateTime().toInstant());
        // the counts are those of the snapshot when nothing has changed up to now
        boolean unchanged = streams.streamInfo(stream)
                .map(StreamInfo::getStreamState)
                .map(now -> now.getLastSequence() == state.getLastSequence() && now.getMsgCount() == state.getMsgCount())
                .orElse(false);
        if (!unchanged || counts.size() > MAX_ROWS) {
            return Optional.empty();
        }
        return Optional.of(counts.stream()
                .map(count -> new Summary(Optional.of(count.subject()), OptionalLong.of(count.count()), Optional.empty(), Optional.empty()))
                .collect(toImmutableList()));
    }

    private static boolean isWhole(StreamState state, SequenceRange range)
    {
        return range.first() <= state.getFirstSequence() && range.last() >= state.getLastSequence();
    }

    private OptionalLong count(StreamInfo snapshot, MessageRange range)
    {
        if (range.hasAllSubjects() && isWhole(snapshot.getStreamState(), range.sequences())) {
            return OptionalLong.of(snapshot.getStreamState().getMsgCount());
        }
        if (ReadMethod.of(snapshot.getConfiguration()) != ReadMethod.CONSUMER) {
            return OptionalLong.empty();
        }
        String stream = snapshot.getConfiguration().getName();
        List<String> filters = range.subjects().stream().map(SubjectPattern::value).collect(toImmutableList());
        OptionalLong after = streams.countFrom(stream, filters, range.sequences().last() + 1);
        for (int attempt = 0; attempt < ATTEMPTS && after.isPresent(); attempt++) {
            OptionalLong from = streams.countFrom(stream, filters, range.sequences().first());
            OptionalLong stillAfter = streams.countFrom(stream, filters, range.sequences().last() + 1);
            if (from.isPresent() && after.equals(stillAfter)) {
                return OptionalLong.of(from.getAsLong() - after.getAsLong());
            }
            after = stillAfter;
        }
        return OptionalLong.empty();
    }

    private Optional<End> oldest(String stream, MessageRange range)
    {
        return range.subjects().stream()
                .flatMap(pattern -> streams.nextMessage(stream, range.sequences().first(), pattern.value()).stream())
                .filter(message -> message.sequence() <= range.sequences().last())
                .min(Comparator.comparingLong(StreamMessage::sequence))
                .map(SummaryQueries::end);
    }

    /// Empty when there are later messages, and none with the very last sequence of the range.
    private Optional<Optional<End>> newest(String stream, MessageRange range)
    {
        SequenceRange sequences = range.sequences();
        List<StreamMessage> last = range.subjects().stream()
                .flatMap(pattern -> streams.lastMessage(stream, pattern.value()).stream())
                .collect(toImmutableList());
        Stream<StreamMessage> candidates = last.stream();
        if (last.stream().anyMatch(message -> message.sequence() > sequences.last())) {
            Optional<StreamMessage> atEnd = streams.message(stream, sequences.last())
                    .filter(message -> range.subjects().stream().anyMatch(pattern -> pattern.matches(message.subject())));
            if (atEnd.isEmpty()) {
                return Optional.empty();
            }
            candidates = atEnd.stream();
        }
        return Optional.of(candidates
                .filter(message -> message.sequence() >= sequences.first())
                .max(Comparator.comparingLong(StreamMessage::sequence))
                .map(SummaryQueries::end));
    }

    private static End end(StreamMessage message)
    {
        return new End(message.sequence(), message.timestampNanos());
    }
}
