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
import com.google.common.io.Closer;
import io.airlift.slice.Slices;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.trino.spi.block.Bitmap;
import io.trino.spi.block.Block;
import io.trino.spi.block.VariableWidthBlock;
import org.lance.BlobFile;
import org.lance.Dataset;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

import static com.google.common.base.Throwables.throwIfInstanceOf;
import static java.lang.Math.min;
import static java.lang.Math.toIntExact;
import static java.util.Objects.requireNonNull;

/// Reads the content of blobs, which Lance finds by the ids of their rows.
final class BlobFiles
{
    // Lance cannot be interrupted in the middle of one read
    private static final int READ_BYTES = 8 << 20;

    private final Dataset dataset;
    private final BlobSource source;
    private final BooleanSupplier cancelled;

    private long blobs;
    private long bytes;

    BlobFiles(Dataset dataset, BlobSource source, BooleanSupplier cancelled)
    {
        this.dataset = requireNonNull(dataset, "dataset is null");
        this.source = requireNonNull(source, "source is null");
        this.cancelled = requireNonNull(cancelled, "cancelled is null");
    }

    BlobSource source()
    {
        return source;
    }

    /// Number of blobs that were read.
    long blobs()
    {
        return blobs;
    }

    /// Bytes that were read.
    long bytes()
    {
        return bytes;
    }

    /// The size of a blob of which the descriptor does not tell it.
    long size(LanceColumnHandle column, long rowId)
    {
        try (Closer closer = Closer.create()) {
            return take(column, ImmutableList.of(rowId), closer).getFirst().size();
        }
        // the native code throws whatever it has for the error
        catch (IOException | RuntimeException e) {
            throw source.readError(column, "row " + rowId, e);
        }
    }

    /// @param rowIds of the blobs that are not empty
    /// @param sizes of all blobs; 0 of nulls
    /// @param validity of all blobs
    Block read(LanceColumnHandle column, List<Long> rowIds, long[] sizes, long[] validity)
    {
        int[] offsets = new int[sizes.length + 1];
        for (int i = 0; i < sizes.length; i++) {
            offsets[i + 1] = toIntExact(offsets[i] + sizes[i]);
        }
        byte[] content = new byte[offsets[sizes.length]];
        if (!rowIds.isEmpty()) {
            read(column, rowIds, content, sizes, offsets);
        }
        boolean hasNulls = Bitmap.hasUnsetBit(validity, 0, sizes.length);
        return new VariableWidthBlock(sizes.length, Slices.wrappedBuffer(content), offsets, hasNulls ? Optional.of(validity) : Optional.empty());
    }

    private void read(LanceColumnHandle column, List<Long> rowIds, byte[] content, long[] sizes, int[] offsets)
    {
        try (Closer closer = Closer.create()) {
            Iterator<BlobFile> files = take(column, rowIds, closer).iterator();
            for (int i = 0; i < sizes.length; i++) {
                if (sizes[i] > 0) {
                    read(files.next(), content, offsets[i], toIntExact(sizes[i]));
                }
            }
        }
        // the native code throws whatever it has for the error
        catch (IOException | RuntimeException e) {
            throwIfInstanceOf(e, CancellationException.class);
            throw source.readError(column, rowIds.size() == 1 ? "row " + rowIds.getFirst() : "%s rows from %s to %s".formatted(rowIds.size(), rowIds.getFirst(), rowIds.getLast()), e);
        }
    }

    private List<BlobFile> take(LanceColumnHandle column, List<Long> rowIds, Closer closer)
            throws IOException
    {
        List<BlobFile> files = dataset.takeBlobs(rowIds, column.scanName());
        files.forEach(closer::register);
        // Lance leaves out nulls, and some blobs that are empty
        if (files.size() != rowIds.size()) {
            throw new IOException("Lance has found %s of %s blobs".formatted(files.size(), rowIds.size()));
        }
        return files;
    }

    private void read(BlobFile file, byte[] content, int offset, int size)
            throws IOException
    {
        if (file.size() != size) {
            throw new IOException("a blob has %s bytes, but %s in its descriptor".formatted(file.size(), size));
        }
        for (int start = 0; start < size; start += READ_BYTES) {
            if (cancelled.getAsBoolean()) {
                throw new CancellationException("reading blobs was cancelled");
            }
            byte[] part = file.readRange(start, min(READ_BYTES, size - start));
            if (part.length != min(READ_BYTES, size - start)) {
                throw new IOException("a blob ends after %s of %s bytes".formatted(start + part.length, size));
            }
            System.arraycopy(part, 0, content, offset + start, part.length);
        }
        blobs++;
        bytes += size;
    }
}
