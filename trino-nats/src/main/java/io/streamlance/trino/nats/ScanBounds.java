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
import com.google.inject.Inject;
import io.streamlance.trino.nats.client.ReadMethod;
import io.streamlance.trino.nats.client.StreamCatalog;
import io.streamlance.trino.nats.client.StreamMessage;
import io.streamlance.trino.nats.predicate.MessageRange;
import io.streamlance.trino.nats.predicate.SequenceRange;
import io.streamlance.trino.nats.predicate.SubjectPattern;
import io.streamlance.trino.nats.predicate.TimeRange;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import static java.lang.Math.min;
import static java.util.Objects.requireNonNull;

/// Turns what a scan wants into sequences, by a few questions to the server that do not depend on the number of messages.
public final class ScanBounds
{
    /// By how much the look back for the newest messages of some subjects grows.
    private static final int LOOK_BACK_GROWTH = 8;

    private final StreamCatalog streams;

    @Inject
    public ScanBounds(StreamCatalog streams)
    {
        this.streams = requireNonNull(streams, "streams is null");
    }

    /// Sequences of the messages stored in a range of times. The server takes times as ascending, too.
    public SequenceRange sequences(String stream, MessageRange range)
    {
        SequenceRange sequences = range.sequences();
        TimeRange times = range.times();
        if (range.isEmpty() || times.isAll()) {
            return sequences;
        }
        if (times.first() != Long.MIN_VALUE) {
            sequences = sequences.intersect(new SequenceRange(firstFrom(stream, times.first()).orElse(Long.MAX_VALUE), Long.MAX_VALUE));
        }
        if (times.last() != Long.MAX_VALUE && !sequences.isEmpty()) {
            Optional<Long> after = firstFrom(stream, times.last() + 1);
            sequences = after.isEmpty() ? sequences : sequences.intersect(new SequenceRange(1, after.orElseThrow() - 1));
        }
        return sequences;
    }

    private Optional<Long> firstFrom(String stream, long epochNanos)
    {
        return streams.firstMessageFrom(stream, TimeRange.toInstant(epochNanos)).map(StreamMessage::sequence);
    }

    /// Cuts `sequences` so that the last part has `count` messages of a subject or more, as long as none goes. The parts come
    /// from the last to the first one and grow: whoever finds too little in one goes on with the next.
    public List<SequenceRange> newestFirst(StreamSource source, SubjectPattern subject, SequenceRange sequences, long count)
    {
        if (source.readMethod() != ReadMethod.CONSUMER) {
            // nothing tells how many messages there are between two sequences
            return ImmutableList.of(sequences);
        }
        ImmutableList.Builder<SequenceRange> parts = ImmutableList.builder();
        SequenceRange part = sequences.last(count);
        while (part.length() < sequences.length()) {
            OptionalLong messages = atLeast(source.stream(), subject.value(), part);
            if (messages.isEmpty()) {
                return ImmutableList.of(sequences);
            }
            if (messages.getAsLong() >= count) {
                break;
            }
            part = sequences.last(grown(part.length()));
        }
        parts.add(part);
        long length = part.length();
        for (SequenceRange rest = sequences.before(part); !rest.isEmpty(); rest = rest.before(part)) {
            length = grown(length);
            part = rest.last(length);
            parts.add(part);
        }
        return parts.build();
    }

    private static long grown(long length)
    {
        return length > Long.MAX_VALUE / LOOK_BACK_GROWTH ? Long.MAX_VALUE : length * LOOK_BACK_GROWTH;
    }

    /// A number of messages that is not too large on a stream that grows, empty when the server does not count.
    private OptionalLong atLeast(String stream, String subject, SequenceRange sequences)
    {
        OptionalLong fromFirst = streams.countFrom(stream, subject, sequences.first());
        OptionalLong after = fromFirst.isEmpty() ? fromFirst : streams.countFrom(stream, subject, sequences.last() + 1);
        return after.isEmpty() ? after : OptionalLong.of(fromFirst.getAsLong() - min(fromFirst.getAsLong(), after.getAsLong()));
    }
}
