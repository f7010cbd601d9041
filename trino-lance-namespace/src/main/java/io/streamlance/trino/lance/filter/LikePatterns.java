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
package io.streamlance.trino.lance.filter;

import java.util.Optional;

final class LikePatterns
{
    /// Lance makes regular expressions of patterns: one of 1,000 wildcards takes it half a second, one of 10,000 seconds, and
    /// 50,000 are more than it compiles, which fails the query.
    static final int MAX_LENGTH = 200;

    private static final int BACKSLASH = '\\';

    private LikePatterns() {}

    /**
     * Rewrites a LIKE pattern for Lance, where the backslash always is the escape character.
     *
     * @return empty if the pattern is not valid, which is for Trino to say
     */
    static Optional<String> toBackslashEscapes(String pattern, Optional<String> escape)
    {
        if (escape.isPresent() && escape.orElseThrow().codePointCount(0, escape.orElseThrow().length()) != 1) {
            return Optional.empty();
        }
        int escapeCharacter = escape.map(text -> text.codePointAt(0)).orElse(-1);
        StringBuilder builder = new StringBuilder();
        boolean escaped = false;
        for (int character : pattern.codePoints().toArray()) {
            boolean special = character == '%' || character == '_';
            if (escaped) {
                if (!special && character != escapeCharacter) {
                    return Optional.empty();
                }
                appendLiteral(builder, character);
                escaped = false;
            }
            else if (character == escapeCharacter) {
                escaped = true;
            }
            else if (special) {
                builder.appendCodePoint(character);
            }
            else {
                appendLiteral(builder, character);
            }
        }
        return escaped ? Optional.empty() : Optional.of(builder.toString());
    }

    private static void appendLiteral(StringBuilder builder, int character)
    {
        if (character == '%' || character == '_' || character == BACKSLASH) {
            builder.append('\\');
        }
        builder.appendCodePoint(character);
    }
}
