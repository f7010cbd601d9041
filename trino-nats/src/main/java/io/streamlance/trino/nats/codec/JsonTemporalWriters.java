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
import io.trino.spi.type.DateType;
import io.trino.spi.type.LongTimestamp;
import io.trino.spi.type.LongTimestampWithTimeZone;
import io.trino.spi.type.TimeType;
import io.trino.spi.type.TimeZoneKey;
import io.trino.spi.type.TimestampType;
import io.trino.spi.type.TimestampWithTimeZoneType;
import io.trino.spi.type.Type;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;

import static io.streamlance.trino.nats.codec.JsonScalarWriters.mismatch;
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
final class JsonTemporalWriters
{
    private JsonTemporalWriters() {}

    static JsonValueWriter create(Type type, TemporalFormat format)
    {
        String name = type.getDisplayName();
        return switch (type) {
            case DateType _ -> (parser, builder) -> {
                LocalDate date = format.parse(parser, name).query(TemporalQueries.localDate());
                if (date == null) {
                    throw mismatch(parser, name);
                }
                DATE.writeLong(builder, toIntExact(date.toEpochDay()));
            };
            case TimeType time -> (parser, builder) -> {
                LocalTime value = format.parse(parser, name).query(TemporalQueries.localTime());
                if (value == null) {
                    throw mismatch(parser, name);
                }
                checkPrecision(parser, name, value.getNano(), time.getPrecision());
                time.writeLong(builder, value.toNanoOfDay() * PICOSECONDS_PER_NANOSECOND);
            };
            case TimestampType timestamp -> (parser, builder) -> {
                LocalDateTime value = dateTime(parser, format.parse(parser, name), name);
                checkPrecision(parser, name, value.getNano(), timestamp.getPrecision());
                long micros = multiplyExact(value.toEpochSecond(ZoneOffset.UTC), MICROSECONDS_PER_SECOND) + value.getNano() / NANOSECONDS_PER_MICROSECOND;
                if (timestamp.isShort()) {
                    timestamp.writeLong(builder, micros);
                }
                else {
                    timestamp.writeObject(builder, new LongTimestamp(micros, (int) (value.getNano() % NANOSECONDS_PER_MICROSECOND) * PICOSECONDS_PER_NANOSECOND));
                }
            };
            case TimestampWithTimeZoneType timestamp -> (parser, builder) -> {
                TemporalAccessor parsed = format.parse(parser, name);
                // a time without a zone is taken as UTC
                ZoneId zone = requireNonNullElse(parsed.query(TemporalQueries.zone()), ZoneOffset.UTC);
                Instant value = dateTime(parser, parsed, name).atZone(zone).toInstant();
                checkPrecision(parser, name, value.getNano(), timestamp.getPrecision());
                TimeZoneKey zoneKey = zone.equals(ZoneOffset.UTC) ? UTC_KEY : TimeZoneKey.getTimeZoneKey(zone.getId());
                if (timestamp.isShort()) {
                    timestamp.writeLong(builder, packDateTimeWithZone(value.toEpochMilli(), zoneKey));
                }
                else {
                    timestamp.writeObject(builder, LongTimestampWithTimeZone.fromEpochSecondsAndFraction(
                            value.getEpochSecond(),
                            (long) value.getNano() * PICOSECONDS_PER_NANOSECOND,
                            zoneKey));
                }
            };
            default -> throw new IllegalArgumentException("not a date or time: " + name);
        };
    }

    private static LocalDateTime dateTime(JsonParser parser, TemporalAccessor parsed, String type)
            throws IOException
    {
        LocalDate date = parsed.query(TemporalQueries.localDate());
        if (date == null) {
            throw mismatch(parser, type);
        }
        return LocalDateTime.of(date, requireNonNullElse(parsed.query(TemporalQueries.localTime()), LocalTime.MIDNIGHT));
    }

    private static void checkPrecision(JsonParser parser, String type, int nanos, int precision)
            throws IOException
    {
        long divisor = 1;
        for (int i = precision; i < 9; i++) {
            divisor *= 10;
        }
        if (nanos % divisor != 0) {
            throw mismatch(parser, type);
        }
    }
}
