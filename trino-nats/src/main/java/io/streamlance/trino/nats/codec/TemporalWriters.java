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
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.type.DateType;
import io.trino.spi.type.LongTimestamp;
import io.trino.spi.type.LongTimestampWithTimeZone;
import io.trino.spi.type.TimeType;
import io.trino.spi.type.TimeZoneKey;
import io.trino.spi.type.TimestampType;
import io.trino.spi.type.TimestampWithTimeZoneType;
import io.trino.spi.type.Type;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.time.temporal.TemporalQuery;

import static io.streamlance.trino.nats.codec.ScalarWriters.mismatch;
import static io.trino.spi.type.DateTimeEncoding.packDateTimeWithZone;
import static io.trino.spi.type.DateType.DATE;
import static io.trino.spi.type.TimeZoneKey.UTC_KEY;
import static io.trino.spi.type.Timestamps.MICROSECONDS_PER_SECOND;
import static io.trino.spi.type.Timestamps.NANOSECONDS_PER_MICROSECOND;
import static io.trino.spi.type.Timestamps.PICOSECONDS_PER_NANOSECOND;
import static java.lang.Math.multiplyExact;
import static java.lang.Math.toIntExact;
import static java.util.Objects.requireNonNullElse;

/// Dates, times and timestamps. Digits that the column's precision does not have are an error, as for numbers.
final class TemporalWriters
{
    private TemporalWriters() {}

    static boolean isTemporal(Type type)
    {
        return type instanceof DateType || type instanceof TimeType || type instanceof TimestampType || type instanceof TimestampWithTimeZoneType;
    }

    static ValueWriter create(Type type, TemporalFormat format)
    {
        return (parser, builder) -> {
            try {
                write(type, read(parser, format, type), builder);
            }
            catch (ArithmeticException | NumberFormatException | DateTimeException e) {
                throw mismatch(parser, type.getDisplayName());
            }
        };
    }

    private static TemporalAccessor read(JsonParser parser, TemporalFormat format, Type type)
            throws IOException
    {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING || (format.isNumeric() && token.isNumeric())) {
            return format.parse(parser.getText());
        }
        return EmbeddedValues.timestamp(parser).orElseThrow(() -> mismatch(parser, type.getDisplayName())).atOffset(ZoneOffset.UTC);
    }

    /// @throws DateTimeException or ArithmeticException when the type does not hold the value
    static void write(Type type, TemporalAccessor value, BlockBuilder builder)
    {
        switch (type) {
            case DateType _ -> DATE.writeLong(builder, toIntExact(part(value, TemporalQueries.localDate()).toEpochDay()));
            case TimeType time -> {
                LocalTime part = part(value, TemporalQueries.localTime());
                checkPrecision(part.getNano(), time.getPrecision());
                time.writeLong(builder, part.toNanoOfDay() * PICOSECONDS_PER_NANOSECOND);
            }
            case TimestampType timestamp -> writeTimestamp(timestamp, value, builder);
            case TimestampWithTimeZoneType timestamp -> writeTimestamp(timestamp, value, builder);
            default -> throw new IllegalArgumentException("not a date or time: " + type.getDisplayName());
        }
    }

    private static void writeTimestamp(TimestampType type, TemporalAccessor value, BlockBuilder builder)
    {
        ZoneId zone = value.query(TemporalQueries.zone());
        // the column has no place for an offset, and its values without one are in the same zone as those in UTC
        if (zone != null && !zone.normalized().equals(ZoneOffset.UTC)) {
            throw new DateTimeException("an offset does not fit");
        }
        LocalDateTime dateTime = dateTime(value);
        int nanos = dateTime.getNano();
        checkPrecision(nanos, type.getPrecision());
        long micros = multiplyExact(dateTime.toEpochSecond(ZoneOffset.UTC), MICROSECONDS_PER_SECOND) + nanos / NANOSECONDS_PER_MICROSECOND;
        if (type.isShort()) {
            type.writeLong(builder, micros);
        }
        else {
            type.writeObject(builder, new LongTimestamp(micros, (nanos % NANOSECONDS_PER_MICROSECOND) * PICOSECONDS_PER_NANOSECOND));
        }
    }

    private static void writeTimestamp(TimestampWithTimeZoneType type, TemporalAccessor value, BlockBuilder builder)
    {
        // a time without a zone is taken as UTC
        ZoneId zone = requireNonNullElse(value.query(TemporalQueries.zone()), ZoneOffset.UTC);
        Instant instant = dateTime(value).atZone(zone).toInstant();
        checkPrecision(instant.getNano(), type.getPrecision());
        TimeZoneKey zoneKey = zone.equals(ZoneOffset.UTC) ? UTC_KEY : TimeZoneKey.getTimeZoneKey(zone.getId());
        if (type.isShort()) {
            type.writeLong(builder, packDateTimeWithZone(instant.toEpochMilli(), zoneKey));
        }
        else {
            type.writeObject(builder, LongTimestampWithTimeZone.fromEpochSecondsAndFraction(
                    instant.getEpochSecond(),
                    (long) instant.getNano() * PICOSECONDS_PER_NANOSECOND,
                    zoneKey));
        }
    }

    private static LocalDateTime dateTime(TemporalAccessor value)
    {
        return LocalDateTime.of(
                part(value, TemporalQueries.localDate()),
                requireNonNullElse(value.query(TemporalQueries.localTime()), LocalTime.MIDNIGHT));
    }

    private static <T> T part(TemporalAccessor value, TemporalQuery<T> query)
    {
        T part = value.query(query);
        if (part == null) {
            throw new DateTimeException("a part is missing");
        }
        return part;
    }

    private static void checkPrecision(int nanos, int precision)
    {
        long divisor = 1;
        for (int i = precision; i < 9; i++) {
            divisor *= 10;
        }
        if (nanos % divisor != 0) {
            throw new ArithmeticException("too many digits");
        }
    }
}
