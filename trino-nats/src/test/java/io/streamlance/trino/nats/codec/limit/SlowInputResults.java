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
package io.streamlance.trino.nats.codec.limit;

import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.schema.DataFormat;

import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// The payloads that took too long, too much memory, or gave a long error.
final class SlowInputResults
{
    private static final int MAX_ERROR_LENGTH = 1000;
    private static final int QUOTED_CHARACTERS = 100;

    private final long limitNanosPerByte;
    private final List<String> failures = new ArrayList<>();
    private long payloads;
    private long slowestNanos;
    private String slowest = "";

    SlowInputResults(long limitNanosPerByte)
    {
        this.limitNanosPerByte = limitNanosPerByte;
    }

    void add(String name, DecodeCost cost, List<NatsColumnHandle> columns, DataFormat format, int bytes)
    {
        String line = "%s, %s, %s%s: %,d bytes, %,d ms, %,d kB allocated; %s".formatted(
                format,
                name,
                start(columns.getFirst().type().getDisplayName()),
                columns.getFirst().dataFormat().map(" as "::concat).orElse(""),
                bytes,
                cost.nanos() / 1_000_000,
                cost.allocated() / 1000,
                start(cost.error()));
        payloads++;
        if (cost.isSlow(bytes, limitNanosPerByte) || cost.error().length() > MAX_ERROR_LENGTH) {
            failures.add(line);
        }
        if (cost.nanos() > slowestNanos) {
            slowestNanos = cost.nanos();
            slowest = line;
        }
    }

    private static String start(String text)
    {
        return text.length() > QUOTED_CHARACTERS ? text.substring(0, QUOTED_CHARACTERS) + "…" : text;
    }

    /// Fails if a payload was slow.
    void report()
    {
        System.out.printf("%,d payloads, at most %,d ns per byte allowed, the slowest: %s%n", payloads, limitNanosPerByte, slowest);
        assertThat(failures).isEmpty();
    }
}
