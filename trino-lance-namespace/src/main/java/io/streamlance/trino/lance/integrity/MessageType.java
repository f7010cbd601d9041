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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import static java.util.Objects.requireNonNull;

/// The fields of a protobuf message of Lance, as far as Lance 7.0.0 and its writers up to version 14 know them.
///
/// This stands in for classes generated from Lance's schemas. Generated classes would accept what these must not: a field
/// that is there twice, where one reader takes the first and another the last.
final class MessageType
{
    enum Kind
    {
        BOOL,
        /// Also enumerations.
        UINT32,
        INT32,
        UINT64,
        STRING,
        BYTES,
        MESSAGE,
    }

    /// @param order place of the field in a message; members of a oneof share one
    /// @param optional whether zero and the empty value are written
    record Field(String name, Kind kind, int order, boolean repeated, boolean optional, boolean oneOf, Supplier<MessageType> message)
    {
        Field
        {
            requireNonNull(name, "name is null");
            requireNonNull(kind, "kind is null");
            requireNonNull(message, "message is null");
        }
    }

    private final String name;
    private final List<Field> fields = new ArrayList<>();

    MessageType(String name)
    {
        this.name = requireNonNull(name, "name is null");
    }

    MessageType scalar(int number, String fieldName, Kind kind)
    {
        return add(number, new Field(fieldName, kind, number, false, false, false, () -> null));
    }

    /// A scalar of which it is known whether it is there.
    MessageType optional(int number, String fieldName, Kind kind)
    {
        return add(number, new Field(fieldName, kind, number, false, true, false, () -> null));
    }

    MessageType repeated(int number, String fieldName, Kind kind)
    {
        return add(number, new Field(fieldName, kind, number, true, true, false, () -> null));
    }

    MessageType message(int number, String fieldName, MessageType type)
    {
        return add(number, new Field(fieldName, Kind.MESSAGE, number, false, true, false, () -> type));
    }

    MessageType messages(int number, String fieldName, MessageType type)
    {
        return add(number, new Field(fieldName, Kind.MESSAGE, number, true, true, false, () -> type));
    }

    /// A message that can contain itself.
    MessageType nested(int number, String fieldName, boolean repeated, Supplier<MessageType> type)
    {
        return add(number, new Field(fieldName, Kind.MESSAGE, number, repeated, true, false, type));
    }

    /// @param first smallest number of the fields of which only one may be there
    MessageType oneOf(int first, int number, String fieldName, Supplier<MessageType> type)
    {
        return add(number, new Field(fieldName, Kind.MESSAGE, first, false, true, true, type));
    }

    /// @param first smallest number of the fields of which only one may be there
    MessageType oneOfScalar(int first, int number, String fieldName, Kind kind)
    {
        return add(number, new Field(fieldName, kind, first, false, true, true, () -> null));
    }

    /// @return null if there is no such field
    Field field(long number)
    {
        return number < fields.size() ? fields.get((int) number) : null;
    }

    int size()
    {
        return fields.size();
    }

    @Override
    public String toString()
    {
        return name;
    }

    private MessageType add(int number, Field field)
    {
        while (fields.size() <= number) {
            fields.add(null);
        }
        fields.set(number, field);
        return this;
    }
}
