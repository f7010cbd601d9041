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

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.google.common.base.Splitter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import static com.google.common.base.Preconditions.checkArgument;
import static java.lang.Math.max;
import static java.util.Objects.requireNonNull;

/// A subject, possibly with the wildcards `*` (one token) and `>` (one or more tokens at the end).
public record SubjectPattern(@JsonValue String value)
{
    public static final SubjectPattern ALL = new SubjectPattern(">");

    private static final Splitter TOKENS = Splitter.on('.');
    /// What the server takes as the end of a subject; other white space may be part of it.
    private static final String SEPARATORS = " \t\n\f\r";

    @JsonCreator
    public SubjectPattern
    {
        requireNonNull(value, "value is null");
    }

    /// True for what a message can be published to.
    public static boolean isLiteral(String subject)
    {
        return TOKENS.splitToStream(subject).allMatch(SubjectPattern::isLiteralToken);
    }

    private static boolean isLiteralToken(String token)
    {
        return !token.isEmpty() && !token.equals("*") && !token.equals(">") && token.chars().noneMatch(character -> SEPARATORS.indexOf(character) >= 0);
    }

    /// True when the pattern is well-formed.
    public boolean isValid()
    {
        List<String> tokens = TOKENS.splitToList(value);
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            boolean wildcard = token.equals("*") || (token.equals(">") && i == tokens.size() - 1);
            if (!wildcard && !isLiteralToken(token)) {
                return false;
            }
        }
        return true;
    }

    /// @throws IllegalArgumentException when the pattern is not well-formed
    public SubjectPattern checkValid()
    {
        checkArgument(isValid(), "subject '%s' is not valid: tokens are separated by single dots, without spaces, and > is the last one", value);
        return this;
    }

    public boolean isLiteral()
    {
        return isLiteral(value);
    }

    public boolean matches(String subject)
    {
        if (value.equals(ALL.value)) {
            return true;
        }
        List<String> tokens = TOKENS.splitToList(value);
        List<String> subjectTokens = TOKENS.splitToList(subject);
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (token.equals(">")) {
                return subjectTokens.size() > i;
            }
            if (i >= subjectTokens.size() || !(token.equals("*") || token.equals(subjectTokens.get(i)))) {
                return false;
            }
        }
        return tokens.size() == subjectTokens.size();
    }

    /// What matches both patterns, which is one pattern or nothing.
    public Optional<SubjectPattern> intersect(SubjectPattern other)
    {
        List<String> left = TOKENS.splitToList(value);
        List<String> right = TOKENS.splitToList(other.value);
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < max(left.size(), right.size()); i++) {
            if (i >= left.size() || i >= right.size()) {
                return Optional.empty();
            }
            String first = left.get(i);
            String second = right.get(i);
            if (first.equals(">")) {
                tokens.addAll(right.subList(i, right.size()));
                return Optional.of(new SubjectPattern(String.join(".", tokens)));
            }
            if (second.equals(">")) {
                tokens.addAll(left.subList(i, left.size()));
                return Optional.of(new SubjectPattern(String.join(".", tokens)));
            }
            if (!first.equals("*") && !second.equals("*") && !first.equals(second)) {
                return Optional.empty();
            }
            tokens.add(first.equals("*") ? second : first);
        }
        return Optional.of(new SubjectPattern(String.join(".", tokens)));
    }

    /// True when every subject that matches `other` matches this one.
    public boolean covers(SubjectPattern other)
    {
        return intersect(other).filter(other::equals).isPresent();
    }

    /// Narrows token `position`, counted from 1, to `token`. Empty when no subject matches both.
    ///
    /// @throws IllegalArgumentException when the pattern does not say that a token at `position` exists, see [#hasToken]
    public Optional<SubjectPattern> withToken(int position, String token)
    {
        if (!hasToken(position)) {
            throw new IllegalArgumentException("Pattern %s has no token %s".formatted(value, position));
        }
        if (token.contains(".") || !isLiteralToken(token)) {
            return Optional.empty();
        }
        String[] tokens = TOKENS.splitToStream(value).toArray(String[]::new);
        if (tokens[position - 1].equals(token)) {
            return Optional.of(this);
        }
        if (!tokens[position - 1].equals("*")) {
            return Optional.empty();
        }
        tokens[position - 1] = token;
        return Optional.of(new SubjectPattern(String.join(".", tokens)));
    }

    /// True when every subject that matches has a token at `position`, counted from 1, which can be narrowed.
    public boolean hasToken(int position)
    {
        List<String> tokens = TOKENS.splitToList(value);
        return position >= 1 && position <= tokens.size() && !tokens.get(position - 1).equals(">");
    }

    @Override
    public String toString()
    {
        return value;
    }
}
