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

import io.streamlance.trino.nats.client.MessageSubject;
import io.streamlance.trino.nats.predicate.SubjectMatcher;
import io.streamlance.trino.nats.predicate.SubjectPattern;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tells wanted subjects from others; a stream has few subjects and many messages, so answers are kept.
final class SubjectFilter
{
    private static final int MAX_KEPT = 100_000;

    private final Optional<SubjectMatcher> matcher;
    private final Map<MessageSubject, Boolean> answers = new IdentityHashMap<>();

    /// @param patterns wanted subjects; empty when every subject is
    SubjectFilter(Optional<List<SubjectPattern>> patterns)
    {
        this.matcher = patterns.map(SubjectMatcher::new);
    }

    boolean accepts(MessageSubject subject)
    {
        if (matcher.isEmpty()) {
            return true;
        }
        Boolean answer = answers.get(subject);
        if (answer == null) {
            answer = matcher.orElseThrow().match(subject.value()).isPresent();
            if (answers.size() < MAX_KEPT) {
                answers.put(subject, answer);
            }
        }
        return answer;
    }
}
