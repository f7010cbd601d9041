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
package io.streamlance.trino.nats.predicate;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.google.common.collect.ImmutableList;

import java.util.List;

import static java.util.Objects.requireNonNull;

/// Messages of a stream.
///
/// @param subjects patterns that do not overlap; a message matches one of them; none means no message
/// @param sequences what the query may see, narrowed by predicates
/// @param times narrowed by predicates, which the engine checks again
public record MessageRange(List<SubjectPattern> subjects, SequenceRange sequences, TimeRange times)
{
    public MessageRange
    {
        subjects = ImmutableList.copyOf(subjects);
        requireNonNull(sequences, "sequences is null");
        requireNonNull(times, "times is null");
    }

    public MessageRange withSubjects(List<SubjectPattern> subjects)
    {
        return new MessageRange(subjects, sequences, times);
    }

    public MessageRange withSequences(SequenceRange sequences)
    {
        return new MessageRange(subjects, sequences, times);
    }

    public MessageRange withTimes(TimeRange times)
    {
        return new MessageRange(subjects, sequences, times);
    }

    @JsonIgnore
    public boolean isEmpty()
    {
        return subjects.isEmpty() || sequences.isEmpty() || times.isEmpty();
    }

    @JsonIgnore
    public boolean hasAllSubjects()
    {
        return subjects.equals(ImmutableList.of(SubjectPattern.ALL));
    }

    @Override
    public String toString()
    {
        return "subjects=%s sequences=%s%s".formatted(subjects, sequences, times.isAll() ? "" : " times=" + times);
    }
}
