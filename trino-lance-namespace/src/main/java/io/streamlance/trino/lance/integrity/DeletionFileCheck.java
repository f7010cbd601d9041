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
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

import static java.lang.Math.toIntExact;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.US_ASCII;

/// Whether a deletion file has as many rows as the manifest says. An Arrow file holds their numbers, a Roaring bitmap the
/// others; which rows they are, nothing else tells.
final class DeletionFileCheck
{
    private static final byte[] ARROW = "ARROW1".getBytes(US_ASCII);
    private static final int FOOTER_SCHEMA = 1;
    private static final int FOOTER_BATCHES = 3;
    private static final int SCHEMA_FIELDS = 1;
    private static final int FIELD_TYPE = 3;
    private static final int MESSAGE_TYPE = 1;
    private static final int MESSAGE_HEADER = 2;
    private static final byte RECORD_BATCH = 3;
    private static final int BATCH_LENGTH = 0;
    private static final int BATCH_NODES = 1;
    private static final int BATCH_BUFFERS = 2;
    private static final int BATCH_COMPRESSION = 3;

    private static final int WITHOUT_RUNS = 12346;
    private static final int WITH_RUNS = 12347;
    private static final int NO_OFFSETS = 4;
    private static final int CHUNK = 1 << 16;
    private static final int ARRAY_SIZE = 4096;

    private DeletionFileCheck() {}

    /// @param deletedRows zero if not known
    /// @param rows of the fragment, zero if not known
    static void check(Path file, long deletedRows, long rows)
            throws IOException
    {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(LITTLE_ENDIAN);
        long found;
        try {
            found = file.toString().endsWith(".bin") ? countBitmap(bytes, rows) : countArrow(bytes, rows);
        }
        // what these formats refer to may be anywhere
        catch (IndexOutOfBoundsException | IllegalArgumentException | BufferUnderflowException | ArithmeticException | NegativeArraySizeException e) {
            throw new DamageException("is damaged: " + e.getMessage());
        }
        if (deletedRows > 0 && found != deletedRows) {
            throw new DamageException("has %s deleted rows instead of %s".formatted(found, deletedRows));
        }
    }

    private static long countArrow(ByteBuffer bytes, long rows)
    {
        int end = bytes.limit() - ARROW.length;
        if (end < ARROW.length || !startsWithMagic(bytes, 0) || !startsWithMagic(bytes, end)) {
            throw new DamageException("does not begin and end as an Arrow file does");
        }
        int footerLength = bytes.getInt(end - Integer.BYTES);
        FlatTable footer = FlatTable.root(slice(bytes, end - Integer.BYTES - footerLength, footerLength));
        if (footer.lengthAt(FOOTER_BATCHES) != 1 || footer.tableAt(FOOTER_SCHEMA).orElseThrow(IndexOutOfBoundsException::new).lengthAt(SCHEMA_FIELDS) != 1) {
            throw new DamageException("has %s batches".formatted(footer.lengthAt(FOOTER_BATCHES)));
        }
        int block = footer.elementsAt(FOOTER_BATCHES);
        long start = footer.bytes().getLong(block);
        int metadataLength = footer.bytes().getInt(block + Long.BYTES);
        // a marker and the length come first
        FlatTable message = FlatTable.root(slice(bytes, start + 2 * Integer.BYTES, metadataLength - 2 * Integer.BYTES));
        FlatTable batch = message.tableAt(MESSAGE_HEADER).orElseThrow(IndexOutOfBoundsException::new);
        if (message.byteAt(MESSAGE_TYPE) != RECORD_BATCH || batch.lengthAt(BATCH_NODES) != 1 || batch.lengthAt(BATCH_BUFFERS) != 2) {
            throw new DamageException("has a damaged batch");
        }
        long count = batch.longAt(BATCH_LENGTH);
        int node = batch.elementsAt(BATCH_NODES);
        int buffer = batch.elementsAt(BATCH_BUFFERS) + 2 * Long.BYTES;
        if (batch.bytes().getLong(node) != count || batch.bytes().getLong(node + Long.BYTES) != 0) {
            throw new DamageException("has a damaged batch");
        }
        for (int i = 0; i < 2; i++) {
            int position = batch.elementsAt(BATCH_BUFFERS) + i * 2 * Long.BYTES;
            slice(bytes, start + metadataLength + batch.bytes().getLong(position), batch.bytes().getLong(position + Long.BYTES));
        }
        FlatTable type = footer.tableAt(FOOTER_SCHEMA).orElseThrow(IndexOutOfBoundsException::new)
                .firstTableAt(SCHEMA_FIELDS)
                .tableAt(FIELD_TYPE)
                .orElseThrow(IndexOutOfBoundsException::new);
        if (type.intAt(0) != Integer.SIZE) {
            throw new DamageException("has numbers of %s bits".formatted(type.intAt(0)));
        }
        ByteBuffer values = slice(bytes, start + metadataLength + batch.bytes().getLong(buffer), batch.bytes().getLong(buffer + Long.BYTES));
        if (batch.tableAt(BATCH_COMPRESSION).isEmpty()) {
            checkValues(values, 0, count, rows);
        }
        else if (values.getLong(0) == -1) {
            // kept as it was, as it would have grown
            checkValues(values, Long.BYTES, count, rows);
        }
        else if (values.getLong(0) != count * Integer.BYTES) {
            throw new DamageException("has a damaged buffer");
        }
        return count;
    }

    private static ByteBuffer slice(ByteBuffer bytes, long position, long length)
    {
        return bytes.slice(toIntExact(position), toIntExact(length)).order(LITTLE_ENDIAN);
    }

    private static void checkValues(ByteBuffer values, int start, long count, long rows)
    {
        Set<Integer> distinct = new HashSet<>();
        for (int i = 0; i < count; i++) {
            int value = values.getInt(start + i * Integer.BYTES);
            if (rows > 0 && Integer.toUnsignedLong(value) >= rows || !distinct.add(value)) {
                throw new DamageException("has a row %s twice, or outside of the fragment".formatted(Integer.toUnsignedString(value)));
            }
        }
    }

    private static boolean startsWithMagic(ByteBuffer bytes, int position)
    {
        byte[] start = new byte[ARROW.length];
        bytes.get(position, start);
        return Arrays.equals(start, ARROW);
    }

    private static long countBitmap(ByteBuffer bytes, long rows)
    {
        int cookie = bytes.getInt();
        boolean runs = (cookie & 0xFFFF) == WITH_RUNS;
        if (!runs && cookie != WITHOUT_RUNS) {
            throw new DamageException("does not begin as a bitmap does");
        }
        int containers = runs ? (cookie >>> 16) + 1 : bytes.getInt();
        byte[] runFlags = new byte[runs ? (containers + 7) / 8 : 0];
        bytes.get(runFlags);
        int[] keys = new int[containers];
        int[] counts = new int[containers];
        for (int i = 0; i < containers; i++) {
            keys[i] = Short.toUnsignedInt(bytes.getShort());
            counts[i] = Short.toUnsignedInt(bytes.getShort()) + 1;
            if (i > 0 && keys[i] <= keys[i - 1]) {
                throw new DamageException("is not in order");
            }
        }
        if (!runs || containers >= NO_OFFSETS) {
            for (int i = 0; i < containers; i++) {
                bytes.getInt();
            }
        }
        long found = 0;
        for (int i = 0; i < containers; i++) {
            boolean run = runs && (runFlags[i / 8] >> (i % 8) & 1) != 0;
            int last = run ? checkRuns(bytes, counts[i]) : counts[i] > ARRAY_SIZE ? checkBits(bytes, counts[i]) : checkArray(bytes, counts[i]);
            if (rows > 0 && (long) keys[i] * CHUNK + last >= rows) {
                throw new DamageException("has rows outside of the fragment");
            }
            found += counts[i];
        }
        if (bytes.hasRemaining()) {
            throw new DamageException("does not end where its bitmap does");
        }
        return found;
    }

    private static int checkArray(ByteBuffer bytes, int count)
    {
        int last = -1;
        for (int i = 0; i < count; i++) {
            int value = Short.toUnsignedInt(bytes.getShort());
            if (value <= last) {
                throw new DamageException("is not in order");
            }
            last = value;
        }
        return last;
    }

    private static int checkBits(ByteBuffer bytes, int count)
    {
        int found = 0;
        int last = 0;
        for (int i = 0; i < CHUNK / Long.SIZE; i++) {
            long word = bytes.getLong();
            found += Long.bitCount(word);
            if (word != 0) {
                last = i * Long.SIZE + Long.SIZE - 1 - Long.numberOfLeadingZeros(word);
            }
        }
        if (found != count) {
            throw new DamageException("has %s deleted rows instead of %s in a part".formatted(found, count));
        }
        return last;
    }

    private static int checkRuns(ByteBuffer bytes, int count)
    {
        int runs = Short.toUnsignedInt(bytes.getShort());
        int found = 0;
        int last = -1;
        for (int i = 0; i < runs; i++) {
            int start = Short.toUnsignedInt(bytes.getShort());
            int length = Short.toUnsignedInt(bytes.getShort()) + 1;
            if (start <= last || start + length > CHUNK) {
                throw new DamageException("is not in order");
            }
            last = start + length - 1;
            found += length;
        }
        if (found != count) {
            throw new DamageException("has %s deleted rows instead of %s in a part".formatted(found, count));
        }
        return last;
    }
}
