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
package io.streamlance.trino.lance.filter;

import java.util.OptionalDouble;

/**
 * What indexes know about the values of a column, as they are stored.
 *
 * @param min smallest value, or less
 * @param max largest value, or more
 * @param nullsFraction share of rows that are null
 * @param distinctValues number of different values
 */
public record ColumnFacts(OptionalDouble min, OptionalDouble max, OptionalDouble nullsFraction, OptionalDouble distinctValues)
{
    public static final ColumnFacts UNKNOWN = new ColumnFacts(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());

    public boolean hasRange()
    {
        return min.isPresent() && max.isPresent() && min.getAsDouble() <= max.getAsDouble();
    }

    /**
     * Takes from another index of the same column what this one does not know.
     */
    public ColumnFacts orElse(ColumnFacts other)
    {
        ColumnFacts range = hasRange() ? this : other;
        return new ColumnFacts(
                range.min,
                range.max,
                nullsFraction.isPresent() ? nullsFraction : other.nullsFraction,
                distinctValues.isPresent() ? distinctValues : other.distinctValues);
    }
}
