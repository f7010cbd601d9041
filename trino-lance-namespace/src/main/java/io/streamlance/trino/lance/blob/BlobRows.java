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
import io.trino.spi.Page;
import io.trino.spi.block.Bitmap;
import io.trino.spi.block.Block;
import io.trino.spi.block.LongArrayBlock;
import io.trino.spi.block.RowBlock;
import io.trino.spi.predicate.Domain;
import io.trino.spi.type.RowType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static io.trino.spi.type.BigintType.BIGINT;
import static java.util.Objects.requireNonNull;

/// Rows that a scan has read with the descriptors of their blobs.
final class BlobRows
{
    private final BlobScan scan;
    private final Page page;
    private final BlobFiles files;
    private final Block rowIds;
    private final Map<LanceColumnHandle, BlobDescriptors> contents = new HashMap<>();
    private final Map<LanceColumnHandle, BlobDescriptors> filtered = new HashMap<>();
    /// Sizes that only the object store knew, by column and row.
    private final Map<LanceColumnHandle, Map<Integer, Long>> foundSizes = new HashMap<>();

    BlobRows(BlobScan scan, Page page, BlobFiles files)
    {
        this.scan = requireNonNull(scan, "scan is null");
        this.page = requireNonNull(page, "page is null");
        this.files = requireNonNull(files, "files is null");
        rowIds = page.getBlock(scan.rowIdChannel());
        scan.columns().forEach(column -> addContents(column, page.getBlock(scan.channel(column))));
        scan.lengths().keySet().forEach(column -> filtered.put(column, descriptors(column)));
    }

    int count()
    {
        return page.getPositionCount();
    }

    long retainedBytes()
    {
        return page.getRetainedSizeInBytes();
    }

    /// Whether the query needs a row.
    boolean isWanted(int position)
    {
        return scan.rows().test(rowId(position)) && scan.lengths().entrySet().stream()
                .allMatch(entry -> includes(entry.getValue(), entry.getKey(), position));
    }

    /// Bytes of all blobs in a row whose content the query needs.
    ///
    /// @throws io.trino.spi.TrinoException if one of them must not be read
    long contentBytes(int position)
    {
        long bytes = 0;
        for (Map.Entry<LanceColumnHandle, BlobDescriptors> content : contents.entrySet()) {
            files.source().checkLocation(content.getKey(), rowId(position), content.getValue(), position);
            long size = size(content.getKey(), content.getValue(), position);
            files.source().checkSize(content.getKey(), rowId(position), size);
            bytes += size;
        }
        return bytes;
    }

    /// Reads rows with the blobs that the query needs.
    Page read(int[] positions)
    {
        Block[] blocks = scan.columns().stream()
                .map(column -> read(column, page.getBlock(scan.channel(column)), positions))
                .toArray(Block[]::new);
        return new Page(positions.length, blocks);
    }

    private void addContents(LanceColumnHandle column, Block block)
    {
        if (BlobColumns.isContent(column)) {
            contents.put(column, new BlobDescriptors(column.storage().blobLayout().orElseThrow(), block));
        }
        else if (isStructWithBlobs(column)) {
            List<LanceColumnHandle> fields = fields(column);
            List<Block> blocks = RowBlock.getRowFieldsFromBlock(block);
            for (int i = 0; i < blocks.size(); i++) {
                addContents(fields.get(i), blocks.get(i));
            }
        }
    }

    private Block read(LanceColumnHandle column, Block block, int[] positions)
    {
        if (BlobColumns.isContent(column)) {
            return readContent(column, positions);
        }
        if (BlobColumns.isLength(column)) {
            return readLengths(column, positions);
        }
        if (!isStructWithBlobs(column)) {
            return block.copyPositions(positions, 0, positions.length);
        }
        List<LanceColumnHandle> fields = fields(column);
        List<Block> blocks = RowBlock.getRowFieldsFromBlock(block);
        Block[] read = new Block[blocks.size()];
        for (int i = 0; i < read.length; i++) {
            read[i] = read(fields.get(i), blocks.get(i), positions);
        }
        long[] validity = Bitmap.allocateWords(positions.length, true);
        for (int i = 0; i < positions.length; i++) {
            if (block.isNull(positions[i])) {
                Bitmap.clear(validity, 0, i);
            }
        }
        return RowBlock.fromNotNullSuppressedFieldBlocks(positions.length, Optional.of(validity), read);
    }

    private Block readContent(LanceColumnHandle column, int[] positions)
    {
        BlobDescriptors descriptors = contents.get(column);
        long[] validity = Bitmap.allocateWords(positions.length, true);
        long[] sizes = new long[positions.length];
        ImmutableList.Builder<Long> wanted = ImmutableList.builder();
        for (int i = 0; i < positions.length; i++) {
            if (descriptors.isNull(positions[i])) {
                Bitmap.clear(validity, 0, i);
            }
            sizes[i] = size(column, descriptors, positions[i]);
            if (sizes[i] > 0) {
                wanted.add(rowId(positions[i]));
            }
        }
        return files.read(column, wanted.build(), sizes, validity);
    }

    private Block readLengths(LanceColumnHandle column, int[] positions)
    {
        BlobDescriptors descriptors = descriptors(column);
        long[] validity = Bitmap.allocateWords(positions.length, true);
        long[] lengths = new long[positions.length];
        for (int i = 0; i < positions.length; i++) {
            if (descriptors.isNull(positions[i])) {
                Bitmap.clear(validity, 0, i);
            }
            lengths[i] = size(column, descriptors, positions[i]);
        }
        return new LongArrayBlock(positions.length, Optional.of(validity), lengths);
    }

    private boolean includes(Domain lengths, LanceColumnHandle column, int position)
    {
        BlobDescriptors descriptors = filtered.get(column);
        if (descriptors.isNull(position)) {
            return lengths.isNullAllowed();
        }
        if (lengths.getValues().isAll() || lengths.getValues().isNone()) {
            return lengths.getValues().isAll();
        }
        return lengths.includesNullableValue(size(column, descriptors, position));
    }

    private long size(LanceColumnHandle column, BlobDescriptors descriptors, int position)
    {
        long size = descriptors.size(position);
        if (size != BlobDescriptors.UNKNOWN_SIZE) {
            return size;
        }
        files.source().checkLocation(column, rowId(position), descriptors, position);
        return foundSizes.computeIfAbsent(column, _ -> new HashMap<>())
                .computeIfAbsent(position, _ -> files.size(column, rowId(position)));
    }

    private BlobDescriptors descriptors(LanceColumnHandle length)
    {
        return new BlobDescriptors(length.storage().blobLayout().orElseThrow(), page.getBlock(scan.channel(length)));
    }

    private long rowId(int position)
    {
        return BIGINT.getLong(rowIds, position);
    }

    private static boolean isStructWithBlobs(LanceColumnHandle column)
    {
        return column.storage().blobLayout().isEmpty() && column.storage().hasBlobs();
    }

    private static List<LanceColumnHandle> fields(LanceColumnHandle column)
    {
        ImmutableList.Builder<LanceColumnHandle> fields = ImmutableList.builder();
        List<RowType.Field> types = ((RowType) column.type()).getFields();
        for (int i = 0; i < types.size(); i++) {
            fields.add(column.field(i, types.get(i).getType()).orElseThrow());
        }
        return fields.build();
    }
}
