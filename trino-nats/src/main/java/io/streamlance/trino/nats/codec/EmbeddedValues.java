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
package io.streamlance.trino.nats.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import org.msgpack.jackson.dataformat.MessagePackExtensionType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

/// Values that binary formats have and JSON has not.
final class EmbeddedValues
{
    /// The timestamp of the MessagePack specification.
    private static final byte MSGPACK_TIMESTAMP = -1;
    private static final int MSGPACK_SECONDS_BITS = 34;

    private EmbeddedValues() {}

    static Optional<byte[]> bytes(JsonParser parser)
            throws IOException
    {
        return parser.currentToken() == JsonToken.VALUE_EMBEDDED_OBJECT && parser.getEmbeddedObject() instanceof byte[] bytes ? Optional.of(bytes) : Optional.empty();
    }

    static Optional<Instant> timestamp(JsonParser parser)
            throws IOException
    {
        if (parser.currentToken() != JsonToken.VALUE_EMBEDDED_OBJECT ||
                !(parser.getEmbeddedObject() instanceof MessagePackExtensionType extension) ||
                extension.getType() != MSGPACK_TIMESTAMP) {
            return Optional.empty();
        }
        ByteBuffer data = ByteBuffer.wrap(extension.getData());
        return switch (data.remaining()) {
            case 4 -> Optional.of(Instant.ofEpochSecond(Integer.toUnsignedLong(data.getInt())));
            case 8 -> {
                long value = data.getLong();
                yield instant(value & ((1L << MSGPACK_SECONDS_BITS) - 1), value >>> MSGPACK_SECONDS_BITS);
            }
            case 12 -> {
                long nanos = Integer.toUnsignedLong(data.getInt());
                yield instant(data.getLong(), nanos);
            }
            default -> Optional.empty();
        };
    }

    private static Optional<Instant> instant(long seconds, long nanos)
    {
        return nanos < 1_000_000_000 ? Optional.of(Instant.ofEpochSecond(seconds, nanos)) : Optional.empty();
    }
}
