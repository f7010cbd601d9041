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
package io.streamlance.trino.nats.client;

import io.trino.spi.TrinoException;

import java.time.Duration;

import static io.streamlance.trino.nats.NatsErrorCode.NATS_SCAN_STALLED;
import static java.lang.Math.min;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

/// Since when a reader has received nothing, and how long it pauses before it tries again. Guarded by the reader.
final class StallWatch
{
    private static final long MIN_BACKOFF_MILLIS = 20;
    private static final long MAX_BACKOFF_MILLIS = 1000;
    private static final long MIN_PATIENCE_NANOS = SECONDS.toNanos(1);
    private static final long MAX_PATIENCE_NANOS = SECONDS.toNanos(60);

    /// Whether a message came since the last look at the clock, which costs more than a message.
    private boolean progressed;
    private long lastProgressNanos = System.nanoTime();
    private String problem = "no answer from the server";
    private long backoffMillis = MIN_BACKOFF_MILLIS;
    private long patienceNanos = MIN_PATIENCE_NANOS;

    void progressed()
    {
        progressed = true;
    }

    /// Time without a message.
    long stalledNanos()
    {
        if (progressed) {
            progressed = false;
            backoffMillis = MIN_BACKOFF_MILLIS;
            patienceNanos = MIN_PATIENCE_NANOS;
            lastProgressNanos = System.nanoTime();
        }
        return System.nanoTime() - lastProgressNanos;
    }

    /// How long to wait for an answer: not long at first, since a server that has just died gives none, and longer each
    /// time, since a server that is busy gives one in the end.
    Duration patience(Duration most)
    {
        return Duration.ofNanos(min(patienceNanos, most.toNanos()));
    }

    /// Whether something failed since the last message: if more fails soon, there is a common reason.
    boolean isTroubled()
    {
        return patienceNanos > MIN_PATIENCE_NANOS;
    }

    /// @return time to wait before the next attempt
    long failed(String problem)
    {
        // a message that came before the failure says nothing about the time after it
        stalledNanos();
        this.problem = problem;
        long pause = backoffMillis;
        backoffMillis = min(backoffMillis * 2, MAX_BACKOFF_MILLIS);
        patienceNanos = min(patienceNanos * 2, MAX_PATIENCE_NANOS);
        return pause;
    }

    TrinoException timeout(String stream, RangeProgress progress, ServerErrors serverErrors)
    {
        return new TrinoException(NATS_SCAN_STALLED, "Scan of stream %s made no progress for %s s at %s: %s%s".formatted(
                stream,
                NANOSECONDS.toSeconds(System.nanoTime() - lastProgressNanos),
                progress,
                problem,
                serverErrors.lastSince(lastProgressNanos).map("; the server reported: %s"::formatted).orElse("")));
    }
}
