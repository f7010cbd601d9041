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
package io.streamlance.trino.lance.wide;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static java.nio.charset.StandardCharsets.UTF_8;

/// The manifest of a dataset version with some of its columns, as if all others had been dropped: dropping a column in Lance
/// removes it from the schema in the manifest and changes no other part, neither of the manifest nor of the data files.
///
/// To Lance a scanner costs time by the square of the number of columns of its dataset, once for each projected column and
/// for the filter. What is opened with such a manifest has few columns.
final class NarrowManifest
{
    private static final int MANIFEST_FIELDS = 1;
    private static final int FIELD_NAME = 2;
    private static final int FIELD_ID = 3;
    private static final int FIELD_PARENT = 4;
    private static final int NO_PARENT = -1;

    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED_32 = 5;

    private final ByteBuffer manifest;
    private final List<Field> fields = new ArrayList<>();
    private final ByteArrayOutputStream others = new ByteArrayOutputStream();

    private NarrowManifest(ByteBuffer manifest)
    {
        this.manifest = manifest.duplicate();
    }

    /// @param manifest the encoded message
    /// @param names of the columns to keep
    /// @param indexed ids of fields that have an index, the columns of which are kept, too: Lance looks them up
    /// @return the encoded message, in memory that Lance can read
    /// @throws RuntimeException if the message cannot be read
    static ByteBuffer of(ByteBuffer manifest, Set<String> names, Set<Integer> indexed)
    {
        NarrowManifest narrow = new NarrowManifest(manifest);
        narrow.read();
        return narrow.write(names, indexed);
    }

    private void read()
    {
        while (manifest.hasRemaining()) {
            int start = manifest.position();
            int number = skipField(manifest);
            ByteBuffer bytes = manifest.slice(start, manifest.position() - start);
            if (number == MANIFEST_FIELDS) {
                fields.add(readField(bytes));
            }
            else {
                append(others, bytes);
            }
        }
    }

    private ByteBuffer write(Set<String> names, Set<Integer> indexed)
    {
        Map<Integer, Field> byId = new HashMap<>();
        fields.forEach(field -> byId.put(field.id(), field));
        Set<Integer> columns = new HashSet<>();
        for (Field field : fields) {
            Field column = column(field, byId);
            if (names.contains(column.name()) || indexed.contains(field.id())) {
                columns.add(column.id());
            }
        }
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        fields.stream()
                .filter(field -> columns.contains(column(field, byId).id()))
                .forEach(field -> append(kept, field.bytes()));
        ByteBuffer result = ByteBuffer.allocateDirect(kept.size() + others.size());
        return result.put(kept.toByteArray()).put(others.toByteArray()).flip();
    }

    // a field comes after the one that it is in
    private static Field column(Field field, Map<Integer, Field> byId)
    {
        Field column = field;
        for (int depth = 0; column.parent() != NO_PARENT; depth++) {
            Field parent = byId.get(column.parent());
            if (parent == null || depth > byId.size()) {
                throw new IllegalArgumentException("field %s is in no column".formatted(field.id()));
            }
            column = parent;
        }
        return column;
    }

    private static Field readField(ByteBuffer bytes)
    {
        ByteBuffer input = bytes.duplicate();
        readVarint(input);
        readVarint(input);
        String name = "";
        int id = 0;
        int parent = 0;
        while (input.hasRemaining()) {
            ByteBuffer value = input.duplicate();
            int number = skipField(input);
            readVarint(value);
            switch (number) {
                case FIELD_NAME -> {
                    int length = (int) readVarint(value);
                    name = UTF_8.decode(value.slice(value.position(), length)).toString();
                }
                case FIELD_ID -> id = (int) readVarint(value);
                case FIELD_PARENT -> parent = (int) readVarint(value);
                default -> {}
            }
        }
        return new Field(name, id, parent, bytes);
    }

    /// @return the number of the field
    private static int skipField(ByteBuffer input)
    {
        long tag = readVarint(input);
        int length = switch ((int) (tag & 7)) {
            case VARINT -> {
                readVarint(input);
                yield 0;
            }
            case FIXED_64 -> Long.BYTES;
            case FIXED_32 -> Integer.BYTES;
            case LENGTH_DELIMITED -> (int) readVarint(input);
            default -> throw new IllegalArgumentException("Unknown protobuf wire type in tag " + tag);
        };
        input.position(input.position() + length);
        return (int) (tag >>> 3);
    }

    private static long readVarint(ByteBuffer input)
    {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = input.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static void append(ByteArrayOutputStream output, ByteBuffer bytes)
    {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        output.writeBytes(copy);
    }

    /// @param bytes with their tag and length
    private record Field(String name, int id, int parent, ByteBuffer bytes) {}
}
