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

import static java.lang.Math.max;
import static java.lang.Math.min;
import static java.util.Objects.requireNonNull;

/// Where a reader stands in its range. Guarded by the reader.
final class RangeProgress
{
    private final SubjectRange range;
    private long next;
    private long remaining;
    private boolean countsGaps;
    private long expired;

    RangeProgress(SubjectRange range)
    {
        this.range = requireNonNull(range, "range is null");
        this.next = range.firstSequence();
        this.remaining = range.expectedMessages();
    }

    /// First sequence that has not been dealt with.
    long next()
    {
        return next;
    }

    /// Messages that are still expected; a guess that sizes requests and tells when to ask for the end, never the end itself.
    long remaining()
    {
        return remaining;
    }

    void expect(long messages)
    {
        remaining = messages;
    }

    boolean contains(long sequence)
    {
        return sequence <= range.lastSequence();
    }

    boolean isComplete()
    {
        return next > range.lastSequence();
    }

    /// Every sequence of the range was a message when the query was planned: what is missing has expired.
    void countGaps()
    {
        countsGaps = true;
    }

    void read(long sequence)
    {
        if (countsGaps) {
            expired += sequence - next;
        }
        next = sequence + 1;
        remaining--;
    }

    /// A message that was expected and is not wanted.
    void drop()
    {
        remaining--;
    }

    /// @param first where the server begins, after what has expired
    void skipTo(long first)
    {
        if (first > next) {
            long to = min(first, range.lastSequence() + 1);
            expired += to - next;
            next = to;
        }
    }

    /// Nothing is left up to the very end of the range.
    void finish()
    {
        if (countsGaps) {
            expired += max(0, range.lastSequence() - next + 1);
        }
        next = range.lastSequence() + 1;
    }

    long expired()
    {
        return expired;
    }

    /// What has not been read, at least one sequence.
    SubjectRange rest()
    {
        return new SubjectRange(range.filter(), next, range.lastSequence(), max(0, remaining));
    }

    @Override
    public String toString()
    {
        return "sequence %s of %s".formatted(next, range);
    }
}
