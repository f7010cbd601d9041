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
import io.streamlance.trino.nats.client.MessageBatch;
import io.streamlance.trino.nats.client.MessageSubject;
import io.streamlance.trino.nats.predicate.LongRanges;
import io.streamlance.trino.nats.predicate.MessagePredicate;
import io.streamlance.trino.nats.predicate.SubjectLike;
import io.streamlance.trino.nats.predicate.SubjectMatcher;
import io.streamlance.trino.nats.predicate.SubjectPattern;
import io.streamlance.trino.nats.schema.InternalColumn;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.predicate.Domain;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Drops messages before they are decoded, by what is known without their payload. A message that a query leaves out must not
/// fail it.
final class MessageFilter
{
    private static final int MAX_KEPT = 100_000;

    private final Optional<SubjectMatcher> matcher;
    private final List<Predicate<MessageSubject>> subjectPredicates;
    private final Optional<LongRanges> sequences;
    private final Optional<LongRanges> times;
    /// A stream mostly has few subjects and many messages.
    private final Map<MessageSubject, Boolean> subjectAnswers = new IdentityHashMap<>();

    /// @param patterns wanted subjects; empty when every subject is
    /// @param predicate its domains are of columns that [#isFilterable]
    /// @param hasTimes whether the messages come with their times
    MessageFilter(Optional<List<SubjectPattern>> patterns, MessagePredicate predicate, boolean hasTimes)
    {
        this.matcher = patterns.map(SubjectMatcher::new);
        ImmutableList.Builder<Predicate<MessageSubject>> subjects = ImmutableList.builder();
        Optional<LongRanges> sequences = Optional.empty();
        Optional<LongRanges> times = Optional.empty();
        for (Map.Entry<ColumnHandle, Domain> entry : predicate.domains().getDomains().orElseThrow(() -> new IllegalArgumentException("no message is wanted")).entrySet()) {
            NatsColumnHandle column = (NatsColumnHandle) entry.getKey();
            Domain domain = entry.getValue();
            if (column.source() == NatsColumnHandle.Source.SUBJECT_TOKEN) {
                int position = Integer.parseInt(column.mapping());
                subjects.add(subject -> domain.includesNullableValue(subject.token(position)));
            }
            else if (column.isInternal(InternalColumn.SUBJECT)) {
                subjects.add(subject -> domain.includesNullableValue(subject.slice()));
            }
            else if (column.isInternal(InternalColumn.SEQUENCE)) {
                sequences = Optional.of(LongRanges.of(domain.getValues(), value -> (long) value));
            }
            else if (column.isInternal(InternalColumn.TIMESTAMP) && hasTimes) {
                times = Optional.of(LongRanges.of(domain.getValues(), InternalColumn::timestampNanos));
            }
        }
        for (SubjectLike like : predicate.likes()) {
            Predicate<String> matches = like.toPredicate();
            subjects.add(subject -> matches.test(subject.value()));
        }
        this.subjectPredicates = subjects.build();
        this.sequences = sequences;
        this.times = times;
    }

    /// Whether the values of a column are known before the payload is decoded.
    static boolean isFilterable(NatsColumnHandle column)
    {
        return column.source() == NatsColumnHandle.Source.SUBJECT_TOKEN ||
                column.isInternal(InternalColumn.SUBJECT) ||
                column.isInternal(InternalColumn.SEQUENCE) ||
                column.isInternal(InternalColumn.TIMESTAMP);
    }

    /// @param index position of the message in the batch
    boolean accepts(MessageBatch messages, int index)
    {
        return (sequences.isEmpty() || sequences.orElseThrow().contains(messages.sequence(index))) &&
                (times.isEmpty() || times.orElseThrow().contains(messages.timestampNanos(index))) &&
                acceptsSubject(messages.subject(index));
    }

    private boolean acceptsSubject(MessageSubject subject)
    {
        if (matcher.isEmpty() && subjectPredicates.isEmpty()) {
            return true;
        }
        Boolean answer = subjectAnswers.get(subject);
        if (answer == null) {
            answer = matcher.map(value -> value.match(subject.value()).isPresent()).orElse(true) &&
                    subjectPredicates.stream().allMatch(predicate -> predicate.test(subject));
            if (subjectAnswers.size() < MAX_KEPT) {
                subjectAnswers.put(subject, answer);
            }
        }
        return answer;
    }
}
