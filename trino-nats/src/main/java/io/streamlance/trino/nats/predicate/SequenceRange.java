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

import static java.lang.Math.max;
import static java.lang.Math.min;

/// Stream sequences from `first` to `last`, both inclusive; empty when `last` is smaller.
public record SequenceRange(long first, long last)
{
    public SequenceRange intersect(SequenceRange other)
    {
        return new SequenceRange(max(first, other.first), min(last, other.last));
    }

    /// The last `count` sequences, or all of them.
    public SequenceRange last(long count)
    {
        return length() <= count ? this : new SequenceRange(last - count + 1, last);
    }

    /// The sequences below those of `other`.
    public SequenceRange before(SequenceRange other)
    {
        return new SequenceRange(first, min(last, other.first - 1));
    }

    public boolean isEmpty()
    {
        return last < first;
    }

    /// Number of sequences, an upper bound of the messages in the range.
    public long length()
    {
        return isEmpty() ? 0 : last - first + 1;
    }

    @Override
    public String toString()
    {
        return isEmpty() ? "empty" : first + ".." + last;
    }
}
