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

import io.trino.spi.block.Block;
import io.trino.spi.block.Fixed12Block;
import io.trino.spi.block.IntArrayBlock;
import io.trino.spi.block.LongArrayBlock;
import io.trino.spi.type.TimeZoneKey;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;

import java.util.function.LongUnaryOperator;

import static io.streamlance.trino.lance.arrow.ArrowTypes.findTimeZone;
import static io.trino.spi.block.Fixed12Block.encodeFixed12;
import static io.trino.spi.type.DateTimeEncoding.packDateTimeWithZone;
import static io.trino.spi.type.DateTimeEncoding.unpackMillisUtc;
import static io.trino.spi.type.Timestamps.PICOSECONDS_PER_DAY;
import static java.lang.Math.floorDiv;
import static java.lang.Math.floorMod;
import static java.lang.Math.multiplyExact;
import static java.lang.Math.toIntExact;

/**
 * Dates, times, timestamps and durations. Only values that are not null are computed: what Arrow
 * stores for a null may not fit the type.
 */
final class TemporalBlocks
{
    private static final int MILLIS_PER_DAY = 86_400_000;
    private static final int PICOS_PER_NANO = 1_000;

    private TemporalBlocks() {}

    static Block read(FieldVector vector, Slots slots)
    {
        return switch (vector) {
            case DateMilliVector _ -> dates(vector, slots);
            case TimeSecVector _ -> times(widen(ArrowBuffers.ints(vector.getDataBuffer(), slots.start(), slots.count())), slots, 1_000_000_000_000L);
            case TimeMilliVector _ -> times(widen(ArrowBuffers.ints(vector.getDataBuffer(), slots.start(), slots.count())), slots, 1_000_000_000);
            case TimeMicroVector _ -> times(ArrowBuffers.longs(vector.getDataBuffer(), slots.start(), slots.count()), slots, 1_000_000);
            case TimeNanoVector _ -> times(ArrowBuffers.longs(vector.getDataBuffer(), slots.start(), slots.count()), slots, PICOS_PER_NANO);
            case DurationVector _ -> durations(vector, slots);
            case TimeStampVector _ -> timestamps(vector, slots, (ArrowType.Timestamp) vector.getField().getType());
            default -> throw new IllegalArgumentException("No Trino type is mapped to the vector " + vector.getField());
        };
    }

    private static Block dates(FieldVector vector, Slots slots)
    {
        long[] millis = ArrowBuffers.longs(vector.getDataBuffer(), slots.start(), slots.count());
        int[] days = new int[slots.count()];
        for (int i = 0; i < days.length; i++) {
            if (slots.isValid(i)) {
                days[i] = toIntExact(floorDiv(millis[i], MILLIS_PER_DAY));
            }
        }
        return new IntArrayBlock(slots.count(), slots.validity(), days);
    }

    private static Block times(long[] times, Slots slots, long picosPerUnit)
    {
        long unitsPerDay = PICOSECONDS_PER_DAY / picosPerUnit;
        // the sign of what is outside of a day, also of nulls: seldom anything
        long outside = 0;
        for (long time : times) {
            outside |= time | (unitsPerDay - 1 - time);
        }
        if (outside < 0) {
            checkTimes(times, slots, unitsPerDay);
        }
        for (int i = 0; i < times.length; i++) {
            times[i] *= picosPerUnit;
        }
        return new LongArrayBlock(slots.count(), slots.validity(), times);
    }

    private static void checkTimes(long[] times, Slots slots, long unitsPerDay)
    {
        for (int i = 0; i < times.length; i++) {
            if (slots.isValid(i) && (times[i] < 0 || times[i] >= unitsPerDay)) {
                throw new ArithmeticException("time of day is out of range: %s, where a day has %s units".formatted(times[i], unitsPerDay));
            }
        }
    }

    private static long[] widen(int[] values)
    {
        long[] wide = new long[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static Block durations(FieldVector vector, Slots slots)
    {
        TimeUnit unit = ((ArrowType.Duration) vector.getField().getType()).getUnit();
        return longs(vector, slots, unit == TimeUnit.SECOND ? seconds -> multiplyExact(seconds, 1_000) : LongUnaryOperator.identity());
    }

    private static Block timestamps(FieldVector vector, Slots slots, ArrowType.Timestamp type)
    {
        if (type.getTimezone() == null) {
            return switch (type.getUnit()) {
                case SECOND -> longs(vector, slots, seconds -> multiplyExact(seconds, 1_000_000));
                case MILLISECOND -> longs(vector, slots, millis -> multiplyExact(millis, 1_000));
                case MICROSECOND -> longs(vector, slots, LongUnaryOperator.identity());
                case NANOSECOND -> fixed12(vector, slots, nanos -> floorDiv(nanos, 1_000), nanos -> floorMod(nanos, 1_000) * PICOS_PER_NANO);
            };
        }
        TimeZoneKey zone = findTimeZone(type.getTimezone()).orElseThrow();
        return switch (type.getUnit()) {
            case SECOND -> longs(vector, slots, seconds -> pack(multiplyExact(seconds, 1_000), zone));
            case MILLISECOND -> longs(vector, slots, millis -> pack(millis, zone));
            case MICROSECOND -> fixed12(vector, slots, micros -> pack(floorDiv(micros, 1_000), zone), micros -> floorMod(micros, 1_000) * 1_000_000L);
            case NANOSECOND -> fixed12(vector, slots, nanos -> pack(floorDiv(nanos, 1_000_000), zone), nanos -> floorMod(nanos, 1_000_000) * (long) PICOS_PER_NANO);
        };
    }

    private static long pack(long millis, TimeZoneKey zone)
    {
        // Trino keeps 52 bits for the milliseconds
        if (unpackMillisUtc(millis << 12) != millis) {
            throw new ArithmeticException("timestamp with time zone is out of range: %s ms since the epoch".formatted(millis));
        }
        return packDateTimeWithZone(millis, zone);
    }

    private static Block longs(FieldVector vector, Slots slots, LongUnaryOperator operator)
    {
        long[] values = ArrowBuffers.longs(vector.getDataBuffer(), slots.start(), slots.count());
        for (int i = 0; i < values.length; i++) {
            values[i] = slots.isValid(i) ? operator.applyAsLong(values[i]) : 0;
        }
        return new LongArrayBlock(slots.count(), slots.validity(), values);
    }

    private static Block fixed12(FieldVector vector, Slots slots, LongUnaryOperator first, LongUnaryOperator second)
    {
        long[] values = ArrowBuffers.longs(vector.getDataBuffer(), slots.start(), slots.count());
        int[] encoded = new int[3 * slots.count()];
        for (int i = 0; i < values.length; i++) {
            if (slots.isValid(i)) {
                encodeFixed12(first.applyAsLong(values[i]), toIntExact(second.applyAsLong(values[i])), encoded, i);
            }
        }
        return new Fixed12Block(slots.count(), slots.validity(), encoded);
    }
}
