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
package io.streamlance.trino.lance.blob;

import com.google.common.collect.ImmutableList;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.arrow.BlobLayout;
import io.streamlance.trino.lance.filter.StorageType;
import io.trino.spi.type.RowType;
import io.trino.spi.type.Type;

import java.util.List;
import java.util.Optional;

import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.VarbinaryType.VARBINARY;

/// Columns that hold blobs, as queries and scans see them: a scan returns a descriptor for each blob, a query wants its
/// content or its length.
public final class BlobColumns
{
    private BlobColumns() {}

    /// Whether a column is the content of blobs; not so of a struct that has such a field.
    public static boolean isContent(LanceColumnHandle column)
    {
        return column.storage().blobLayout().isPresent() && column.type().equals(VARBINARY);
    }

    /// Whether a column is the length of the blobs that are stored.
    public static boolean isLength(LanceColumnHandle column)
    {
        return column.storage().blobLayout().isPresent() && column.type().equals(BIGINT);
    }

    /// The length of the blobs of a column, which is null where they are.
    public static LanceColumnHandle length(LanceColumnHandle column)
    {
        return new LanceColumnHandle(column.path(), BIGINT, column.storage());
    }

    /// A name for the column that no other column of a query has.
    public static String name(LanceColumnHandle column)
    {
        return isLength(column) ? "length(%s)".formatted(column.path()) : column.path().toString();
    }

    /// The column as a scan returns it.
    static LanceColumnHandle descriptors(LanceColumnHandle column)
    {
        return new LanceColumnHandle(column.path(), descriptorType(column.type(), column.storage()), column.storage());
    }

    private static Type descriptorType(Type type, StorageType storage)
    {
        Optional<BlobLayout> layout = storage.blobLayout();
        if (layout.isPresent()) {
            return layout.orElseThrow().descriptorType();
        }
        if (!storage.hasBlobs()) {
            return type;
        }
        List<RowType.Field> fields = ((RowType) type).getFields();
        ImmutableList.Builder<RowType.Field> descriptors = ImmutableList.builder();
        for (int i = 0; i < fields.size(); i++) {
            descriptors.add(new RowType.Field(fields.get(i).getName(), descriptorType(fields.get(i).getType(), storage.fields().get(i).type())));
        }
        return RowType.from(descriptors.build());
    }
}
