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
package io.streamlance.trino.lance.dataset;

import org.lance.ipc.ScanStats;

import java.util.Optional;

import static java.util.Objects.requireNonNull;

/// What it took to find rows in an index, before a scan.
///
/// @param rows that were found
/// @param nanos time spent waiting for Lance
/// @param stats what Lance read, if it told
public record IndexSearch(long rows, long nanos, Optional<ScanStats> stats)
{
    public IndexSearch
    {
        requireNonNull(stats, "stats is null");
    }
}
