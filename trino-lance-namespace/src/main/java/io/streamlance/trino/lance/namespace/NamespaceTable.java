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
package io.streamlance.trino.lance.namespace;

import com.google.common.collect.ImmutableList;

import java.time.Instant;
import java.util.List;

import static java.util.Objects.requireNonNull;

/// A table as its namespace knows it.
///
/// @param path levels from the root, in the case in which they are stored
/// @param location URI of the dataset
/// @param vended storage options for this table alone
/// @param describedAt when the namespace said so
public record NamespaceTable(List<String> path, String location, VendedOptions vended, Instant describedAt)
{
    public NamespaceTable
    {
        path = ImmutableList.copyOf(path);
        requireNonNull(location, "location is null");
        requireNonNull(vended, "vended is null");
        requireNonNull(describedAt, "describedAt is null");
    }
}
