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

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import static java.util.stream.Collectors.joining;

/// JSON objects of which no two look alike, but of which a field has a few kinds of values mostly.
final class RandomJson
{
    private static final List<String> NAMES = ImmutableList.of("a", "A", "b", "b c", "d.e", "f/g", "", " ", "\\\"", "_subject", "_subject_2", "ä");
    private static final List<String> SCALARS = ImmutableList.of(
            "null",
            "true",
            "false",
            "0",
            "-1",
            "9007199254740992",
            "-9007199254740993",
            "9223372036854775807",
            "-9223372036854775808",
            "9223372036854775808",
            "9".repeat(38),
            "-" + "9".repeat(39),
            "0.5",
            "-1.50",
            "1e3",
            "1E-400",
            "1e400",
            "12345678901234567890.123",
            "\"\"",
            "\"text\"",
            "\"\\u0000\\n\\ud83d\\ude00\"",
            "\"7\"",
            "\"true\"");
    private static final int MAX_DEPTH = 4;

    private final Random random;
    private final List<String> scalars;

    RandomJson(long seed)
    {
        this.random = new Random(seed);
        // a few only, so that not everything ends as text
        List<String> shuffled = new ArrayList<>(SCALARS);
        Collections.shuffle(shuffled, random);
        this.scalars = shuffled.subList(0, 1 + random.nextInt(5));
    }

    String object()
    {
        return object(0);
    }

    private String object(int depth)
    {
        List<String> names = new ArrayList<>(NAMES);
        Collections.shuffle(names, random);
        return names.subList(0, random.nextInt(4)).stream()
                .map(name -> "\"%s\": %s".formatted(name, value(depth + 1)))
                .collect(joining(", ", "{", "}"));
    }

    private String value(int depth)
    {
        return switch (depth >= MAX_DEPTH ? 0 : random.nextInt(6)) {
            case 4 -> IntStream.range(0, random.nextInt(4)).mapToObj(_ -> value(depth + 1)).collect(joining(", ", "[", "]"));
            case 5 -> object(depth);
            default -> scalars.get(random.nextInt(scalars.size()));
        };
    }
}
