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

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.streamlance.trino.nats.codec.limit.PayloadLimits;

import java.io.IOException;
import java.io.StringWriter;
import java.util.Optional;

/// A nested value of a payload as text.
final class JsonText
{
    private static final JsonFactory JSON_FACTORY = new JsonFactory();

    private JsonText() {}

    /// The parser stands at the start of an object or array and is left at its end. Bytes become base64, numbers keep their
    /// digits.
    static String of(JsonParser parser)
            throws IOException
    {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JSON_FACTORY.createGenerator(text)) {
            int depth = 0;
            JsonToken token = parser.currentToken();
            while (true) {
                if (token == null) {
                    throw new DecodeException("the payload ends within a value");
                }
                if (token.isStructStart()) {
                    depth++;
                    PayloadLimits.checkDepth(depth);
                }
                else if (token.isStructEnd()) {
                    depth--;
                }
                if (token == JsonToken.VALUE_EMBEDDED_OBJECT) {
                    Optional<byte[]> bytes = EmbeddedValues.bytes(parser);
                    generator.writeBinary(bytes.orElseThrow(() -> new DecodeException("a value within an object or array has no JSON text")));
                }
                else {
                    generator.copyCurrentEventExact(parser);
                }
                if (depth == 0) {
                    break;
                }
                token = parser.nextToken();
            }
        }
        return text.toString();
    }
}
