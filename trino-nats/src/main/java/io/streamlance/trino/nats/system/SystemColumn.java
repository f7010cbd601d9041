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
package io.streamlance.trino.nats.system;

import io.airlift.slice.Slices;
import io.trino.spi.block.Block;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.connector.ColumnMetadata;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.LongTimestampWithTimeZone;
import io.trino.spi.type.Type;
import jakarta.annotation.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.BooleanType.BOOLEAN;
import static io.trino.spi.type.TimeZoneKey.UTC_KEY;
import static io.trino.spi.type.TimestampWithTimeZoneType.TIMESTAMP_TZ_NANOS;
import static io.trino.spi.type.Timestamps.PICOSECONDS_PER_NANOSECOND;
import static io.trino.spi.type.TypeUtils.writeNativeValue;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.util.Objects.requireNonNull;

/// A column of a system table.
///
/// @param value native value of the type, may be null
record SystemColumn<T>(String name, Type type, String comment, Function<T, Object> value)
{
    private static final ArrayType VARCHARS = new ArrayType(VARCHAR);

    SystemColumn
    {
        requireNonNull(name, "name is null");
        requireNonNull(type, "type is null");
        requireNonNull(comment, "comment is null");
        requireNonNull(value, "value is null");
    }

    static <T> SystemColumn<T> varcharColumn(String name, String comment, Function<T, String> value)
    {
        return new SystemColumn<>(name, VARCHAR, comment, row -> {
            String text = value.apply(row);
            return text == null ? null : Slices.utf8Slice(text);
        });
    }

    static <T> SystemColumn<T> varcharsColumn(String name, String comment, Function<T, List<String>> value)
    {
        return new SystemColumn<>(name, VARCHARS, comment, row -> {
            List<String> texts = value.apply(row);
            return texts == null ? null : varchars(texts);
        });
    }

    static <T> SystemColumn<T> bigintColumn(String name, String comment, ToLongFunction<T> value)
    {
        return new SystemColumn<>(name, BIGINT, comment, value::applyAsLong);
    }

    /// A bound, which the server gives as -1 or 0 when there is none.
    static <T> SystemColumn<T> limitColumn(String name, String comment, ToLongFunction<T> value)
    {
        return new SystemColumn<>(name, BIGINT, comment, row -> {
            long limit = value.applyAsLong(row);
            return limit <= 0 ? null : limit;
        });
    }

    static <T> SystemColumn<T> millisColumn(String name, String comment, Function<T, Duration> value)
    {
        return limitColumn(name, comment, row -> {
            Duration duration = value.apply(row);
            return duration == null ? 0 : duration.toMillis();
        });
    }

    static <T> SystemColumn<T> booleanColumn(String name, String comment, Predicate<T> value)
    {
        return new SystemColumn<>(name, BOOLEAN, comment, value::test);
    }

    static <T> SystemColumn<T> timestampColumn(String name, String comment, Function<T, ZonedDateTime> value)
    {
        return new SystemColumn<>(name, TIMESTAMP_TZ_NANOS, comment, row -> timestamp(value.apply(row)));
    }

    @Nullable
    private static LongTimestampWithTimeZone timestamp(@Nullable ZonedDateTime time)
    {
        // the server writes the year 1 for what has not happened
        if (time == null || time.getYear() <= 1) {
            return null;
        }
        Instant instant = time.toInstant();
        return LongTimestampWithTimeZone.fromEpochSecondsAndFraction(instant.getEpochSecond(), (long) instant.getNano() * PICOSECONDS_PER_NANOSECOND, UTC_KEY);
    }

    private static Block varchars(List<String> texts)
    {
        BlockBuilder builder = VARCHAR.createBlockBuilder(null, texts.size());
        texts.forEach(text -> VARCHAR.writeString(builder, text));
        return builder.build();
    }

    ColumnMetadata metadata()
    {
        return ColumnMetadata.builder()
                .setName(name)
                .setType(type)
                .setComment(Optional.of(comment))
                .build();
    }

    void write(T row, BlockBuilder builder)
    {
        writeNativeValue(type, builder, value.apply(row));
    }
}
