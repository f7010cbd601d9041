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

import io.streamlance.trino.lance.arrow.BlobLayout;
import io.trino.spi.block.Block;
import io.trino.spi.block.RowBlock;

import java.util.List;

import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.SmallintType.SMALLINT;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.util.Objects.requireNonNull;

/// The descriptors of the blobs of one column in some rows.
final class BlobDescriptors
{
    /// The size of a blob that is a whole file, which only its object store knows.
    static final long UNKNOWN_SIZE = -1;

    // kinds of blobs of the second version that are stored outside of the dataset
    private static final short EXTERNAL = 3;

    private final BlobLayout layout;
    private final Block rows;
    private final Block positions;
    private final Block sizes;
    private final List<Block> fields;

    BlobDescriptors(BlobLayout layout, Block descriptors)
    {
        this.layout = requireNonNull(layout, "layout is null");
        this.rows = requireNonNull(descriptors, "descriptors is null");
        this.fields = RowBlock.getRowFieldsFromBlock(descriptors);
        int first = layout == BlobLayout.V1 ? 0 : 1;
        positions = fields.get(first);
        sizes = fields.get(first + 1);
    }

    boolean isNull(int position)
    {
        if (rows.isNull(position)) {
            return true;
        }
        // format 2.0 has no nulls in structs, and marks a null blob so
        return layout == BlobLayout.V1 && BIGINT.getLong(positions, position) == 1 && BIGINT.getLong(sizes, position) == 0;
    }

    /// Bytes of the blob, or [#UNKNOWN_SIZE]; 0 of a null.
    long size(int position)
    {
        if (isNull(position)) {
            return 0;
        }
        long size = BIGINT.getLong(sizes, position);
        return size == 0 && isExternal(position) ? UNKNOWN_SIZE : size;
    }

    /// Whether the blob is in a file that is not part of the dataset.
    boolean isExternal(int position)
    {
        return layout == BlobLayout.V2 && !rows.isNull(position) && SMALLINT.getShort(fields.getFirst(), position) == EXTERNAL;
    }

    /// Base path of the dataset that the URI of an external blob is relative to; 0 if the URI is absolute.
    long base(int position)
    {
        return BIGINT.getLong(fields.get(3), position);
    }

    String uri(int position)
    {
        return VARCHAR.getSlice(fields.get(4), position).toStringUtf8();
    }
}
