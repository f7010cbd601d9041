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
package io.streamlance.trino.nats;

import io.streamlance.trino.nats.predicate.TimeRange;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorTableVersion;
import io.trino.spi.type.DateType;
import io.trino.spi.type.LongTimestamp;
import io.trino.spi.type.LongTimestampWithTimeZone;
import io.trino.spi.type.TimeZoneKey;
import io.trino.spi.type.TimestampType;
import io.trino.spi.type.TimestampWithTimeZoneType;
import io.trino.spi.type.Type;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

import static io.trino.spi.StandardErrorCode.INVALID_ARGUMENTS;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.DateTimeEncoding.unpackMillisUtc;
import static io.trino.spi.type.IntegerType.INTEGER;
import static io.trino.spi.type.SmallintType.SMALLINT;
import static io.trino.spi.type.Timestamps.MICROSECONDS_PER_SECOND;
import static io.trino.spi.type.Timestamps.NANOSECONDS_PER_MICROSECOND;
import static io.trino.spi.type.Timestamps.PICOSECONDS_PER_NANOSECOND;
import static io.trino.spi.type.TinyintType.TINYINT;
import static java.lang.Math.floorDiv;
import static java.lang.Math.floorMod;

/// Reads what `FOR VERSION AS OF` and `FOR TIMESTAMP AS OF` say.
final class TableVersions
{
    private TableVersions() {}

    /// The last sequence that a query wants to see.
    ///
    /// @param last the last one that there is
    static long sequence(ConnectorTableVersion version, String stream, long last)
    {
        Type type = version.getVersionType();
        if (!type.equals(BIGINT) && !type.equals(INTEGER) && !type.equals(SMALLINT) && !type.equals(TINYINT)) {
            throw new TrinoException(INVALID_ARGUMENTS, "FOR VERSION AS OF wants the sequence of a message, a bigint, and not a value of type " + type.getDisplayName());
        }
        long sequence = ((Number) version.getVersion()).longValue();
        if (sequence < 0) {
            throw new TrinoException(INVALID_ARGUMENTS, "FOR VERSION AS OF wants the sequence of a message, which is not negative: " + sequence);
        }
        if (sequence > last) {
            throw new TrinoException(INVALID_ARGUMENTS, "Stream %s has no sequence %s, its last one is %s".formatted(stream, sequence, last));
        }
        return sequence;
    }

    /// The last time that a query wants to see.
    static TimeRange times(ConnectorSession session, ConnectorTableVersion version)
    {
        try {
            return new TimeRange(Long.MIN_VALUE, TimeRange.toEpochNanos(instant(session.getTimeZoneKey(), version)));
        }
        catch (DateTimeException | ArithmeticException e) {
            throw new TrinoException(INVALID_ARGUMENTS, "FOR TIMESTAMP AS OF is out of range: " + e.getMessage(), e);
        }
    }

    private static Instant instant(TimeZoneKey zone, ConnectorTableVersion version)
    {
        Object value = version.getVersion();
        return switch (version.getVersionType()) {
            case DateType _ -> LocalDate.ofEpochDay((long) value).atStartOfDay(zone.getZoneId()).toInstant();
            case TimestampType type when type.isShort() -> local((long) value, 0).atZone(zone.getZoneId()).toInstant();
            case TimestampType _ -> {
                LongTimestamp timestamp = (LongTimestamp) value;
                yield local(timestamp.getEpochMicros(), timestamp.getPicosOfMicro() / PICOSECONDS_PER_NANOSECOND).atZone(zone.getZoneId()).toInstant();
            }
            case TimestampWithTimeZoneType type when type.isShort() -> Instant.ofEpochMilli(unpackMillisUtc((long) value));
            case TimestampWithTimeZoneType _ -> {
                LongTimestampWithTimeZone timestamp = (LongTimestampWithTimeZone) value;
                yield Instant.ofEpochMilli(timestamp.getEpochMillis()).plusNanos(timestamp.getPicosOfMilli() / PICOSECONDS_PER_NANOSECOND);
            }
            default -> throw new TrinoException(NOT_SUPPORTED, "FOR TIMESTAMP AS OF wants a date or a timestamp, and not a value of type " + version.getVersionType().getDisplayName());
        };
    }

    private static LocalDateTime local(long epochMicros, int nanosOfMicro)
    {
        int nanos = (int) floorMod(epochMicros, (long) MICROSECONDS_PER_SECOND) * NANOSECONDS_PER_MICROSECOND + nanosOfMicro;
        return LocalDateTime.ofEpochSecond(floorDiv(epochMicros, (long) MICROSECONDS_PER_SECOND), nanos, ZoneOffset.UTC);
    }
}
