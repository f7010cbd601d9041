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
import com.google.common.collect.ImmutableMap;
import io.airlift.slice.Slices;
import io.trino.spi.block.ArrayBlockBuilder;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.block.MapBlockBuilder;
import io.trino.spi.block.RowBlockBuilder;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static io.streamlance.trino.nats.codec.JsonScalarWriters.mismatch;
import static io.trino.spi.type.VarcharType.VARCHAR;

/// Arrays, maps and rows.
final class JsonNestedWriters
{
    private JsonNestedWriters() {}

    static JsonValueWriter array(JsonValueWriter element)
    {
        return (parser, builder) -> {
            expect(parser, JsonToken.START_ARRAY, "array");
            ((ArrayBlockBuilder) builder).buildEntry(elements -> {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    writeNullable(element, parser, elements);
                }
            });
        };
    }

    static JsonValueWriter map(JsonValueWriter value)
    {
        return (parser, builder) -> {
            expect(parser, JsonToken.START_OBJECT, "map");
            ((MapBlockBuilder) builder).buildEntry((keys, values) -> {
                Set<String> seen = new HashSet<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    if (!seen.add(parser.currentName())) {
                        throw new DecodeException("key '%s' occurs twice".formatted(parser.currentName()));
                    }
                    VARCHAR.writeSlice(keys, Slices.utf8Slice(parser.currentName()));
                    parser.nextToken();
                    writeNullable(value, parser, values);
                }
            });
        };
    }

    static JsonValueWriter row(List<String> names, List<JsonValueWriter> writers)
    {
        ImmutableMap.Builder<String, Integer> positions = ImmutableMap.builder();
        for (int i = 0; i < names.size(); i++) {
            positions.put(names.get(i), i);
        }
        Map<String, Integer> fieldPositions = positions.buildOrThrow();
        return (parser, builder) -> {
            expect(parser, JsonToken.START_OBJECT, "row");
            ((RowBlockBuilder) builder).buildEntry(fields -> writeFields(parser, fields, fieldPositions, writers));
        };
    }

    private static void writeFields(JsonParser parser, List<BlockBuilder> fields, Map<String, Integer> positions, List<JsonValueWriter> writers)
            throws IOException
    {
        boolean[] written = new boolean[writers.size()];
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            Integer position = positions.get(parser.currentName());
            parser.nextToken();
            if (position == null) {
                parser.skipChildren();
                continue;
            }
            if (written[position]) {
                throw new DecodeException("field '%s' occurs twice".formatted(parser.currentName()));
            }
            written[position] = true;
            writeNullable(writers.get(position), parser, fields.get(position));
        }
        for (int i = 0; i < written.length; i++) {
            if (!written[i]) {
                fields.get(i).appendNull();
            }
        }
    }

    static void writeNullable(JsonValueWriter writer, JsonParser parser, BlockBuilder builder)
            throws IOException
    {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            builder.appendNull();
        }
        else {
            writer.write(parser, builder);
        }
    }

    private static void expect(JsonParser parser, JsonToken token, String type)
            throws IOException
    {
        if (parser.currentToken() != token) {
            throw mismatch(parser, type);
        }
    }
}
