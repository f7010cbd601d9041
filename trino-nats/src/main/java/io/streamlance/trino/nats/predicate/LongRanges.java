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

import io.trino.spi.predicate.Range;
import io.trino.spi.predicate.ValueSet;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/// Ranges of numbers in ascending order that do not overlap, for a fast look-up.
public final class LongRanges
{
    private final long[] lows;
    private final long[] highs;

    private LongRanges(long[] lows, long[] highs)
    {
        this.lows = lows;
        this.highs = highs;
    }

    /// @param number of a value; too large or too small values become the largest or smallest number
    public static LongRanges of(ValueSet values, ToLongFunction<Object> number)
    {
        List<Range> ranges = values.getRanges().getOrderedRanges();
        long[] lows = new long[ranges.size()];
        long[] highs = new long[ranges.size()];
        int count = 0;
        for (Range range : ranges) {
            long low = range.getLowValue().map(number::applyAsLong).orElse(Long.MIN_VALUE);
            long high = range.getHighValue().map(number::applyAsLong).orElse(Long.MAX_VALUE);
            if (!range.isLowUnbounded() && !range.isLowInclusive()) {
                low = low == Long.MAX_VALUE ? low : low + 1;
            }
            if (!range.isHighUnbounded() && !range.isHighInclusive()) {
                high = high == Long.MIN_VALUE ? high : high - 1;
            }
            if (low <= high) {
                lows[count] = low;
                highs[count] = high;
                count++;
            }
        }
        return new LongRanges(Arrays.copyOf(lows, count), Arrays.copyOf(highs, count));
    }

    public boolean contains(long value)
    {
        int found = Arrays.binarySearch(lows, value);
        return found >= 0 || (found < -1 && value <= highs[-found - 2]);
    }
}
