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
package io.streamlance.trino.lance;

import io.streamlance.trino.lance.filter.FieldPath;
import io.streamlance.trino.lance.filter.StorageType;
import org.lance.MetadataColumns;

import java.util.Optional;
import java.util.stream.Stream;

import static io.trino.spi.type.BigintType.BIGINT;
import static java.util.Objects.requireNonNull;

/// Hidden columns: what Lance knows of every row besides its values.
public enum MetadataColumn
{
    ROW_ID(MetadataColumns.ROWID, StorageType.scalar("UInt64"), "Identifies the row within a version; if the dataset has stable row ids, in all versions"),
    // Lance looks an address up as if it were a row id, which finds another row or none if row ids are stable
    ROW_ADDRESS(MetadataColumns.ROWADDR, StorageType.OPAQUE, "Fragment of the row, in the upper 32 bits, and its position in there"),
    /**/;

    private final LanceTable.Column column;

    MetadataColumn(String name, StorageType storage, String comment)
    {
        requireNonNull(name, "name is null");
        column = new LanceTable.Column(new LanceColumnHandle(name, BIGINT, storage), false, Optional.of(comment));
    }

    public LanceTable.Column column()
    {
        return column;
    }

    public LanceColumnHandle handle()
    {
        return column.handle();
    }

    public boolean isIn(FieldPath field)
    {
        return field.equals(FieldPath.column(handle().name()));
    }

    public static boolean isMetadata(FieldPath field)
    {
        return Stream.of(values()).anyMatch(column -> column.isIn(field));
    }
}
