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
package io.streamlance.trino.nats.random;

import jakarta.annotation.Nullable;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A predicate as SQL, and what it says of a message by the rules of SQL: null when it is not known.
record RandomPredicate(String sql, Function<RandomMessage, Boolean> test)
{
    private static final List<String> KINDS = List.of("a", "b", "c", "no");
    private static final List<String> KEYS = List.of("k0", "k1", "k2", "k3", "k4", "none");
    private static final List<String> PATTERNS = List.of("r.a.%", "r.b.k%", "r.%.k2", "%k1", "r._.k3", "r.a.k1", "x%", "r.c.%4", "r.%");

    static RandomPredicate create(Random random, List<RandomMessage> messages, int depth)
    {
        if (depth == 0 || random.nextInt(3) == 0) {
            return atom(random, messages);
        }
        RandomPredicate left = create(random, messages, depth - 1);
        if (random.nextInt(6) == 0) {
            return new RandomPredicate("NOT (%s)".formatted(left.sql), message -> not(left.test.apply(message)));
        }
        RandomPredicate right = create(random, messages, depth - 1);
        if (random.nextInt(3) == 0) {
            return new RandomPredicate("(%s OR %s)".formatted(left.sql, right.sql), message -> or(left.test.apply(message), right.test.apply(message)));
        }
        return new RandomPredicate("(%s AND %s)".formatted(left.sql, right.sql), message -> not(or(not(left.test.apply(message)), not(right.test.apply(message)))));
    }

    @Nullable
    private static Boolean not(@Nullable Boolean value)
    {
        return value == null ? null : !value;
    }

    @Nullable
    private static Boolean or(@Nullable Boolean left, @Nullable Boolean right)
    {
        if (Boolean.TRUE.equals(left) || Boolean.TRUE.equals(right)) {
            return true;
        }
        return left == null || right == null ? null : false;
    }

    private static RandomPredicate atom(Random random, List<RandomMessage> messages)
    {
        RandomMessage some = messages.get(random.nextInt(messages.size()));
        RandomMessage other = messages.get(random.nextInt(messages.size()));
        return switch (random.nextInt(14)) {
            case 0 -> equal("_subject", some.subject(), RandomMessage::subject);
            case 1 -> in("_subject", List.of(some.subject(), other.subject(), "r.a.none"), RandomMessage::subject);
            case 2 -> like(PATTERNS.get(random.nextInt(PATTERNS.size())));
            case 3 -> equal("kind", KINDS.get(random.nextInt(KINDS.size())), RandomMessage::kind);
            case 4 -> in("key", List.of(KEYS.get(random.nextInt(KEYS.size())), KEYS.get(random.nextInt(KEYS.size()))), RandomMessage::key);
            case 5 -> new RandomPredicate("kind <> '%s'".formatted(some.kind()), message -> !message.kind().equals(some.kind()));
            case 6 -> new RandomPredicate(
                    "_subject BETWEEN '%s' AND '%s'".formatted(some.subject(), other.subject()),
                    message -> message.subject().compareTo(some.subject()) >= 0 && message.subject().compareTo(other.subject()) <= 0);
            case 7, 8 -> compare(random, "_sequence", String.valueOf(some.sequence()), message -> Long.compare(message.sequence(), some.sequence()));
            case 9 -> new RandomPredicate(
                    "_sequence IN (%s, %s)".formatted(some.sequence(), other.sequence()),
                    message -> message.sequence() == some.sequence() || message.sequence() == other.sequence());
            case 10, 11 -> compare(random, "_timestamp", "TIMESTAMP '%s'".formatted(some.timeText()), message -> message.time().compareTo(some.time()));
            case 12 -> new RandomPredicate("value > %s".formatted(some.id() % 50), message -> message.value() == null ? null : message.value() > some.id() % 50);
            default -> new RandomPredicate("value IS NULL", message -> message.value() == null);
        };
    }

    private static RandomPredicate equal(String column, String value, Function<RandomMessage, String> field)
    {
        return new RandomPredicate("%s = '%s'".formatted(column, value), message -> field.apply(message).equals(value));
    }

    private static RandomPredicate in(String column, List<String> values, Function<RandomMessage, String> field)
    {
        String list = values.stream().map("'%s'"::formatted).collect(Collectors.joining(", "));
        return new RandomPredicate("%s IN (%s)".formatted(column, list), message -> values.contains(field.apply(message)));
    }

    private static RandomPredicate like(String pattern)
    {
        String regex = pattern.chars()
                .mapToObj(character -> switch (character) {
                    case '%' -> ".*";
                    case '_' -> ".";
                    default -> Pattern.quote(Character.toString(character));
                })
                .collect(Collectors.joining());
        return new RandomPredicate("_subject LIKE '%s'".formatted(pattern), message -> message.subject().matches(regex));
    }

    private static RandomPredicate compare(Random random, String column, String literal, Function<RandomMessage, Integer> comparison)
    {
        String operator = Stream.of("=", "<", "<=", ">", ">=", "<>").toList().get(random.nextInt(6));
        return new RandomPredicate("%s %s %s".formatted(column, operator, literal), message -> {
            int result = comparison.apply(message);
            return switch (operator) {
                case "=" -> result == 0;
                case "<" -> result < 0;
                case "<=" -> result <= 0;
                case ">" -> result > 0;
                case ">=" -> result >= 0;
                default -> result != 0;
            };
        });
    }
}
