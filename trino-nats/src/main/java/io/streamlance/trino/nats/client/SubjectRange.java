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

import java.util.Optional;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

/// The messages of a stream from `firstSequence` to `lastSequence`, both inclusive, that match `filter`.
///
/// @param filter subject, may have wildcards; empty for every message
/// @param expectedMessages about how many messages there are; a reader reads all there are
public record SubjectRange(Optional<String> filter, long firstSequence, long lastSequence, long expectedMessages)
{
    public SubjectRange
    {
        requireNonNull(filter, "filter is null");
        checkArgument(firstSequence >= 1, "firstSequence is not positive: %s", firstSequence);
        checkArgument(lastSequence >= firstSequence, "lastSequence %s is before firstSequence %s", lastSequence, firstSequence);
        checkArgument(expectedMessages >= 0, "expectedMessages is negative: %s", expectedMessages);
    }

    @Override
    public String toString()
    {
        return "%s[%s..%s]".formatted(filter.orElse(">"), firstSequence, lastSequence);
    }
}
