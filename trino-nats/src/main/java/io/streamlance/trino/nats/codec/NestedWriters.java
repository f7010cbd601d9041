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
import io.airlift.slice.Slices;
import io.streamlance.trino.nats.codec.limit.MissingFields;
import io.streamlance.trino.nats.codec.limit.ValueQuote;
import io.trino.spi.block.ArrayBlockBuilder;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.block.MapBlockBuilder;
import io.trino.spi.block.RowBlockBuilder;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import static io.streamlance.trino.nats.codec.ScalarWriters.mismatch;
import static io.trino.spi.type.VarcharType.VARCHAR;

/// Arrays, maps and rows.
final class NestedWriters
{
    private NestedWriters() {}

    static ValueWriter array(ValueWriter element)
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

    static ValueWriter map(ValueWriter value)
    {
        return (parser, builder) -> {
            expect(parser, JsonToken.START_OBJECT, "map");
            ((MapBlockBuilder) builder).buildEntry((keys, values) -> {
                Set<String> seen = new HashSet<>();
                for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
                    if (!seen.add(key)) {
                        throw new DecodeException("key %s occurs twice".formatted(ValueQuote.of(key)));
                    }
                    VARCHAR.writeSlice(keys, Slices.utf8Slice(key));
                    parser.nextToken();
                    writeNullable(value, parser, values);
                }
                expectEnd(parser);
            });
        };
    }

    static ValueWriter row(List<String> names, List<ValueWriter> writers, MissingFields missingFields)
    {
        RowFields rowFields = new RowFields(names, writers, missingFields);
        return (parser, builder) -> {
            expect(parser, JsonToken.START_OBJECT, "row");
            ((RowBlockBuilder) builder).buildEntry(fields -> rowFields.write(parser, fields));
        };
    }

    static void writeNullable(ValueWriter writer, JsonParser parser, BlockBuilder builder)
            throws IOException
    {
        expectMore(parser);
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            builder.appendNull();
        }
        else {
            writer.write(parser, builder);
        }
    }

    private static void expect(JsonParser parser, JsonToken token, String type)
            throws DecodeException
    {
        if (parser.currentToken() != token) {
            throw mismatch(parser, type);
        }
    }

    /// After the last name of an object.
    static void expectEnd(JsonParser parser)
            throws DecodeException
    {
        expectMore(parser);
        if (parser.currentToken() != JsonToken.END_OBJECT) {
            throw new DecodeException("the payload has a key that is neither text nor a number");
        }
    }

    /// Parsers of binary formats may end within a value without an error of their own.
    static void expectMore(JsonParser parser)
            throws DecodeException
    {
        if (parser.currentToken() == null) {
            throw new DecodeException("the payload ends within a value");
        }
    }
}
