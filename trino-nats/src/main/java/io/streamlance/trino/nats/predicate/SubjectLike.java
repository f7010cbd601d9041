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

import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import static java.util.Objects.requireNonNull;

/// `LIKE` on subjects.
///
/// @param escape the one character that takes the meaning from the wildcards
/// @param negated true for `NOT LIKE`
public record SubjectLike(String pattern, Optional<String> escape, boolean negated)
{
    public SubjectLike
    {
        requireNonNull(pattern, "pattern is null");
        requireNonNull(escape, "escape is null");
    }

    public Predicate<String> toPredicate()
    {
        Pattern regex = Pattern.compile(regex(), Pattern.DOTALL);
        return subject -> regex.matcher(subject).matches() != negated;
    }

    private String regex()
    {
        int escapeCharacter = escape.filter(value -> !value.isEmpty()).map(value -> value.codePointAt(0)).orElse(-1);
        StringBuilder regex = new StringBuilder();
        boolean escaped = false;
        for (int character : pattern.codePoints().toArray()) {
            if (!escaped && character == escapeCharacter) {
                escaped = true;
                continue;
            }
            regex.append(switch (escaped ? 'x' : character) {
                case '%' -> ".*";
                case '_' -> ".";
                default -> Pattern.quote(Character.toString(character));
            });
            escaped = false;
        }
        return regex.toString();
    }
}
