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

import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;

import java.io.IOException;

/// Passes over values that no column wants.
final class AvroSkip
{
    private AvroSkip() {}

    static void skip(Schema schema, AvroInput input)
            throws IOException
    {
        skip(schema, input, 0);
    }

    /// @param depth how many values are around this one; a recursive schema leaves it to the payload
    private static void skip(Schema schema, AvroInput input, int depth)
            throws IOException
    {
        if (depth > AvroInput.MAX_DEPTH) {
            throw new DecodeException("values are nested deeper than " + AvroInput.MAX_DEPTH);
        }
        switch (schema.getType()) {
            case NULL -> {}
            case BOOLEAN -> input.decoder().readBoolean();
            case INT -> input.decoder().readInt();
            case LONG -> input.decoder().readLong();
            case FLOAT -> input.skipFixed(Float.BYTES);
            case DOUBLE -> input.skipFixed(Double.BYTES);
            case STRING, BYTES -> input.skipBytes();
            case FIXED -> input.skipFixed(schema.getFixedSize());
            case ENUM -> input.readIndex(schema.getEnumSymbols().size());
            case UNION -> skip(schema.getTypes().get(input.readIndex(schema.getTypes().size())), input, depth + 1);
            case RECORD -> {
                for (Field field : schema.getFields()) {
                    skip(field.schema(), input, depth + 1);
                }
            }
            case ARRAY, MAP -> {
                boolean map = schema.getType() == Schema.Type.MAP;
                Schema element = map ? schema.getValueType() : schema.getElementType();
                for (long items = input.nextBlock(); items > 0; items = input.nextBlock()) {
                    for (long i = 0; i < items; i++) {
                        if (map) {
                            input.skipBytes();
                        }
                        skip(element, input, depth + 1);
                    }
                }
            }
        }
    }
}
