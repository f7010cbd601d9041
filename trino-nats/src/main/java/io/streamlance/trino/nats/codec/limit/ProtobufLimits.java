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
package io.streamlance.trino.nats.codec.limit;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import io.streamlance.trino.nats.codec.DecodeException;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// Bounds the parts of a message. A field with a message that is not repeated may occur several times, and the parser merges the
/// parts: it copies what it has for every further part.
public final class ProtobufLimits
{
    private static final int MAX_PARTS = 20;
    /// The parser refuses messages that are nested deeper.
    private static final int MAX_DEPTH = 100;

    /// Fields with messages, by number.
    private final Map<Integer, MessageField> messageFields = new HashMap<>();

    /// @param index among the message fields
    private record MessageField(FieldDescriptor descriptor, int index, ProtobufLimits message) {}

    private ProtobufLimits() {}

    public static ProtobufLimits of(Descriptor message)
    {
        return of(message, new HashMap<>());
    }

    /// @param known for messages that contain themselves
    private static ProtobufLimits of(Descriptor message, Map<Descriptor, ProtobufLimits> known)
    {
        ProtobufLimits limits = known.get(message);
        if (limits == null) {
            limits = new ProtobufLimits();
            known.put(message, limits);
            for (FieldDescriptor field : message.getFields()) {
                if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                    limits.messageFields.put(field.getNumber(), new MessageField(field, limits.messageFields.size(), of(field.getMessageType(), known)));
                }
            }
        }
        return limits;
    }

    /// @param input stands at the start of the message
    /// @throws IOException also when the bytes are not a message
    public void check(CodedInputStream input)
            throws IOException
    {
        check(input, 0);
    }

    private void check(CodedInputStream input, int depth)
            throws IOException
    {
        if (messageFields.isEmpty()) {
            return;
        }
        int[] parts = new int[messageFields.size()];
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            MessageField field = messageFields.get(WireFormat.getTagFieldNumber(tag));
            if (field != null && !field.descriptor().isRepeated() && ++parts[field.index()] > MAX_PARTS) {
                throw new DecodeException("field '%s' of message %s occurs more than %s times".formatted(field.descriptor().getName(), field.descriptor().getContainingType().getFullName(), MAX_PARTS));
            }
            if (field != null && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED && depth < MAX_DEPTH) {
                int outer = input.pushLimit(input.readRawVarint32());
                field.message().check(input, depth + 1);
                input.skipRawBytes(input.getBytesUntilLimit());
                input.popLimit(outer);
            }
            else if (!input.skipField(tag)) {
                return;
            }
        }
    }
}
