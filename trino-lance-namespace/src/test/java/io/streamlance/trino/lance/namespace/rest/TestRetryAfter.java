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

import org.junit.jupiter.api.Test;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

final class TestRetryAfter
{
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void testSeconds()
    {
        assertThat(read("0")).hasValue(Duration.ZERO);
        assertThat(read(" 120 ")).hasValue(Duration.ofMinutes(2));
        assertThat(read("9223372036854775807")).hasValue(Duration.ofDays(365));
    }

    @Test
    void testDate()
    {
        assertThat(read("Sat, 21 Nov 2026 12:00:30 GMT")).hasValue(Duration.ofSeconds(30));
        assertThat(read("Sat, 21 Nov 2026 12:00:00 GMT")).hasValue(Duration.ZERO);
        assertThat(read("Fri, 31 Dec 9999 23:59:59 GMT")).hasValue(Duration.ofDays(365));
    }

    @Test
    void testNothingToWaitFor()
    {
        assertThat(RetryAfter.read(HttpHeaders.of(Map.of(), (_, _) -> true), NOW)).isEmpty();
        for (String value : List.of("", "soon", "-5", "1.5", "99999999999999999999", "Sat, 21 Nov 2026 11:59:59 GMT", "2026-11-21T13:00:00Z")) {
            assertThat(read(value)).as(value).isEmpty();
        }
    }

    private static Optional<Duration> read(String value)
    {
        return RetryAfter.read(HttpHeaders.of(Map.of("retry-after", List.of(value)), (_, _) -> true), NOW);
    }
}
