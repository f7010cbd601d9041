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
package io.streamlance.trino.lance.index;

import java.util.Optional;

import static java.util.Objects.requireNonNull;

/// An index on a column or on a field of one.
///
/// @param type as Lance spells it in descriptions of indexes, such as `BTree`
/// @param defect why Lance must not use it; empty if it answers filters exactly
public record ColumnIndex(String name, String type, Optional<String> defect)
{
    public ColumnIndex
    {
        requireNonNull(name, "name is null");
        requireNonNull(type, "type is null");
        requireNonNull(defect, "defect is null");
    }
}
