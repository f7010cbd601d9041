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
package io.streamlance.trino.lance.integrity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import static io.streamlance.trino.lance.integrity.EncodingMessages.COLUMN;
import static io.streamlance.trino.lance.integrity.EncodingMessages.COLUMN_ENCODING;
import static io.streamlance.trino.lance.integrity.EncodingMessages.COLUMN_OFFSETS;
import static io.streamlance.trino.lance.integrity.EncodingMessages.COLUMN_PAGES;
import static io.streamlance.trino.lance.integrity.EncodingMessages.COLUMN_SIZES;
import static io.streamlance.trino.lance.integrity.EncodingMessages.PAGE_LENGTH;
import static io.streamlance.trino.lance.integrity.EncodingMessages.PAGE_OFFSETS;
import static io.streamlance.trino.lance.integrity.EncodingMessages.PAGE_PRIORITY;
import static io.streamlance.trino.lance.integrity.EncodingMessages.PAGE_SIZES;
import static io.streamlance.trino.lance.integrity.ManifestMessages.DESCRIPTOR_ROWS;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FILE_DESCRIPTOR;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.file.StandardOpenOption.READ;

/// The end of a Lance file of format 2.0 or later: global buffers, of which the first is the schema, the metadata of columns,
/// two tables that give their positions, and a footer. Lance ends the process at some values that cannot be; they are looked
/// for here.
final class LanceFileTail
{
    private static final int FOOTER_SIZE = 40;
    private static final int TABLE_ENTRY = 2 * Long.BYTES;
    private static final int MAGIC = 'L' | 'A' << 8 | 'N' << 16 | 'C' << 24;
    // what is usually enough, in one read
    private static final int READ_BYTES = 1 << 16;

    private final FileChannel channel;
    private final long size;
    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private long start;

    private long columnMetadata;
    private long columnTable;
    private long globalTable;
    private int globals;
    private int columns;
    private int version;
    private int columnsWithoutItems;

    private LanceFileTail(FileChannel channel, long size)
    {
        this.channel = channel;
        this.size = size;
        this.start = size;
    }

    /// @param expectedSize empty if not known
    /// @return schema and number of rows; empty of a file of the first format, which is not looked at
    /// @throws DamageException if Lance did not write such a file
    static Optional<ProtobufMessage> check(Path file, OptionalLong expectedSize)
            throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, READ)) {
            return new LanceFileTail(channel, channel.size()).check(expectedSize);
        }
    }

    private Optional<ProtobufMessage> check(OptionalLong expectedSize)
            throws IOException
    {
        ByteBuffer footer = size < FOOTER_SIZE ? null : read(size - FOOTER_SIZE, FOOTER_SIZE, size);
        boolean isLanceFile = footer != null && footer.getInt(FOOTER_SIZE - Integer.BYTES) == MAGIC;
        version = isLanceFile ? footer.getShort(32) * 10 + footer.getShort(34) : 0;
        // Lance writes other sizes than the files have into manifests of the first format
        if (isLanceFile && version < 3) {
            return Optional.empty();
        }
        if (expectedSize.isPresent() && expectedSize.getAsLong() != size) {
            throw new DamageException("has %s bytes instead of %s".formatted(size, expectedSize.getAsLong()));
        }
        if (!isLanceFile) {
            throw new DamageException("does not end as a Lance file does");
        }
        columnMetadata = footer.getLong(0);
        columnTable = footer.getLong(8);
        globalTable = footer.getLong(16);
        globals = footer.getInt(24);
        columns = footer.getInt(28);
        if (version != 3 && (version < 20 || version > 22) ||
                globals < 1 || columns < 0 || columnMetadata < 0 || columnMetadata > columnTable ||
                columnTable < 0 || columnTable + (long) TABLE_ENTRY * columns != globalTable ||
                globalTable + (long) TABLE_ENTRY * globals != size - FOOTER_SIZE) {
            throw new DamageException("has a damaged footer");
        }
        ProtobufMessage descriptor = readGlobals();
        for (int column = 0; column < columns; column++) {
            checkColumn(column, descriptor.number(DESCRIPTOR_ROWS));
        }
        return Optional.of(descriptor);
    }

    private ProtobufMessage readGlobals()
            throws IOException
    {
        ProtobufMessage descriptor = null;
        for (int i = 0; i < globals; i++) {
            ByteBuffer entry = read(globalTable + (long) TABLE_ENTRY * i, TABLE_ENTRY, size);
            long position = entry.getLong(0);
            long length = entry.getLong(Long.BYTES);
            checkInside("a global buffer", position, length, columnTable);
            if (i == 0) {
                descriptor = ProtobufMessage.read(FILE_DESCRIPTOR, read(position, length, columnTable));
                SchemaCheck.checkParents(descriptor);
                columnsWithoutItems = SchemaCheck.fieldsBeforeLists(descriptor);
            }
        }
        return descriptor;
    }

    private void checkColumn(int number, long rows)
            throws IOException
    {
        ByteBuffer entry = read(columnTable + (long) TABLE_ENTRY * number, TABLE_ENTRY, size);
        ProtobufMessage column = ProtobufMessage.read(COLUMN, read(entry.getLong(0), entry.getLong(Long.BYTES), columnTable));
        checkBuffers(column.numbers(COLUMN_OFFSETS), column.numbers(COLUMN_SIZES));
        EncodingCheck.checkColumn(column.message(COLUMN_ENCODING));
        long pageRows = 0;
        for (ProtobufMessage page : column.messages(COLUMN_PAGES)) {
            long length = page.number(PAGE_LENGTH);
            checkBuffers(page.numbers(PAGE_OFFSETS), page.numbers(PAGE_SIZES));
            if (length < 0 || length > Integer.MAX_VALUE || structural() && page.number(PAGE_PRIORITY) != pageRows) {
                throw new DamageException("has a page of %s rows at row %s, where row %s begins".formatted(length, page.number(PAGE_PRIORITY), pageRows));
            }
            pageRows += length;
            EncodingCheck.checkPage(page, structural());
        }
        // before format 2.1 the items of lists had columns of their own
        if ((structural() || number < columnsWithoutItems) && !column.messages(COLUMN_PAGES).isEmpty() && pageRows != rows) {
            throw new DamageException("has %s rows in column %s, %s rows in all".formatted(pageRows, number, rows));
        }
    }

    private boolean structural()
    {
        return version > 20;
    }

    private void checkBuffers(List<Long> offsets, List<Long> sizes)
    {
        if (offsets.size() != sizes.size()) {
            throw new DamageException("has %s buffers with %s sizes".formatted(offsets.size(), sizes.size()));
        }
        for (int i = 0; i < offsets.size(); i++) {
            checkInside("a buffer", offsets.get(i), sizes.get(i), columnTable);
        }
    }

    private static void checkInside(String what, long position, long length, long end)
    {
        if (position < 0 || length < 0 || position > end || length > end - position) {
            throw new DamageException("has %s at %s of %s bytes".formatted(what, Long.toUnsignedString(position), Long.toUnsignedString(length)));
        }
    }

    private ByteBuffer read(long position, long length, long end)
            throws IOException
    {
        checkInside("metadata", position, length, end);
        if (length > Integer.MAX_VALUE - READ_BYTES) {
            throw new DamageException("has metadata of %s bytes".formatted(length));
        }
        if (position < start || position + length > start + bytes.limit()) {
            // to the end of the file, if that is near
            long readStart = Math.min(position, Math.max(0, size - READ_BYTES));
            long readLength = size - readStart <= READ_BYTES ? size - readStart : Math.max(length, Math.min(READ_BYTES, size - position));
            if (readLength != size - readStart) {
                readStart = position;
            }
            bytes = ByteBuffer.allocate((int) readLength);
            start = readStart;
            while (bytes.hasRemaining() && channel.read(bytes, start + bytes.position()) > 0) {
                // the next part
            }
            if (bytes.hasRemaining()) {
                throw new DamageException("ended while it was read");
            }
            bytes.flip();
        }
        return bytes.slice((int) (position - start), (int) length).order(LITTLE_ENDIAN);
    }
}
