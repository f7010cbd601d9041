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
import io.streamlance.trino.nats.predicate.SequenceRange;
import io.streamlance.trino.nats.predicate.SubjectPattern;
import io.streamlance.trino.nats.schema.InternalColumn;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.Constraint;
import io.trino.spi.connector.ConstraintApplicationResult;
import io.trino.spi.connector.LimitApplicationResult;
import io.trino.spi.predicate.Domain;
import io.trino.spi.predicate.Range;
import io.trino.spi.predicate.Ranges;
import io.trino.spi.predicate.TupleDomain;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.nats.NatsSessionProperties.isLimitPushdownEnabled;
import static io.streamlance.trino.nats.NatsSessionProperties.isSequencePushdownEnabled;
import static io.streamlance.trino.nats.NatsSessionProperties.isSubjectPushdownEnabled;

/// Moves predicates and limits into a table handle. A predicate that is taken whole is removed from what the engine filters.
final class NatsPushdown
{
    /// Beyond this many subject filters reading everything is faster.
    private static final int MAX_SUBJECTS = 1000;

    private NatsPushdown() {}

    static Optional<ConstraintApplicationResult<ConnectorTableHandle>> applyFilter(ConnectorSession session, NatsTableHandle handle, Constraint constraint)
    {
        // a filter above a limit must not be applied below it
        if (handle.limit().isPresent() || constraint.getSummary().isNone()) {
            return Optional.empty();
        }
        NatsTableHandle pushed = handle;
        Map<ColumnHandle, Domain> remaining = new HashMap<>();
        for (Entry<ColumnHandle, Domain> entry : constraint.getSummary().getDomains().orElseThrow().entrySet()) {
            NatsColumnHandle column = (NatsColumnHandle) entry.getKey();
            Domain domain = entry.getValue();
            Optional<NatsTableHandle> narrowed = Optional.empty();
            boolean exact = true;
            if (isInternal(column, InternalColumn.SEQUENCE) && isSequencePushdownEnabled(session)) {
                narrowed = Optional.of(pushed.withSequences(pushed.sequences().intersect(span(domain))));
                exact = domain.getValues().isNone() || domain.getValues().getRanges().getRangeCount() == 1;
            }
            else if (isInternal(column, InternalColumn.SUBJECT) && isSubjectPushdownEnabled(session)) {
                narrowed = withSubjects(pushed, domain);
            }
            else if (column.source() == NatsColumnHandle.Source.SUBJECT_TOKEN && isSubjectPushdownEnabled(session)) {
                narrowed = withTokens(pushed, Integer.parseInt(column.mapping()), domain);
            }
            if (narrowed.isPresent()) {
                pushed = narrowed.orElseThrow();
            }
            if (narrowed.isEmpty() || !exact) {
                remaining.put(column, domain);
            }
        }
        if (pushed.equals(handle) && remaining.size() == constraint.getSummary().getDomains().orElseThrow().size()) {
            return Optional.empty();
        }
        return Optional.of(new ConstraintApplicationResult<>(pushed, TupleDomain.withColumnDomains(remaining), constraint.getExpression(), false));
    }

    static Optional<LimitApplicationResult<ConnectorTableHandle>> applyLimit(ConnectorSession session, NatsTableHandle handle, long limit)
    {
        if (!isLimitPushdownEnabled(session) || (handle.limit().isPresent() && handle.limit().getAsLong() <= limit)) {
            return Optional.empty();
        }
        // every split may return that many rows
        return Optional.of(new LimitApplicationResult<>(handle.withLimit(limit), false, false));
    }

    private static boolean isInternal(NatsColumnHandle column, InternalColumn internal)
    {
        return column.source() == NatsColumnHandle.Source.INTERNAL && InternalColumn.of(column) == internal;
    }

    private static SequenceRange span(Domain domain)
    {
        if (domain.getValues().isNone()) {
            return new SequenceRange(1, 0);
        }
        Ranges ranges = domain.getValues().getRanges();
        Range span = ranges.getSpan();
        long first = span.getLowValue().map(value -> (long) value).orElse(Long.MIN_VALUE);
        long last = span.getHighValue().map(value -> (long) value).orElse(Long.MAX_VALUE);
        if (!span.isLowUnbounded() && !span.isLowInclusive()) {
            first = first == Long.MAX_VALUE ? first : first + 1;
        }
        if (!span.isHighUnbounded() && !span.isHighInclusive()) {
            last = last == Long.MIN_VALUE ? last : last - 1;
        }
        return new SequenceRange(first, last);
    }

    private static Optional<NatsTableHandle> withSubjects(NatsTableHandle handle, Domain domain)
    {
        return discreteValues(domain).map(values -> handle.withSubjects(values.stream()
                .filter(SubjectPattern::isLiteral)
                .filter(subject -> handle.subjects().stream().anyMatch(pattern -> pattern.matches(subject)))
                .map(SubjectPattern::new)
                .collect(toImmutableList())));
    }

    private static Optional<NatsTableHandle> withTokens(NatsTableHandle handle, int position, Domain domain)
    {
        Optional<List<String>> values = discreteValues(domain);
        if (values.isEmpty() || (long) values.orElseThrow().size() * handle.subjects().size() > MAX_SUBJECTS) {
            return Optional.empty();
        }
        return Optional.of(handle.withSubjects(handle.subjects().stream()
                .flatMap(pattern -> values.orElseThrow().stream().flatMap(value -> pattern.withToken(position, value).stream()))
                .distinct()
                .collect(toImmutableList())));
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
