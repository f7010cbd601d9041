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

import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import io.streamlance.trino.nats.client.ReadMethod;
import io.streamlance.trino.nats.client.StreamCatalog;
import io.streamlance.trino.nats.predicate.MessageRange;
import io.streamlance.trino.nats.predicate.SequenceRange;
import io.streamlance.trino.nats.predicate.SubjectPattern;
import io.streamlance.trino.nats.predicate.TimeRange;
import io.streamlance.trino.nats.schema.InternalColumn;
import io.trino.spi.statistics.ColumnStatistics;
import io.trino.spi.statistics.DoubleRange;
import io.trino.spi.statistics.Estimate;
import io.trino.spi.statistics.TableStatistics;

import java.util.Optional;
import java.util.OptionalLong;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.lang.Math.max;
import static java.lang.Math.min;

/// What the optimizer may know about a scan, from the stream's metadata and at most two counts.
final class NatsStatistics
{
    /// Subjects of a scan that are worth a count.
    private static final int MAX_COUNTED_SUBJECTS = 20;

    private NatsStatistics() {}

    /// @param snapshot the stream when the transaction first saw it
    static TableStatistics of(NatsTableHandle handle, StreamInfo snapshot, StreamCatalog streams)
    {
        MessageRange range = handle.range();
        StreamState state = snapshot.getStreamState();
        Optional<Double> rows = rows(handle, snapshot, streams);
        if (rows.isEmpty()) {
            return TableStatistics.empty();
        }
        double count = rows.orElseThrow();
        TableStatistics.Builder statistics = TableStatistics.builder().setRowCount(Estimate.of(count));
        if (count == 0) {
            return statistics.build();
        }
        boolean literal = range.subjects().stream().allMatch(SubjectPattern::isLiteral);
        double subjects = literal ? range.subjects().size() : state.getSubjectCount();
        statistics.setColumnStatistics(InternalColumn.SUBJECT.handle(), ColumnStatistics.builder()
                .setNullsFraction(Estimate.zero())
                .setDistinctValuesCount(Estimate.of(max(1, min(count, subjects))))
                .build());
        SequenceRange sequences = range.sequences().intersect(new SequenceRange(state.getFirstSequence(), state.getLastSequence()));
        if (!sequences.isEmpty()) {
            statistics.setColumnStatistics(InternalColumn.SEQUENCE.handle(), ColumnStatistics.builder()
                    .setNullsFraction(Estimate.zero())
                    .setDistinctValuesCount(Estimate.of(count))
                    .setRange(new DoubleRange(sequences.first(), sequences.last()))
                    .build());
        }
        statistics.setColumnStatistics(InternalColumn.TIMESTAMP.handle(), ColumnStatistics.builder()
                .setNullsFraction(Estimate.zero())
                .setDistinctValuesCount(Estimate.of(count))
                .setRange(new DoubleRange(state.getFirstTime().toInstant().toEpochMilli(), state.getLastTime().toInstant().toEpochMilli()))
                .build());
        statistics.setColumnStatistics(InternalColumn.PAYLOAD.handle(), ColumnStatistics.builder()
                .setNullsFraction(Estimate.zero())
                .setDataSize(Estimate.of(count * handle.source().shape().averageMessageBytes()))
                .build());
        return statistics.build();
    }

    private static Optional<Double> rows(NatsTableHandle handle, StreamInfo snapshot, StreamCatalog streams)
    {
        MessageRange range = handle.range();
        StreamState state = snapshot.getStreamState();
        if (range.isEmpty()) {
            return Optional.of(0.0);
        }
        if (handle.source().readMethod() == ReadMethod.LAST_PER_SUBJECT) {
            return Optional.of((double) state.getSubjectCount());
        }
        if (range.hasAllSubjects()) {
            double density = (double) state.getMsgCount() / max(1, state.getLastSequence() - state.getFirstSequence() + 1);
            return Optional.of(density * range.sequences().length() * timeShare(range.times(), state));
        }
        if (handle.source().readMethod() != ReadMethod.CONSUMER || range.subjects().size() > MAX_COUNTED_SUBJECTS) {
            return Optional.empty();
        }
        OptionalLong messages = streams.countFrom(handle.source().stream(), range.subjects().stream().map(SubjectPattern::value).collect(toImmutableList()), range.sequences().first());
        if (messages.isEmpty()) {
            return Optional.empty();
        }
        // taken as evenly spread from there to the end of the stream
        double share = (double) range.sequences().length() / max(1, state.getLastSequence() - range.sequences().first() + 1);
        return Optional.of(messages.getAsLong() * min(1, share) * timeShare(range.times(), state));
    }

    private static double timeShare(TimeRange times, StreamState state)
    {
        TimeRange all = new TimeRange(
                TimeRange.toEpochNanos(state.getFirstTime().toInstant()),
                TimeRange.toEpochNanos(state.getLastTime().toInstant()));
        TimeRange wanted = all.intersect(times);
        return wanted.isEmpty() ? 0 : (wanted.last() - wanted.first() + 1.0) / (all.last() - all.first() + 1.0);
    }
}
