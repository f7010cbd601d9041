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
package io.streamlance.trino.lance.arrow;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.airlift.slice.Slice;
import io.airlift.slice.Slices;
import io.trino.spi.block.Block;
import io.trino.spi.block.VariableWidthBlock;
import io.trino.spi.type.StandardTypes;
import io.trino.spi.type.Type;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;

import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.lang.Math.toIntExact;

/// Texts of JSON as `json_parse` writes them, so that equal values are equal: without blanks, with keys in order.
final class JsonBlocks
{
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNestingDepth(Integer.MAX_VALUE)
                            .maxNumberLength(Integer.MAX_VALUE)
                            .build())
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private JsonBlocks() {}

    static boolean isJson(Type type)
    {
        return type.getBaseName().equals(StandardTypes.JSON);
    }

    /// @param texts JSON, not necessarily in the form that Trino compares
    /// @throws UnreadableValueException if one is not JSON
    static Block read(Block texts, Slots slots)
    {
        int[] offsets = new int[slots.count() + 1];
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(toIntExact(texts.getSizeInBytes()));
        for (int i = 0; i < slots.count(); i++) {
            if (slots.isValid(i)) {
                write(VARCHAR.getSlice(texts, i), bytes);
            }
            offsets[i + 1] = bytes.size();
        }
        return new VariableWidthBlock(slots.count(), Slices.wrappedBuffer(bytes.toByteArray()), offsets, slots.validity());
    }

    private static void write(Slice text, ByteArrayOutputStream output)
    {
        try (JsonGenerator generator = JSON.createGenerator(output)) {
            write(JSON.readValue(text.getBytes(), Object.class), generator);
        }
        catch (JsonProcessingException e) {
            throw new UnreadableValueException("it is not JSON: " + e.getOriginalMessage(), e);
        }
        catch (IOException e) {
            throw new UncheckedIOException("reading from memory does not fail", e);
        }
    }

    // without recursion, which ends in an error of the stack some thousand levels deep
    private static void write(Object root, JsonGenerator generator)
            throws IOException
    {
        Deque<Iterator<?>> containers = new ArrayDeque<>();
        begin(root, generator, containers);
        while (!containers.isEmpty()) {
            Iterator<?> values = containers.getLast();
            if (values.hasNext()) {
                writeNext(values.next(), generator, containers);
                continue;
            }
            containers.removeLast();
            if (generator.getOutputContext().inObject()) {
                generator.writeEndObject();
            }
            else {
                generator.writeEndArray();
            }
        }
    }

    private static void writeNext(Object value, JsonGenerator generator, Deque<Iterator<?>> containers)
            throws IOException
    {
        if (value instanceof Entry<?, ?> field) {
            generator.writeFieldName((String) field.getKey());
            begin(field.getValue(), generator, containers);
            return;
        }
        begin(value, generator, containers);
    }

    /// Writes a scalar, or the beginning of a container whose values are still to be written.
    private static void begin(Object value, JsonGenerator generator, Deque<Iterator<?>> containers)
            throws IOException
    {
        switch (value) {
            case null -> generator.writeNull();
            case Map<?, ?> fields -> {
                generator.writeStartObject();
                containers.addLast(new TreeMap<>(fields).entrySet().iterator());
            }
            case List<?> values -> {
                generator.writeStartArray();
                containers.addLast(values.iterator());
            }
            case String text -> generator.writeString(text);
            case Boolean bool -> generator.writeBoolean(bool);
            case Integer number -> generator.writeNumber(number);
            case Long number -> generator.writeNumber(number);
            case BigInteger number -> generator.writeNumber(number);
            case BigDecimal number -> generator.writeNumber(number);
            default -> throw new IllegalStateException("unexpected JSON value: " + value.getClass());
        }
    }
}
