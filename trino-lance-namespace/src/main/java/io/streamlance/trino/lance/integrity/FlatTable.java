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

import java.nio.ByteBuffer;
import java.util.Optional;

/// A table of a flatbuffer: a distance to its list of fields, which holds the distance to each field.
///
/// Accesses outside of the buffer throw `IndexOutOfBoundsException`.
///
/// @param bytes in little-endian order
record FlatTable(ByteBuffer bytes, int position)
{
    static FlatTable root(ByteBuffer bytes)
    {
        return new FlatTable(bytes, bytes.getInt(0));
    }

    byte byteAt(int field)
    {
        int offset = offset(field);
        return offset == 0 ? 0 : bytes.get(position + offset);
    }

    int intAt(int field)
    {
        int offset = offset(field);
        return offset == 0 ? 0 : bytes.getInt(position + offset);
    }

    long longAt(int field)
    {
        int offset = offset(field);
        return offset == 0 ? 0 : bytes.getLong(position + offset);
    }

    Optional<FlatTable> tableAt(int field)
    {
        return reference(field).map(target -> new FlatTable(bytes, target));
    }

    int lengthAt(int field)
    {
        return reference(field).map(bytes::getInt).orElse(0);
    }

    /// Where the elements of a list begin.
    int elementsAt(int field)
    {
        return reference(field).orElseThrow(IndexOutOfBoundsException::new) + Integer.BYTES;
    }

    FlatTable firstTableAt(int field)
    {
        int element = elementsAt(field);
        return new FlatTable(bytes, element + bytes.getInt(element));
    }

    private Optional<Integer> reference(int field)
    {
        int offset = offset(field);
        return offset == 0 ? Optional.empty() : Optional.of(position + offset + bytes.getInt(position + offset));
    }

    private int offset(int field)
    {
        int fields = position - bytes.getInt(position);
        int entry = 2 * Short.BYTES + field * Short.BYTES;
        return entry >= Short.toUnsignedInt(bytes.getShort(fields)) ? 0 : Short.toUnsignedInt(bytes.getShort(fields + entry));
    }
}
