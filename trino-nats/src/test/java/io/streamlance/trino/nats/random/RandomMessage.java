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

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// A message as the test knows it.
record RandomMessage(long sequence, String subject, Instant time, long id, @Nullable Integer value, String text)
{
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.nnnnnnnnn 'UTC'").withZone(ZoneOffset.UTC);

    String kind()
    {
        return subject.split("\\.")[1];
    }

    String key()
    {
        return subject.split("\\.")[2];
    }

    /// The time as SQL writes it.
    String timeText()
    {
        return TIME.format(time);
    }

    String payload()
    {
        return "{\"text\": \"%s\", \"value\": %s, \"id\": %s, \"nested\": {\"deep\": {\"N\": %s}, \"other\": [1]}}".formatted(text, value, id, id);
    }
}
