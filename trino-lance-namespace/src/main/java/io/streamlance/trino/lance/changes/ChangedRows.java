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
package io.streamlance.trino.lance.changes;

import java.util.Optional;
import java.util.function.LongUnaryOperator;

import static java.util.Objects.requireNonNull;

/// The rows of one version that differ from another version.
///
/// @param types ordinal of the [ChangeType] of a row id, or [RowIdMap#NO_VALUE]
/// @param some the rows; empty if all in the changed fragments have changed
record ChangedRows(LongUnaryOperator types, Optional<RowIdMap> some)
{
    ChangedRows
    {
        requireNonNull(types, "types is null");
        requireNonNull(some, "some is null");
    }

    static ChangedRows all(ChangeType type)
    {
        return new ChangedRows(_ -> type.ordinal(), Optional.empty());
    }

    /// @param rows version in which a row was last written, of the rows in changed fragments before
    /// @param otherRows the same after
    static ChangedRows before(RowIdMap rows, RowIdMap otherRows)
    {
        return compare(rows, otherRows, ChangeType.DELETE, ChangeType.UPDATE_PREIMAGE);
    }

    static ChangedRows after(RowIdMap rows, RowIdMap otherRows)
    {
        return compare(rows, otherRows, ChangeType.INSERT, ChangeType.UPDATE_POSTIMAGE);
    }

    boolean isEmpty()
    {
        return some.map(rows -> rows.size() == 0).orElse(false);
    }

    long retainedBytes()
    {
        return some.map(RowIdMap::retainedBytes).orElse(0L);
    }

    private static ChangedRows compare(RowIdMap rows, RowIdMap otherRows, ChangeType onlyHere, ChangeType written)
    {
        RowIdMap types = new RowIdMap();
        rows.forEach((id, version) -> {
            long otherVersion = otherRows.get(id);
            if (otherVersion == RowIdMap.NO_VALUE) {
                types.put(id, onlyHere.ordinal());
            }
            else if (otherVersion != version) {
                types.put(id, written.ordinal());
            }
        });
        return new ChangedRows(types::get, Optional.of(types));
    }
}
