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

import java.util.Arrays;
import java.util.List;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.airlift.slice.SizeOf.sizeOf;

/// A number for each row id, in 24 to 48 bytes per row.
final class RowIdMap
{
    static final long NO_VALUE = -1;

    // the largest id, which Lance keeps for rows that are gone
    private static final long EMPTY = -1;

    private long[] ids = new long[16];
    private long[] values = new long[16];
    private int size;

    RowIdMap()
    {
        Arrays.fill(ids, EMPTY);
    }

    void put(long id, long value)
    {
        checkArgument(id != EMPTY, "not a row id: %s", id);
        checkArgument(value != NO_VALUE, "not a value: %s", value);
        if (3L * size >= 2L * ids.length) {
            grow();
        }
        int slot = slot(id);
        if (ids[slot] == EMPTY) {
            size++;
        }
        ids[slot] = id;
        values[slot] = value;
    }

    /// @return [#NO_VALUE] if there is none
    long get(long id)
    {
        int slot = slot(id);
        return ids[slot] == id && id != EMPTY ? values[slot] : NO_VALUE;
    }

    int size()
    {
        return size;
    }

    List<Long> ids()
    {
        return Arrays.stream(ids)
                .filter(id -> id != EMPTY)
                .boxed()
                .collect(toImmutableList());
    }

    void forEach(Entry action)
    {
        for (int slot = 0; slot < ids.length; slot++) {
            if (ids[slot] != EMPTY) {
                action.accept(ids[slot], values[slot]);
            }
        }
    }

    long retainedBytes()
    {
        return sizeOf(ids) + sizeOf(values);
    }

    private int slot(long id)
    {
        int mask = ids.length - 1;
        // row ids follow one another, so that their bits must be spread
        long hash = id * 0x9E3779B97F4A7C15L;
        int slot = (int) (hash ^ (hash >>> 32)) & mask;
        while (ids[slot] != EMPTY && ids[slot] != id) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow()
    {
        long[] oldIds = ids;
        long[] oldValues = values;
        ids = new long[2 * oldIds.length];
        values = new long[2 * oldIds.length];
        Arrays.fill(ids, EMPTY);
        size = 0;
        for (int i = 0; i < oldIds.length; i++) {
            if (oldIds[i] != EMPTY) {
                put(oldIds[i], oldValues[i]);
            }
        }
    }

    interface Entry
    {
        void accept(long id, long value);
    }
}
