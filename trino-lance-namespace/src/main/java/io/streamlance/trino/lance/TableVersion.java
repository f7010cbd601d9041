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
package io.streamlance.trino.lance;

import io.airlift.slice.Slice;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorTableVersion;
import io.trino.spi.connector.PointerType;
import io.trino.spi.type.LongTimestamp;
import io.trino.spi.type.LongTimestampWithTimeZone;
import io.trino.spi.type.TimestampType;
import io.trino.spi.type.TimestampWithTimeZoneType;
import io.trino.spi.type.Type;
import io.trino.spi.type.VarcharType;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.DateTimeEncoding.unpackMillisUtc;
import static io.trino.spi.type.DateType.DATE;
import static io.trino.spi.type.IntegerType.INTEGER;
import static io.trino.spi.type.SmallintType.SMALLINT;
import static io.trino.spi.type.Timestamps.MICROSECONDS_PER_SECOND;
import static io.trino.spi.type.Timestamps.NANOSECONDS_PER_MICROSECOND;
import static io.trino.spi.type.Timestamps.PICOSECONDS_PER_NANOSECOND;
import static io.trino.spi.type.TinyintType.TINYINT;
import static java.lang.Math.floorDiv;
import static java.lang.Math.floorMod;
import static java.util.Objects.requireNonNull;

/// Which version of a table a query asks for.
public sealed interface TableVersion
{
    record Newest()
            implements TableVersion {}

    record Number(long version)
            implements TableVersion {}

    /// A tag or a branch.
    record Named(String name)
            implements TableVersion
    {
        public Named
        {
            requireNonNull(name, "name is null");
        }
    }

    /// The last one that was committed at this time or before.
    record AsOf(Instant time)
            implements TableVersion
    {
        public AsOf
        {
            requireNonNull(time, "time is null");
        }
    }

    static TableVersion of(ConnectorSession session, ConnectorTableVersion version)
    {
        Type type = version.getVersionType();
        Object value = version.getVersion();
        if (version.getPointerType() == PointerType.TEMPORAL) {
            return new AsOf(instant(type, value, session.getTimeZoneKey().getZoneId()));
        }
        if (type == TINYINT || type == SMALLINT || type == INTEGER || type == BIGINT) {
            return new Number((long) value);
        }
        if (type instanceof VarcharType) {
            return new Named(((Slice) value).toStringUtf8());
        }
        throw new TrinoException(NOT_SUPPORTED, "A version of a Lance table is a bigint, or the varchar name of a tag or branch, not a " + type.getDisplayName());
    }

    // to the nanosecond, in which Lance notes the time of a version
    private static Instant instant(Type type, Object value, ZoneId zone)
    {
        if (type == DATE) {
            return LocalDate.ofEpochDay((long) value).atStartOfDay(zone).toInstant();
        }
        if (type instanceof TimestampType) {
            long micros = value instanceof LongTimestamp timestamp ? timestamp.getEpochMicros() : (long) value;
            int nanos = value instanceof LongTimestamp timestamp ? timestamp.getPicosOfMicro() / PICOSECONDS_PER_NANOSECOND : 0;
            int nanosOfSecond = (int) (floorMod(micros, MICROSECONDS_PER_SECOND) * NANOSECONDS_PER_MICROSECOND) + nanos;
            return LocalDateTime.ofEpochSecond(floorDiv(micros, MICROSECONDS_PER_SECOND), nanosOfSecond, ZoneOffset.UTC).atZone(zone).toInstant();
        }
        if (type instanceof TimestampWithTimeZoneType) {
            return value instanceof LongTimestampWithTimeZone timestamp
                    ? Instant.ofEpochMilli(timestamp.getEpochMillis()).plusNanos(timestamp.getPicosOfMilli() / PICOSECONDS_PER_NANOSECOND)
                    : Instant.ofEpochMilli(unpackMillisUtc((long) value));
        }
        throw new TrinoException(NOT_SUPPORTED, "The time of a version of a Lance table is a date or a timestamp, not a " + type.getDisplayName());
    }
}
