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

import com.google.common.base.Splitter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the pattern that a subject matches, among many that do not overlap, token by token.
public final class SubjectMatcher
{
    private static final Splitter TOKENS = Splitter.on('.');

    private final Node root = new Node();

    public SubjectMatcher(List<SubjectPattern> patterns)
    {
        for (SubjectPattern pattern : patterns) {
            Node node = root;
            for (String token : TOKENS.split(pattern.value())) {
                node = node.children.computeIfAbsent(token, _ -> new Node());
            }
            node.pattern = Optional.of(pattern);
        }
    }

    public Optional<SubjectPattern> match(String subject)
    {
        return match(root, TOKENS.splitToList(subject), 0);
    }

    private static Optional<SubjectPattern> match(Node node, List<String> tokens, int position)
    {
        if (position == tokens.size()) {
            return node.pattern;
        }
        Node rest = node.children.get(">");
        if (rest != null) {
            return rest.pattern;
        }
        for (String token : List.of(tokens.get(position), "*")) {
            Node child = node.children.get(token);
            if (child != null) {
                Optional<SubjectPattern> match = match(child, tokens, position + 1);
                if (match.isPresent()) {
                    return match;
                }
            }
        }
        return Optional.empty();
    }

    private static final class Node
    {
        private final Map<String, Node> children = new HashMap<>();
        private Optional<SubjectPattern> pattern = Optional.empty();
    }
}
