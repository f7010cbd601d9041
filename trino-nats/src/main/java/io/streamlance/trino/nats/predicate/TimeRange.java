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

import com.fasterxml.jackson.annotation.JsonIgnore;

import java.time.Instant;

import static java.lang.Math.addExact;
import static java.lang.Math.max;
import static java.lang.Math.min;
import static java.lang.Math.multiplyExact;

/// Times of storing from `first` to `last`, both inclusive, in nanoseconds since the epoch; empty when `last` is smaller.
public record TimeRange(long first, long last)
{
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    public static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

    public TimeRange intersect(TimeRange other)
    {
        return new TimeRange(max(first, other.first), min(last, other.last));
    }

    @JsonIgnore
    public boolean isEmpty()
    {
        return last < first;
    }

    @JsonIgnore
    public boolean isAll()
    {
        return equals(ALL);
    }

    public static Instant toInstant(long epochNanos)
    {
        return Instant.ofEpochSecond(0, epochNanos);
    }

    /// @throws ArithmeticException for times before 1677 and after 2262
    public static long toEpochNanos(Instant instant)
    {
        return addExact(multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
    }

    @Override
    public String toString()
    {
        return "%s..%s".formatted(first == Long.MIN_VALUE ? "" : toInstant(first), last == Long.MAX_VALUE ? "" : toInstant(last));
    }
}
