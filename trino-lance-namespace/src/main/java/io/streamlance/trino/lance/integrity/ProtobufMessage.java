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

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.streamlance.trino.lance.integrity.MessageType.Field;
import io.streamlance.trino.lance.integrity.MessageType.Kind;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/// A protobuf message that was read to its end. It is refused unless every reader of protobuf takes it for the same: a field
/// that is not repeated occurs once, with the wire type and the range of its type, and fields are in order, as Lance writes
/// them. Fields that are not known are skipped, as Lance does, and counted.
final class ProtobufMessage
{
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED_32 = 5;

    private static final int MAX_VARINT_BYTES = 10;
    private static final long MAX_TAG = 0xFFFF_FFFFL;
    // Lance's own limit
    private static final int MAX_DEPTH = 100;

    private final MessageType type;
    private final Object[] values;
    private int unknownFields;
    private int unknownFieldsInMessages;

    private ProtobufMessage(MessageType type)
    {
        this.type = type;
        this.values = new Object[type.size()];
    }

    /// @throws DamageException if the bytes are not such a message
    static ProtobufMessage read(MessageType type, ByteBuffer bytes)
    {
        return read(type, bytes, 0);
    }

    private static ProtobufMessage read(MessageType type, ByteBuffer bytes, int depth)
    {
        if (depth > MAX_DEPTH) {
            throw new DamageException("%s is nested too deeply".formatted(type));
        }
        ProtobufMessage message = new ProtobufMessage(type);
        ByteBuffer input = bytes.duplicate();
        long lastOrder = 0;
        while (input.hasRemaining()) {
            long tag = message.readVarint(input);
            long number = tag >>> 3;
            if (tag < 0 || tag > MAX_TAG || number == 0) {
                throw message.damage("has no valid field number");
            }
            Field field = type.field(number);
            long order = field == null ? number : field.order();
            if (order < lastOrder || order == lastOrder && field != null && !field.repeated()) {
                throw message.damage("has field %s twice, or not in its place", field == null ? number : field.name());
            }
            lastOrder = order;
            int wireType = (int) (tag & 7);
            if (field == null) {
                message.skip(input, wireType);
            }
            else {
                message.readField(input, (int) number, field, wireType, depth);
            }
        }
        return message;
    }

    MessageType type()
    {
        return type;
    }

    /// Messages that are not repeated, by their fields.
    Map<Field, Optional<ProtobufMessage>> singleMessages()
    {
        ImmutableMap.Builder<Field, Optional<ProtobufMessage>> messages = ImmutableMap.builder();
        for (int i = 0; i < values.length; i++) {
            Field field = type.field(i);
            if (field != null && field.kind() == Kind.MESSAGE && !field.repeated()) {
                messages.put(field, message(i));
            }
        }
        return messages.buildOrThrow();
    }

    /// Whether no known field is there.
    boolean isEmpty()
    {
        return Arrays.stream(values).allMatch(Objects::isNull);
    }

    int unknownFields()
    {
        return unknownFields;
    }

    boolean has(int number)
    {
        return values[number] != null;
    }

    /// The value of a field that is not there is zero.
    long number(int number)
    {
        return values[number] == null ? 0 : (long) values[number];
    }

    String text(int number)
    {
        return values[number] == null ? "" : (String) values[number];
    }

    Optional<ByteBuffer> bytes(int number)
    {
        return Optional.ofNullable((ByteBuffer) values[number]).map(ByteBuffer::duplicate);
    }

    Optional<ProtobufMessage> message(int number)
    {
        return Optional.ofNullable((ProtobufMessage) values[number]);
    }

    @SuppressWarnings("unchecked")
    List<ProtobufMessage> messages(int number)
    {
        return values[number] == null ? ImmutableList.of() : (List<ProtobufMessage>) values[number];
    }

    @SuppressWarnings("unchecked")
    List<Long> numbers(int number)
    {
        return values[number] == null ? ImmutableList.of() : (List<Long>) values[number];
    }

    /// How many fields of the messages that this contains are not known.
    int unknownFieldsInMessages()
    {
        return unknownFieldsInMessages;
    }

    private void readField(ByteBuffer input, int number, Field field, int wireType, int depth)
    {
        switch (field.kind()) {
            case BOOL, UINT32, INT32, UINT64 -> {
                if (field.repeated() && wireType == LENGTH_DELIMITED) {
                    ByteBuffer packed = readBytes(input);
                    while (packed.hasRemaining()) {
                        add(number, field, readNumber(packed, field));
                    }
                    return;
                }
                checkWireType(field, wireType, VARINT);
                add(number, field, readNumber(input, field));
            }
            case STRING, BYTES, MESSAGE -> {
                checkWireType(field, wireType, LENGTH_DELIMITED);
                ByteBuffer bytes = readBytes(input);
                if (!bytes.hasRemaining() && !field.optional()) {
                    throw damage("has an empty field %s", field.name());
                }
                add(number, field, switch (field.kind()) {
                    case STRING -> text(bytes, field);
                    case MESSAGE -> nested(field, bytes, depth);
                    default -> bytes;
                });
            }
        }
    }

    private ProtobufMessage nested(Field field, ByteBuffer bytes, int depth)
    {
        ProtobufMessage message = read(field.message().get(), bytes, depth + 1);
        unknownFieldsInMessages += message.unknownFields + message.unknownFieldsInMessages;
        return message;
    }

    @SuppressWarnings("unchecked")
    private void add(int number, Field field, Object value)
    {
        if (!field.repeated()) {
            values[number] = value;
            return;
        }
        if (values[number] == null) {
            values[number] = new ArrayList<>();
        }
        ((List<Object>) values[number]).add(value);
    }

    private long readNumber(ByteBuffer input, Field field)
    {
        long value = readVarint(input);
        boolean fits = switch (field.kind()) {
            case BOOL -> value == 0 || value == 1;
            case UINT32 -> value >>> Integer.SIZE == 0;
            case INT32 -> value == (int) value;
            default -> true;
        };
        if (!fits) {
            throw damage("has a field %s that is out of range: %s", field.name(), Long.toUnsignedString(value));
        }
        if (value == 0 && !field.optional()) {
            throw damage("has a field %s that is zero, which is never written", field.name());
        }
        return value;
    }

    private String text(ByteBuffer bytes, Field field)
    {
        byte[] text = new byte[bytes.remaining()];
        bytes.duplicate().get(text);
        for (byte next : text) {
            if (next < 0) {
                try {
                    return UTF_8.newDecoder().decode(bytes).toString();
                }
                catch (CharacterCodingException e) {
                    throw damage("has a field %s that is not text", field.name());
                }
            }
        }
        return new String(text, ISO_8859_1);
    }

    private void skip(ByteBuffer input, int wireType)
    {
        unknownFields++;
        switch (wireType) {
            case VARINT -> readVarint(input);
            case FIXED_64 -> take(input, Long.BYTES);
            case LENGTH_DELIMITED -> readBytes(input);
            case FIXED_32 -> take(input, Integer.BYTES);
            default -> throw damage("has a field of wire type %s", wireType);
        }
    }

    private ByteBuffer readBytes(ByteBuffer input)
    {
        return take(input, readVarint(input));
    }

    private ByteBuffer take(ByteBuffer input, long length)
    {
        if (length < 0 || length > input.remaining()) {
            throw damage("has a field that is longer than the message");
        }
        ByteBuffer bytes = input.slice(input.position(), (int) length);
        input.position(input.position() + (int) length);
        return bytes;
    }

    private long readVarint(ByteBuffer input)
    {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES && input.hasRemaining(); i++) {
            byte next = input.get();
            value |= (long) (next & 0x7F) << (7 * i);
            if (next >= 0) {
                // the last byte has room for one bit
                if (i == MAX_VARINT_BYTES - 1 && next > 1) {
                    break;
                }
                return value;
            }
        }
        throw damage("has a number that does not end");
    }

    private void checkWireType(Field field, int wireType, int expected)
    {
        if (wireType != expected) {
            throw damage("has a field %s of wire type %s", field.name(), wireType);
        }
    }

    private DamageException damage(String format, Object... arguments)
    {
        return new DamageException(type + " " + format.formatted(arguments));
    }
}
