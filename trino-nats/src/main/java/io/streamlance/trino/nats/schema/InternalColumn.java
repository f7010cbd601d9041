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
package io.streamlance.trino.nats.schema;

import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.NatsColumnHandle.Source;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.LongTimestampWithTimeZone;
import io.trino.spi.type.MapType;
import io.trino.spi.type.Type;
import io.trino.spi.type.TypeOperators;

import java.util.Optional;

import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.BooleanType.BOOLEAN;
import static io.trino.spi.type.TimeZoneKey.UTC_KEY;
import static io.trino.spi.type.TimestampWithTimeZoneType.TIMESTAMP_TZ_NANOS;
import static io.trino.spi.type.Timestamps.NANOSECONDS_PER_MILLISECOND;
import static io.trino.spi.type.Timestamps.NANOSECONDS_PER_SECOND;
import static io.trino.spi.type.Timestamps.PICOSECONDS_PER_NANOSECOND;
import static io.trino.spi.type.VarbinaryType.VARBINARY;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.lang.Math.floorDiv;
import static java.lang.Math.floorMod;
import static java.util.Locale.ENGLISH;

/// Hidden columns that every table of messages has.
public enum InternalColumn
{
    SUBJECT(VARCHAR, "Subject that the message was published to"),
    SEQUENCE(BIGINT, "Sequence of the message in the stream"),
    TIMESTAMP(TIMESTAMP_TZ_NANOS, "Time when the server stored the message"),
    HEADERS(new MapType(VARCHAR, new ArrayType(VARCHAR), new TypeOperators()), "Headers of the message"),
    PAYLOAD(VARBINARY, "Payload as it was published"),
    SIZE(BIGINT, "Size of the payload in bytes"),
    CORRUPT(BOOLEAN, "True when the payload does not match the columns"),
    ERROR(VARCHAR, "Why the payload does not match the columns"),
    /**/;

    private static final long MAX_EPOCH_MILLIS = Long.MAX_VALUE / NANOSECONDS_PER_MILLISECOND - 1;

    private final Type type;
    private final String comment;

    InternalColumn(Type type, String comment)
    {
        this.type = type;
        this.comment = comment;
    }

    public String columnName()
    {
        return "_" + name().toLowerCase(ENGLISH);
    }

    public NatsColumnHandle handle()
    {
        return new NatsColumnHandle(columnName(), type, Source.INTERNAL, name(), Optional.empty(), Optional.empty(), Optional.of(comment));
    }

    public static InternalColumn of(NatsColumnHandle column)
    {
        return valueOf(column.mapping());
    }

    /// @param epochNanos nanoseconds since the epoch
    public static void writeTimestamp(long epochNanos, BlockBuilder builder)
    {
        TIMESTAMP_TZ_NANOS.writeObject(builder, LongTimestampWithTimeZone.fromEpochSecondsAndFraction(
                floorDiv(epochNanos, NANOSECONDS_PER_SECOND),
                floorMod(epochNanos, NANOSECONDS_PER_SECOND) * PICOSECONDS_PER_NANOSECOND,
                UTC_KEY));
    }

    /// Nanoseconds since the epoch of a value of [#TIMESTAMP]; the smallest number for times before 1677, the largest one for
    /// times after 2262.
    public static long timestampNanos(Object value)
    {
        LongTimestampWithTimeZone timestamp = (LongTimestampWithTimeZone) value;
        if (Math.abs(timestamp.getEpochMillis()) > MAX_EPOCH_MILLIS) {
            return timestamp.getEpochMillis() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return timestamp.getEpochMillis() * NANOSECONDS_PER_MILLISECOND + timestamp.getPicosOfMilli() / PICOSECONDS_PER_NANOSECOND;
    }

    /// True when the column cannot be filled from the headers of a message alone.
    public boolean needsPayload()
    {
        return this == PAYLOAD || this == CORRUPT || this == ERROR;
    }
}
