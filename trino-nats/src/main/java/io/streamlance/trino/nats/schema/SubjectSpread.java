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
package io.streamlance.trino.nats.schema;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Comparator.comparingInt;

/// Picks subjects that are as unlike as possible: `audit.x` is picked even if there are 100,000 `orders.*`.
final class SubjectSpread
{
    private static final Splitter TOKENS = Splitter.on('.');

    private SubjectSpread() {}

    /// At most `limit` of the subjects. Every branch of the tree of tokens gets the same share, as far as it has that many.
    static List<String> choose(Collection<String> subjects, int limit)
    {
        List<Subject> parsed = subjects.stream()
                .map(subject -> new Subject(subject, TOKENS.splitToList(subject)))
                .collect(toImmutableList());
        return choose(parsed, 0, limit).stream()
                .map(Subject::name)
                .collect(toImmutableList());
    }

    private static List<Subject> choose(List<Subject> subjects, int depth, int limit)
    {
        if (subjects.size() <= limit) {
            return subjects;
        }
        if (limit == 0) {
            return ImmutableList.of();
        }
        List<List<Subject>> branches = branches(subjects, depth);
        for (int next = depth + 1; branches.size() == 1; next++) {
            branches = branches(subjects, next);
            depth = next;
        }
        List<Subject> chosen = new ArrayList<>(limit);
        if (branches.size() >= limit) {
            for (int i = 0; i < limit; i++) {
                List<Subject> branch = branches.get((int) ((long) i * branches.size() / limit));
                // branches often look alike inside, so not always their first
                chosen.add(branch.get(i % branch.size()));
            }
            return chosen;
        }
        branches.sort(comparingInt(List::size));
        for (int i = 0; i < branches.size(); i++) {
            int share = (limit - chosen.size()) / (branches.size() - i);
            chosen.addAll(choose(branches.get(i), depth + 1, share));
        }
        return chosen;
    }

    private static List<List<Subject>> branches(List<Subject> subjects, int depth)
    {
        Map<String, List<Subject>> branches = new LinkedHashMap<>();
        for (Subject subject : subjects) {
            // no token is empty
            String token = depth < subject.tokens().size() ? subject.tokens().get(depth) : "";
            branches.computeIfAbsent(token, _ -> new ArrayList<>()).add(subject);
        }
        return new ArrayList<>(branches.values());
    }

    private record Subject(String name, List<String> tokens) {}
}
