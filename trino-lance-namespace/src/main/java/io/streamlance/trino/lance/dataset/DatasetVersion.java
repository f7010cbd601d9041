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

import org.lance.Version;

import java.time.Instant;

import static java.util.Objects.requireNonNull;

/**
 * One immutable version of a dataset.
 *
 * @param createdNanos when the version was committed, in nanoseconds since the epoch: it tells a
 *         version from one with the same number of a dataset dropped and created again at the same location
 */
public record DatasetVersion(String location, long version, long createdNanos)
{
    public DatasetVersion
    {
        requireNonNull(location, "location is null");
    }

    public static DatasetVersion of(String location, Version version)
    {
        Instant created = version.getDataTime().toInstant();
        return new DatasetVersion(location, version.getId(), created.getEpochSecond() * 1_000_000_000 + created.getNano());
    }
}
