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
package io.streamlance.trino.lance.namespace.rest;

import com.google.common.primitives.Longs;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

/// How long a server that answers 429 or 503 wants to be left alone (RFC 9110, section 10.2.3).
final class RetryAfter
{
    // longer than anybody waits, and short enough to be counted in nanoseconds
    private static final Duration MAX = Duration.ofDays(365);

    private RetryAfter() {}

    /// Empty if the server does not say, or says something else than seconds or a date.
    static Optional<Duration> read(HttpHeaders headers, Instant now)
    {
        return headers.firstValue("Retry-After")
                .map(String::strip)
                .flatMap(value -> parse(value, now))
                .filter(delay -> !delay.isNegative())
                .map(delay -> delay.compareTo(MAX) < 0 ? delay : MAX);
    }

    private static Optional<Duration> parse(String value, Instant now)
    {
        Long seconds = Longs.tryParse(value);
        if (seconds != null) {
            return Optional.of(Duration.ofSeconds(seconds));
        }
        try {
            return Optional.of(Duration.between(now, ZonedDateTime.parse(value, RFC_1123_DATE_TIME)));
        }
        catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
