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
package io.streamlance.trino.lance.system;

import io.trino.spi.Page;
import io.trino.spi.PageBuilder;
import io.trino.spi.block.ArrayBlockBuilder;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.block.MapBlockBuilder;
import io.trino.spi.block.RowBlockBuilder;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.LongTimestampWithTimeZone;
import io.trino.spi.type.MapType;
import io.trino.spi.type.RowType;
import io.trino.spi.type.TimestampWithTimeZoneType;
import io.trino.spi.type.Type;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static com.google.common.base.Preconditions.checkArgument;
import static io.airlift.slice.Slices.utf8Slice;
import static io.trino.spi.type.DateTimeEncoding.packDateTimeWithZone;
import static io.trino.spi.type.TimeZoneKey.UTC_KEY;
import static io.trino.spi.type.Timestamps.PICOSECONDS_PER_NANOSECOND;
import static java.lang.Math.toIntExact;
import static java.util.Objects.requireNonNull;

/// Writes rows of Java values into pages.
final class RowPages
{
    private static final int NANOSECONDS_PER_MILLISECOND = 1_000_000;

    private final List<Type> types;
    private final PageBuilder builder;
    private final List<Page> pages = new ArrayList<>();

    RowPages(List<Type> types)
    {
        this.types = requireNonNull(types, "types is null");
        this.builder = new PageBuilder(types);
    }

    /// @param values numbers, booleans, texts, instants, maps of texts, and lists for arrays and rows; null or an empty optional for NULL
    void add(Object... values)
    {
        checkArgument(values.length == types.size(), "%s values for %s columns", values.length, types.size());
        if (builder.isFull()) {
            finishPage();
        }
        builder.declarePosition();
        for (int i = 0; i < values.length; i++) {
            write(builder.getBlockBuilder(i), types.get(i), values[i]);
        }
    }

    List<Page> build()
    {
        finishPage();
        return pages;
    }

    private void finishPage()
    {
        if (!builder.isEmpty()) {
            pages.add(builder.build());
            builder.reset();
        }
    }

    private static void write(BlockBuilder output, Type type, Object value)
    {
        switch (value) {
            case null -> output.appendNull();
            case Optional<?> optional -> write(output, type, optional.orElse(null));
            case Boolean flag -> type.writeBoolean(output, flag);
            case Number number -> type.writeLong(output, number.longValue());
            case String text -> type.writeSlice(output, utf8Slice(text));
            case Instant instant -> writeInstant(output, (TimestampWithTimeZoneType) type, instant);
            case Map<?, ?> map -> writeMap((MapBlockBuilder) output, (MapType) type, map);
            case List<?> list when type instanceof ArrayType array -> ((ArrayBlockBuilder) output).buildEntry(elements ->
                    list.forEach(element -> write(elements, array.getElementType(), element)));
            case List<?> list -> writeRow((RowBlockBuilder) output, (RowType) type, list);
            default -> throw new IllegalArgumentException("no value of %s: %s".formatted(type, value));
        }
    }

    private static void writeInstant(BlockBuilder output, TimestampWithTimeZoneType type, Instant instant)
    {
        long millis = instant.toEpochMilli();
        if (type.isShort()) {
            type.writeLong(output, packDateTimeWithZone(millis, UTC_KEY));
            return;
        }
        int picosOfMilli = toIntExact((long) (instant.getNano() % NANOSECONDS_PER_MILLISECOND) * PICOSECONDS_PER_NANOSECOND);
        type.writeObject(output, LongTimestampWithTimeZone.fromEpochMillisAndFraction(millis, picosOfMilli, UTC_KEY));
    }

    private static void writeMap(MapBlockBuilder output, MapType type, Map<?, ?> map)
    {
        output.buildEntry((keys, values) -> map.forEach((key, value) -> {
            write(keys, type.getKeyType(), key);
            write(values, type.getValueType(), value);
        }));
    }

    private static void writeRow(RowBlockBuilder output, RowType type, List<?> values)
    {
        output.buildEntry(fields -> {
            for (int i = 0; i < fields.size(); i++) {
                write(fields.get(i), type.getFields().get(i).getType(), values.get(i));
            }
        });
    }
}
