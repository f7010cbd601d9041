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
import io.airlift.slice.Slice;
import io.streamlance.trino.nats.predicate.MessagePredicate;
import io.streamlance.trino.nats.predicate.MessageRange;
import io.streamlance.trino.nats.predicate.SequenceRange;
import io.streamlance.trino.nats.predicate.SubjectPredicate;
import io.streamlance.trino.nats.predicate.TimeRange;
import io.streamlance.trino.nats.schema.InternalColumn;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.Constraint;
import io.trino.spi.connector.ConstraintApplicationResult;
import io.trino.spi.predicate.Domain;
import io.trino.spi.predicate.Range;
import io.trino.spi.predicate.TupleDomain;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.nats.NatsSessionProperties.isSequencePushdownEnabled;
import static io.streamlance.trino.nats.NatsSessionProperties.isSubjectPushdownEnabled;
import static io.streamlance.trino.nats.NatsSessionProperties.isTimestampPushdownEnabled;

/// Narrows a scan by predicates. A predicate that is taken whole is removed from what the engine filters.
final class NatsFilterPushdown
{
    /// Beyond this many subjects reading everything is faster.
    private static final int MAX_SUBJECTS = 1000;

    private NatsFilterPushdown() {}

    static Optional<ConstraintApplicationResult<ConnectorTableHandle>> applyFilter(ConnectorSession session, NatsTableHandle handle, Constraint constraint)
    {
        // a filter above a limit must not be applied below it
        if (handle.limit().isPresent() || constraint.getSummary().isNone()) {
            return Optional.empty();
        }
        NatsTableHandle liked = handle.withFilter(handle.filter().withLikes(SubjectLikes.of(constraint.getExpression(), constraint.getAssignments())));
        Narrowed narrowed = narrow(session, liked, constraint.getSummary());
        if (narrowed.table().equals(handle) && narrowed.remaining().equals(constraint.getSummary())) {
            return Optional.empty();
        }
        return Optional.of(new ConstraintApplicationResult<>(narrowed.table(), narrowed.remaining(), constraint.getExpression(), false));
    }

    /// @param remaining what the range does not say exactly
    record Narrowed(NatsTableHandle table, TupleDomain<ColumnHandle> remaining) {}

    static Narrowed narrow(ConnectorSession session, NatsTableHandle table, TupleDomain<ColumnHandle> predicate)
    {
        if (predicate.isNone()) {
            return new Narrowed(nothing(table), TupleDomain.all());
        }
        MessageRange narrowed = table.range();
        Map<ColumnHandle, Domain> remaining = new HashMap<>();
        for (Entry<ColumnHandle, Domain> entry : predicate.getDomains().orElseThrow().entrySet()) {
            Optional<Step> step = narrow(session, narrowed, (NatsColumnHandle) entry.getKey(), entry.getValue());
            if (step.isPresent()) {
                narrowed = step.orElseThrow().range();
            }
            if (step.isEmpty() || !step.orElseThrow().exact()) {
                remaining.put(entry.getKey(), entry.getValue());
            }
        }
        TupleDomain<ColumnHandle> filter = table.filter().domains().intersect(TupleDomain.withColumnDomains(remaining)
                .filter((column, _) -> MessageFilter.isFilterable((NatsColumnHandle) column)));
        return new Narrowed(
                filter.isNone() ? nothing(table) : table.withRange(narrowed).withFilter(table.filter().withDomains(filter)),
                TupleDomain.withColumnDomains(remaining));
    }

    private static NatsTableHandle nothing(NatsTableHandle table)
    {
        return table.withRange(table.range().withSubjects(ImmutableList.of())).withFilter(MessagePredicate.ALL);
    }

    private record Step(MessageRange range, boolean exact) {}

    private static Optional<Step> narrow(ConnectorSession session, MessageRange range, NatsColumnHandle column, Domain domain)
    {
        if (column.source() == NatsColumnHandle.Source.SUBJECT_TOKEN && isSubjectPushdownEnabled(session)) {
            return withTokens(range, Integer.parseInt(column.mapping()), domain);
        }
        if (column.isInternal(InternalColumn.SUBJECT) && isSubjectPushdownEnabled(session)) {
            return SubjectPredicate.of(domain).map(predicate -> new Step(withSubjects(range, predicate), predicate.exact()));
        }
        if (column.isInternal(InternalColumn.SEQUENCE) && isSequencePushdownEnabled(session)) {
            return Optional.of(withSequences(range, domain));
        }
        if (column.isInternal(InternalColumn.TIMESTAMP) && isTimestampPushdownEnabled(session)) {
            return Optional.of(new Step(range.withTimes(range.times().intersect(times(domain))), false));
        }
        return Optional.empty();
    }

    private static Step withSequences(MessageRange range, Domain domain)
    {
        if (domain.getValues().isNone()) {
            return new Step(range.withSequences(new SequenceRange(1, 0)), true);
        }
        Range span = domain.getValues().getRanges().getSpan();
        long first = span.getLowValue().map(value -> (long) value).orElse(Long.MIN_VALUE);
        long last = span.getHighValue().map(value -> (long) value).orElse(Long.MAX_VALUE);
        if (!span.isLowUnbounded() && !span.isLowInclusive()) {
            first = first == Long.MAX_VALUE ? first : first + 1;
        }
        if (!span.isHighUnbounded() && !span.isHighInclusive()) {
            last = last == Long.MIN_VALUE ? last : last - 1;
        }
        return new Step(
                range.withSequences(range.sequences().intersect(new SequenceRange(first, last))),
                domain.getValues().getRanges().getRangeCount() == 1);
    }

    private static TimeRange times(Domain domain)
    {
        if (domain.getValues().isNone()) {
            return new TimeRange(0, -1);
        }
        // the bounds are taken as inclusive, the engine looks again
        Range span = domain.getValues().getRanges().getSpan();
        return new TimeRange(
                span.getLowValue().map(value -> epochNanos(value, Long.MIN_VALUE)).orElse(Long.MIN_VALUE),
                span.getHighValue().map(value -> epochNanos(value, Long.MAX_VALUE)).orElse(Long.MAX_VALUE));
    }

    /// @param unbounded the answer for times before 1677 or after 2262
    private static long epochNanos(Object value, long unbounded)
    {
        long nanos = InternalColumn.timestampNanos(value);
        return nanos == Long.MIN_VALUE || nanos == Long.MAX_VALUE ? unbounded : nanos;
    }

    private static MessageRange withSubjects(MessageRange range, SubjectPredicate predicate)
    {
        return range.withSubjects(predicate.patterns().stream()
                .flatMap(wanted -> range.subjects().stream().flatMap(pattern -> pattern.intersect(wanted).stream()))
                .distinct()
                .collect(toImmutableList()));
    }

    private static Optional<Step> withTokens(MessageRange range, int position, Domain domain)
    {
        Optional<List<String>> values = discreteValues(domain);
        if (values.isEmpty() || (long) values.orElseThrow().size() * range.subjects().size() > MAX_SUBJECTS) {
            return Optional.empty();
        }
        return Optional.of(new Step(
                range.withSubjects(range.subjects().stream()
                        .flatMap(pattern -> values.orElseThrow().stream().flatMap(value -> pattern.withToken(position, value).stream()))
                        .distinct()
                        .collect(toImmutableList())),
                true));
    }

    private static Optional<List<String>> discreteValues(Domain domain)
    {
        if (domain.getValues().isNone()) {
            return Optional.of(ImmutableList.of());
        }
        if (!domain.getValues().isDiscreteSet()) {
            return Optional.empty();
        }
        List<Object> values = domain.getValues().getDiscreteSet();
        if (values.size() > MAX_SUBJECTS) {
            return Optional.empty();
        }
        return Optional.of(values.stream()
                .map(value -> ((Slice) value).toStringUtf8())
                .collect(toImmutableList()));
    }
}
