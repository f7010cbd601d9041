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
import io.streamlance.trino.nats.client.SubjectRange;
import io.streamlance.trino.nats.predicate.MessageRange;
import io.streamlance.trino.nats.predicate.SequenceRange;
import io.streamlance.trino.nats.predicate.SubjectPattern;
import io.trino.spi.SplitWeight;
import io.trino.spi.connector.ConnectorSplit;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import static io.airlift.slice.SizeOf.estimatedSizeOf;
import static io.airlift.slice.SizeOf.instanceSize;
import static java.lang.Math.min;
import static java.util.Objects.requireNonNull;

/// Ranges that are read one after the other; immutable, so that it may be read again.
///
/// @param wantedSubjects when present, messages of other subjects are dropped before they are decoded
/// @param limit when present, this many rows are enough
public record NatsSplit(List<SubjectRange> ranges, Optional<List<SubjectPattern>> wantedSubjects, OptionalLong limit, SplitWeight weight)
        implements ConnectorSplit
{
    private static final int INSTANCE_SIZE = instanceSize(NatsSplit.class);
    private static final int RANGE_SIZE = instanceSize(SubjectRange.class);
    private static final int PATTERN_SIZE = instanceSize(SubjectPattern.class);

    public NatsSplit
    {
        ranges = ImmutableList.copyOf(ranges);
        requireNonNull(wantedSubjects, "wantedSubjects is null");
        requireNonNull(limit, "limit is null");
        requireNonNull(weight, "weight is null");
    }

    /// The part of the split that is in `range`.
    NatsSplit narrowedTo(MessageRange range)
    {
        ImmutableList.Builder<SubjectRange> narrowed = ImmutableList.builder();
        if (!range.isEmpty()) {
            for (SubjectRange part : ranges) {
                SequenceRange sequences = new SequenceRange(part.firstSequence(), part.lastSequence()).intersect(range.sequences());
                if (!sequences.isEmpty()) {
                    narrowed.add(new SubjectRange(part.filter(), sequences.first(), sequences.last(), min(part.expectedMessages(), sequences.length())));
                }
            }
        }
        return new NatsSplit(narrowed.build(), range.hasAllSubjects() ? Optional.empty() : Optional.of(range.subjects()), limit, weight);
    }

    @Override
    public SplitWeight getSplitWeight()
    {
        return weight;
    }

    @Override
    public long getRetainedSizeInBytes()
    {
        return INSTANCE_SIZE +
                estimatedSizeOf(ranges, range -> RANGE_SIZE + range.filter().map(filter -> estimatedSizeOf(filter)).orElse(0L)) +
                wantedSubjects.map(subjects -> estimatedSizeOf(subjects, subject -> PATTERN_SIZE + estimatedSizeOf(subject.value()))).orElse(0L);
    }

    @Override
    public String toString()
    {
        return ranges.toString();
    }
}
