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
package io.streamlance.trino.lance.integrity;

import com.google.common.collect.ImmutableSet;

import java.util.Optional;
import java.util.Set;

/// Whether the parts of a compression fit each other. Lance takes sizes and parts from it without a look.
final class CompressionCheck
{
    private static final Set<Long> WORD_BITS = ImmutableSet.of(8L, 16L, 32L, 64L);
    private static final Set<Long> OFFSET_BITS = ImmutableSet.of(32L, 64L);
    private static final long LEVEL_BITS = 16;
    private static final long NOT_FIXED = 0;
    private static final int MAX_SCHEME = 2;

    private CompressionCheck() {}

    /// Of repetition and definition levels, which are numbers of 16 bits.
    static void checkLevels(Optional<ProtobufMessage> levels)
    {
        if (levels.map(CompressionCheck::check).orElse(LEVEL_BITS) != LEVEL_BITS) {
            throw new DamageException("has a page with levels of another size than 16 bits");
        }
    }

    /// @return number of bits of a value when it is not compressed, zero if they differ
    static long check(ProtobufMessage compression)
    {
        for (int kind = 1; kind <= 13; kind++) {
            Optional<ProtobufMessage> message = compression.message(kind);
            if (message.isPresent()) {
                return check(kind, message.orElseThrow());
            }
        }
        throw damage();
    }

    private static long check(int kind, ProtobufMessage message)
    {
        return switch (kind) {
            case 1 -> {
                checkScheme(message.message(2));
                long bits = message.number(1);
                yield require(bits, bits == 1 || bits > 0 && bits % 8 == 0 && bits <= Integer.MAX_VALUE);
            }
            case 2 -> {
                checkScheme(message.message(2));
                require(nested(message, 1), OFFSET_BITS);
                yield NOT_FIXED;
            }
            case 3 -> NOT_FIXED;
            case 4 -> {
                long bits = require(message.number(1), WORD_BITS);
                // any number of bits, not only whole bytes
                long packed = message.message(3).flatMap(values -> values.message(1)).orElseThrow(CompressionCheck::damage).number(1);
                yield require(bits, packed > 0 && packed <= bits);
            }
            case 5 -> {
                checkScheme(message.message(2));
                yield require(message.number(1), WORD_BITS);
            }
            case 6 -> {
                nested(message, 2);
                yield NOT_FIXED;
            }
            case 7 -> {
                require(nested(message, 1), WORD_BITS);
                yield nested(message, 2);
            }
            case 8 -> {
                nested(message, 2);
                yield nested(message, 1);
            }
            case 9 -> nested(message, 1);
            case 10 -> {
                if (!message.has(1)) {
                    throw damage();
                }
                checkScheme(message.message(1));
                yield nested(message, 3);
            }
            case 11 -> {
                long items = message.number(1);
                yield require(items, items > 0 && items <= Integer.MAX_VALUE) * nested(message, 2);
            }
            case 12 -> {
                long bits = message.numbers(1).stream().mapToLong(Long::longValue).sum();
                yield require(bits, bits > 0 && bits == nested(message, 2));
            }
            default -> NOT_FIXED;
        };
    }

    private static long nested(ProtobufMessage message, int field)
    {
        return check(message.message(field).orElseThrow(CompressionCheck::damage));
    }

    private static void checkScheme(Optional<ProtobufMessage> compression)
    {
        compression.ifPresent(scheme -> require(scheme.number(1), scheme.number(1) >= 1 && scheme.number(1) <= MAX_SCHEME));
    }

    private static long require(long bits, Set<Long> allowed)
    {
        return require(bits, allowed.contains(bits));
    }

    private static long require(long bits, boolean valid)
    {
        if (!valid) {
            throw damage();
        }
        return bits;
    }

    private static DamageException damage()
    {
        return new DamageException("has a page with a compression that Lance does not know");
    }
}
