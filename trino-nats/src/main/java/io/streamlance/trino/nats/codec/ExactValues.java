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

import io.airlift.slice.Slice;
import io.airlift.slice.SliceUtf8;
import io.streamlance.trino.nats.codec.limit.PayloadLimits;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.type.BigintType;
import io.trino.spi.type.DecimalType;
import io.trino.spi.type.Decimals;
import io.trino.spi.type.Int128;
import io.trino.spi.type.IntegerType;
import io.trino.spi.type.SmallintType;
import io.trino.spi.type.TinyintType;
import io.trino.spi.type.Type;
import io.trino.spi.type.VarcharType;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Writes values into blocks that hold them exactly.
final class ExactValues
{
    /// More than any type has; trailing zeros are allowed for.
    private static final int MAX_SCALE = 1000;

    private ExactValues() {}

    static boolean isInteger(Type type)
    {
        return type instanceof TinyintType || type instanceof SmallintType || type instanceof IntegerType || type instanceof BigintType;
    }

    /// @param type one of the integer types
    /// @throws ArithmeticException when the type does not hold the value
    static void writeInteger(Type type, long value, BlockBuilder builder)
    {
        boolean fits = switch (type) {
            case TinyintType _ -> (byte) value == value;
            case SmallintType _ -> (short) value == value;
            case IntegerType _ -> (int) value == value;
            case BigintType _ -> true;
            default -> throw new IllegalArgumentException("not an integer type: " + type.getDisplayName());
        };
        if (!fits) {
            throw new ArithmeticException("out of range");
        }
        type.writeLong(builder, value);
    }

    /// @param type an integer type or a decimal
    /// @throws ArithmeticException when the type does not hold the value
    static void writeNumber(Type type, BigDecimal value, BlockBuilder builder)
    {
        if (!isReasonable(value)) {
            throw new ArithmeticException("out of range");
        }
        if (!(type instanceof DecimalType decimal)) {
            writeInteger(type, value.longValueExact(), builder);
            return;
        }
        BigDecimal scaled = value.setScale(decimal.getScale(), RoundingMode.UNNECESSARY);
        if (scaled.precision() > decimal.getPrecision()) {
            throw new ArithmeticException("too many digits");
        }
        if (decimal.isShort()) {
            decimal.writeLong(builder, scaled.unscaledValue().longValueExact());
        }
        else {
            decimal.writeObject(builder, Int128.valueOf(scaled.unscaledValue()));
        }
    }

    /// False for a number like 1e999999999 or 1e-999999999, which arithmetic would write out digit by digit, and for one of
    /// too many digits, which takes long to count.
    static boolean isReasonable(BigDecimal value)
    {
        return !PayloadLimits.isTooLong(value.unscaledValue()) && value.precision() - (long) value.scale() <= Decimals.MAX_PRECISION + 1 && value.scale() <= MAX_SCALE;
    }

    static void writeVarchar(VarcharType type, Slice value, BlockBuilder builder)
            throws DecodeException
    {
        int maxLength = type.getLength().orElse(Integer.MAX_VALUE);
        if (value.length() > maxLength && SliceUtf8.countCodePoints(value) > maxLength) {
            throw new DecodeException("a string is longer than " + type.getDisplayName());
        }
        type.writeSlice(builder, value);
    }

    /// Java's parser takes less than 36 characters, too.
    ///
    /// @throws IllegalArgumentException when it is not a UUID in the canonical form
    static java.util.UUID parseUuid(String text)
    {
        java.util.UUID value = java.util.UUID.fromString(text);
        if (!value.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException("not a UUID: " + text);
        }
        return value;
    }
}
