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
package io.streamlance.trino.lance.filter;

import io.airlift.slice.Slice;
import io.trino.spi.type.DecimalType;
import io.trino.spi.type.Decimals;
import io.trino.spi.type.Int128;
import io.trino.spi.type.LongTimestamp;
import io.trino.spi.type.LongTimestampWithTimeZone;
import io.trino.spi.type.Type;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Optional;

import static io.airlift.slice.Slices.utf8Slice;
import static io.trino.spi.type.DateTimeEncoding.unpackMillisUtc;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.addExact;
import static java.lang.Math.multiplyExact;
import static java.lang.Math.toIntExact;

/**
 * Turns values of Trino's types into literals of storage types, exactly or not at all.
 */
public final class FilterLiterals
{
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_MILLI = 1_000;
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int PICOS_PER_NANO = 1_000;
    private static final int PICOS_PER_MICRO = 1_000_000;
    private static final BigInteger UINT64_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private FilterLiterals() {}

    public static boolean isFloatingPoint(StorageType storage)
    {
        return storage.name().startsWith("Float");
    }

    public static boolean hasLiterals(StorageType storage)
    {
        return switch (storage.name()) {
            case StorageType.OPAQUE_NAME, "Struct", "List", "LargeList" -> false;
            default -> true;
        };
    }

    /**
     * @param value as Trino represents values of the type
     * @return empty if the storage type does not have the value
     */
    static Optional<String> literal(StorageType storage, Type type, Object value)
    {
        try {
            return Optional.of(switch (storage.name()) {
                case "Boolean" -> value.toString();
                case "Int8", "Int16", "Int32", "Int64", "Date32" -> value.toString();
                case "UInt8" -> unsigned((long) value, 8);
                case "UInt16" -> unsigned((long) value, 16);
                case "UInt32" -> unsigned((long) value, 32);
                case "UInt64" -> value instanceof Int128 decimal ? unsigned(decimal) : unsignedBigint((long) value);
                case "Float32" -> Float.toString(intBitsToFloat(toIntExact((long) value)));
                case "Float64" -> value.toString();
                case "Utf8", "LargeUtf8" -> text((Slice) value);
                case "Binary", "LargeBinary" -> HexFormat.of().formatHex(((Slice) value).getBytes());
                case String name when name.startsWith("Duration(") -> value.toString();
                case String name when name.startsWith("Decimal128(") -> decimal((DecimalType) type, value);
                case String name when name.startsWith("Timestamp(") -> String.valueOf(timestamp(name, value));
                case String name when name.startsWith("Time") -> String.valueOf((long) value / picosPerUnit(name));
                default -> throw new ArithmeticException("no literals of " + storage.name());
            });
        }
        // out of the range of the storage type
        catch (ArithmeticException _) {
            return Optional.empty();
        }
    }

    private static String unsigned(long value, int bits)
    {
        if (value < 0 || value >= 1L << bits) {
            throw new ArithmeticException("not unsigned: " + value);
        }
        return String.valueOf(value);
    }

    private static String unsignedBigint(long value)
    {
        if (value < 0) {
            throw new ArithmeticException("not unsigned: " + value);
        }
        return String.valueOf(value);
    }

    private static String unsigned(Int128 value)
    {
        if (value.isNegative() || value.toBigInteger().compareTo(UINT64_MAX) > 0) {
            throw new ArithmeticException("not unsigned: " + value);
        }
        return value.toBigInteger().toString();
    }

    private static String text(Slice value)
    {
        String text = value.toStringUtf8();
        if (!utf8Slice(text).equals(value)) {
            throw new ArithmeticException("not UTF-8");
        }
        return text;
    }

    private static String decimal(DecimalType type, Object value)
    {
        return type.isShort() ? Decimals.toString((long) value, type.getScale()) : Decimals.toString((Int128) value, type.getScale());
    }

    private static long timestamp(String name, Object value)
    {
        return switch (value) {
            case LongTimestamp timestamp -> addExact(multiplyExact(timestamp.getEpochMicros(), NANOS_PER_MICRO), timestamp.getPicosOfMicro() / PICOS_PER_NANO);
            case LongTimestampWithTimeZone timestamp when name.startsWith("Timestamp(Microsecond") -> addExact(multiplyExact(timestamp.getEpochMillis(), MICROS_PER_MILLI), timestamp.getPicosOfMilli() / PICOS_PER_MICRO);
            case LongTimestampWithTimeZone timestamp -> addExact(multiplyExact(timestamp.getEpochMillis(), NANOS_PER_MILLI), timestamp.getPicosOfMilli() / PICOS_PER_NANO);
            default -> shortTimestamp(name, (long) value);
        };
    }

    private static long shortTimestamp(String name, long value)
    {
        boolean seconds = name.startsWith("Timestamp(Second");
        if (!name.endsWith(", None)")) {
            long millis = unpackMillisUtc(value);
            return seconds ? millis / 1000 : millis;
        }
        if (seconds) {
            return value / MICROS_PER_SECOND;
        }
        return name.startsWith("Timestamp(Millisecond") ? value / MICROS_PER_MILLI : value;
    }

    private static long picosPerUnit(String name)
    {
        return switch (name) {
            case "Time32(Second)" -> 1_000_000_000_000L;
            case "Time32(Millisecond)" -> 1_000_000_000L;
            case "Time64(Microsecond)" -> 1_000_000L;
            case "Time64(Nanosecond)" -> 1_000L;
            default -> throw new ArithmeticException("no literals of " + name);
        };
    }
}
