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

import com.google.common.collect.ImmutableList;
import io.airlift.slice.Slice;
import io.trino.spi.predicate.Domain;
import io.trino.spi.predicate.Range;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import static io.airlift.slice.Slices.utf8Slice;

/// What a predicate on subjects wants of the server.
///
/// @param patterns patterns that do not overlap; every subject that passes the predicate matches one of them
/// @param exact true when no other subject matches
public record SubjectPredicate(List<SubjectPattern> patterns, boolean exact)
{
    /// Beyond this many subjects reading everything is faster.
    private static final int MAX_PATTERNS = 1000;

    /// Empty when the server can do nothing for the predicate.
    public static Optional<SubjectPredicate> of(Domain domain)
    {
        if (domain.getValues().isNone()) {
            return Optional.of(new SubjectPredicate(ImmutableList.of(), true));
        }
        if (domain.getValues().isAll() || domain.getValues().getRanges().getRangeCount() > MAX_PATTERNS) {
            return Optional.empty();
        }
        boolean exact = true;
        List<SubjectPattern> patterns = new ArrayList<>();
        for (Range range : domain.getValues().getRanges().getOrderedRanges()) {
            if (range.isSingleValue()) {
                String subject = ((Slice) range.getSingleValue()).toStringUtf8();
                // no message has another subject
                if (SubjectPattern.isLiteral(subject)) {
                    add(patterns, new SubjectPattern(subject));
                }
                continue;
            }
            Optional<SubjectPattern> prefix = commonPrefix(range);
            if (prefix.isEmpty()) {
                return Optional.empty();
            }
            exact = false;
            add(patterns, prefix.orElseThrow());
        }
        return Optional.of(new SubjectPredicate(ImmutableList.copyOf(patterns), exact));
    }

    /// Subjects and prefixes are either one within the other or apart.
    private static void add(List<SubjectPattern> patterns, SubjectPattern pattern)
    {
        if (patterns.stream().noneMatch(other -> other.covers(pattern))) {
            patterns.removeIf(pattern::covers);
            patterns.add(pattern);
        }
    }

    /// The most tokens that all subjects of a range start with. A LIKE that starts with text comes as such a range.
    private static Optional<SubjectPattern> commonPrefix(Range range)
    {
        if (range.isLowUnbounded() || range.isHighUnbounded()) {
            return Optional.empty();
        }
        String low = ((Slice) range.getLowBoundedValue()).toStringUtf8();
        Slice high = (Slice) range.getHighBoundedValue();
        for (int dot = low.lastIndexOf('.'); dot > 0; dot = low.lastIndexOf('.', dot - 1)) {
            // what starts with `a.` is less than `a/`
            int comparison = high.compareTo(utf8Slice(low.substring(0, dot) + "/"));
            if (comparison < 0 || (comparison == 0 && !range.isHighInclusive())) {
                SubjectPattern pattern = new SubjectPattern(low.substring(0, dot) + ".>");
                return pattern.isValid() && SubjectPattern.isLiteral(low.substring(0, dot)) ? Optional.of(pattern) : Optional.empty();
            }
        }
        return Optional.empty();
    }
}
