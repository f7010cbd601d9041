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
package io.streamlance.trino.lance;

import com.google.common.collect.ImmutableList;

import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

/// A query over a table that `make_random_rows.py` writes.
///
/// @param sql with [#TABLE] in place of the table; its rows are ordered, or a single one
/// @param limit if present, any so many of the rows are right
record RandomQuery(String sql, OptionalInt limit)
{
    private static final String TABLE = "<table>";

    private static final List<String> OUTPUTS = ImmutableList.of(
            "key",
            "i8",
            "i64",
            "u8",
            "u32",
            "u64",
            "f16",
            "f32",
            "f64",
            "flag",
            "dec",
            "dec38",
            "s",
            "ls",
            "to_hex(bin)",
            "to_hex(fbin)",
            "d32",
            "d64",
            "ts_s",
            "ts_ns",
            "tz_ms",
            "tz_us",
            "berlin",
            "time_s",
            "time_ns",
            "dur_ms",
            "dur_ns",
            "l",
            "lst",
            "fl",
            "\"na me\"",
            "\"größe\"",
            "\"q\"\"uo\"",
            "added",
            "st",
            "st.\"in\"",
            "st.x",
            "st.\"Y z\"",
            "st.\"in\".q",
            "st.x + u8",
            "coalesce(st.\"Y z\", s)",
            "element_at(l, 1)");
    // groups of these have one value: zeros with a sign are one group for Trino
    private static final List<String> KEYS = ImmutableList.of("key", "i8", "i32", "i64", "u64", "flag", "dec", "s", "d32", "ts_us", "tz_us", "time_ms", "st.x", "st.\"Y z\"", "added");
    private static final List<String> JOIN_KEYS = ImmutableList.of("key", "i32", "u8", "s", "d32", "ts_us", "st.\"Y z\"", "dec");

    RandomQuery
    {
        requireNonNull(sql, "sql is null");
        requireNonNull(limit, "limit is null");
    }

    static RandomQuery create(Random random)
    {
        String filtered = "FROM %s WHERE %s".formatted(TABLE, RandomPredicate.create(random, random.nextInt(4)));
        String outputs = Stream.generate(() -> pick(random, OUTPUTS)).limit(1 + random.nextInt(4)).collect(joining(", "));
        String key = pick(random, KEYS);
        return switch (random.nextInt(8)) {
            case 0, 1 -> ordered("SELECT id, %s %s ORDER BY id".formatted(outputs, filtered));
            case 2 -> ordered("SELECT count(*) " + filtered);
            case 3 -> new RandomQuery("SELECT id, %s %s".formatted(outputs, filtered), OptionalInt.of(random.nextInt(1, 40)));
            case 4 -> ordered("SELECT %s, id, %s %s ORDER BY 1 %s, id LIMIT %s".formatted(key, outputs, filtered, pick(random, ImmutableList.of("ASC NULLS FIRST", "DESC")), random.nextInt(1, 40)));
            case 5 -> ordered("SELECT %s, count(*), sum(key), to_hex(checksum(%s)) %s GROUP BY 1 ORDER BY 1".formatted(key, pick(random, OUTPUTS), filtered));
            case 6 -> ordered("SELECT count(*), sum(key), min(%s), max(%s), to_hex(checksum(%s)), count(%s) %s".formatted(key, key, pick(random, OUTPUTS), pick(random, OUTPUTS), filtered));
            default -> ordered(join(random, filtered));
        };
    }

    private static RandomQuery ordered(String sql)
    {
        return new RandomQuery(sql, OptionalInt.empty());
    }

    private static String join(Random random, String filtered)
    {
        int first = random.nextInt(480);
        String key = pick(random, JOIN_KEYS);
        return "SELECT a.id, b.id, a.st.x, b.s FROM (SELECT * %s) a JOIN (SELECT * FROM %s WHERE id BETWEEN %s AND %s) b ON a.%s = b.%s ORDER BY 1, 2"
                .formatted(filtered, TABLE, first, first + random.nextInt(40), key, key);
    }

    String on(String table)
    {
        return sql.replace(TABLE, table);
    }

    private static <T> T pick(Random random, List<T> values)
    {
        return values.get(random.nextInt(values.size()));
    }
}
