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
package io.streamlance.trino.nats.summary;

import java.util.Optional;
import java.util.OptionalLong;

import static java.util.Objects.requireNonNull;

/// What the server knows about messages of a stream. What was not asked for is empty, as are the ends of no messages.
///
/// @param subject the subject of all of them, for a summary by subject
public record Summary(Optional<String> subject, OptionalLong count, Optional<End> oldest, Optional<End> newest)
{
    public Summary
    {
        requireNonNull(subject, "subject is null");
        requireNonNull(count, "count is null");
        requireNonNull(oldest, "oldest is null");
        requireNonNull(newest, "newest is null");
    }

    /// @param timestampNanos time of storing, nanoseconds since the epoch
    public record End(long sequence, long timestampNanos) {}
}
