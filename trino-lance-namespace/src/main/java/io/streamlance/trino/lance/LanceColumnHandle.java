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

import io.streamlance.trino.lance.blob.BlobColumns;
import io.streamlance.trino.lance.filter.FieldPath;
import io.streamlance.trino.lance.filter.StorageType;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.type.Type;

import java.util.Optional;

import static java.util.Locale.ENGLISH;
import static java.util.Objects.requireNonNull;

/**
 * A column of a dataset, or a field nested in structs that is read without the rest of its column.
 *
 * @param path names in the dataset, in their own case
 * @param storage how Lance stores the values, which decides the filters that can be pushed
 */
public record LanceColumnHandle(FieldPath path, Type type, StorageType storage)
        implements ColumnHandle
{
    public LanceColumnHandle
    {
        requireNonNull(path, "path is null");
        requireNonNull(type, "type is null");
        requireNonNull(storage, "storage is null");
    }

    public LanceColumnHandle(String name, Type type, StorageType storage)
    {
        this(FieldPath.column(name), type, storage);
    }

    /// Name of the column, also that of a nested field.
    public String name()
    {
        return path.column();
    }

    public String trinoName()
    {
        return path.toString().toLowerCase(ENGLISH);
    }

    /// As a scan is asked for it, which is also its name in what the scan returns. The name of a column is taken as it is,
    /// those of nested fields have to be quoted.
    public String scanName()
    {
        return path.isColumn() ? name() : path.toSql();
    }

    /// @param index of a field of this column's row type
    /// @return empty if the field has no name that Lance understands
    public Optional<LanceColumnHandle> field(int index, Type fieldType)
    {
        // what is stored otherwise than as a struct has no fields
        if (index >= storage.fields().size()) {
            return Optional.empty();
        }
        StorageType.Field field = storage.fields().get(index);
        return field.name().map(name -> new LanceColumnHandle(path.child(name), fieldType, field.type()));
    }

    @Override
    public String toString()
    {
        return BlobColumns.name(this) + ":" + type;
    }
}
