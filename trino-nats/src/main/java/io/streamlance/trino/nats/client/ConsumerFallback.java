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

import java.util.function.Function;

import static java.util.Objects.requireNonNull;

/// How a stream is read that has no consumer for the reader.
///
/// @param duringElections whether this also works while a consumer is neither made nor refused
/// @param reader reads what is left of a range
record ConsumerFallback(ConsumerOutages outages, boolean duringElections, Function<SubjectRange, RangeReader> reader)
{
    ConsumerFallback
    {
        requireNonNull(outages, "outages is null");
        requireNonNull(reader, "reader is null");
    }
}
