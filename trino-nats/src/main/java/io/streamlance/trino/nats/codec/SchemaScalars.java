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
import io.airlift.slice.Slices;
import io.streamlance.trino.nats.codec.limit.ValueQuote;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.type.BooleanType;
import io.trino.spi.type.DateType;
import io.trino.spi.type.DecimalType;
import io.trino.spi.type.DoubleType;
import io.trino.spi.type.RealType;
import io.trino.spi.type.TimeType;
import io.trino.spi.type.TimeZoneNotSupportedException;
import io.trino.spi.type.Type;
import io.trino.spi.type.UuidType;
import io.trino.spi.type.VarbinaryType;
import io.trino.spi.type.VarcharType;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;
import java.util.UUID;

import static io.trino.spi.type.BooleanType.BOOLEAN;
import static io.trino.spi.type.DoubleType.DOUBLE;
import static io.trino.spi.type.RealType.REAL;
import static io.trino.spi.type.UuidType.javaUuidToTrinoUuid;
import static io.trino.spi.type.VarbinaryType.VARBINARY;

/// Scalars of formats with a schema. Values are Boolean, Long, BigDecimal, Float, Double, Slice for text and bytes, UUID, or a
/// TemporalAccessor, whose time is in UTC.
final class SchemaScalars
{
    private SchemaScalars() {}

    /// Moves a value, which is not null, into a block.
    interface ScalarWriter
    {
        void write(Object value, BlockBuilder builder)
                throws DecodeException;
    }

    /// @param schemaType the type that holds every value of the schema
    /// @param type type of the column; may be another one that holds values of the same kind
    /// @throws IllegalArgumentException when the type is of another kind
    static ScalarWriter create(Type schemaType, Type type, ValueFormat format)
    {
        ScalarWriter writer = writer(schemaType, type, format);
        return (value, builder) -> {
            try {
                writer.write(value, builder);
            }
            catch (ArithmeticException | DateTimeException | IllegalArgumentException | TimeZoneNotSupportedException e) {
                throw new DecodeException("%s is not a value of type %s".formatted(value instanceof BigDecimal number ? ValueQuote.of(number) : ValueQuote.of(text(value)), type.getDisplayName()));
            }
        };
    }

    private static ScalarWriter writer(Type schemaType, Type type, ValueFormat format)
    {
        if (!format.isDefault()) {
            return formatted(schemaType, type, format);
        }
        if (TemporalWriters.isTemporal(schemaType)) {
            boolean sameKind = schemaType instanceof DateType == type instanceof DateType && schemaType instanceof TimeType == type instanceof TimeType;
            require(TemporalWriters.isTemporal(type) && sameKind, schemaType, type);
            return (value, builder) -> TemporalWriters.write(type, (TemporalAccessor) value, builder);
        }
        boolean exact = ExactValues.isInteger(schemaType) || schemaType instanceof DecimalType;
        return switch (type) {
            case BooleanType _ when schemaType instanceof BooleanType -> (value, builder) -> BOOLEAN.writeBoolean(builder, (boolean) value);
            case RealType _ when schemaType instanceof RealType -> (value, builder) -> REAL.writeFloat(builder, (float) value);
            case DoubleType _ when schemaType instanceof RealType || schemaType instanceof DoubleType -> (value, builder) -> DOUBLE.writeDouble(builder, ((Number) value).doubleValue());
            case VarcharType varchar when schemaType instanceof VarcharType -> (value, builder) -> ExactValues.writeVarchar(varchar, (Slice) value, builder);
            case VarcharType varchar when schemaType instanceof UuidType -> (value, builder) -> ExactValues.writeVarchar(varchar, Slices.utf8Slice(value.toString()), builder);
            case VarbinaryType _ when schemaType instanceof VarbinaryType -> (value, builder) -> VARBINARY.writeSlice(builder, (Slice) value);
            case UuidType uuid when schemaType instanceof UuidType -> (value, builder) -> uuid.writeSlice(builder, javaUuidToTrinoUuid((UUID) value));
            case UuidType uuid when schemaType instanceof VarcharType -> (value, builder) -> uuid.writeSlice(builder, javaUuidToTrinoUuid(ExactValues.parseUuid(((Slice) value).toStringUtf8())));
            default -> {
                require(exact && (ExactValues.isInteger(type) || type instanceof DecimalType), schemaType, type);
                yield (value, builder) -> writeNumber(type, value, builder);
            }
        };
    }

    private static void writeNumber(Type type, Object value, BlockBuilder builder)
    {
        if (value instanceof Long number && ExactValues.isInteger(type)) {
            ExactValues.writeInteger(type, number, builder);
        }
        else {
            ExactValues.writeNumber(type, value instanceof Long number ? BigDecimal.valueOf(number) : (BigDecimal) value, builder);
        }
    }

    /// A date or time that the schema has as text or number.
    private static ScalarWriter formatted(Type schemaType, Type type, ValueFormat valueFormat)
    {
        String name = valueFormat.dataFormat().map("dataFormat '%s'"::formatted).orElse("formatHint");
        if (!TemporalWriters.isTemporal(type)) {
            throw new IllegalArgumentException("%s does not apply to %s".formatted(name, type.getDisplayName()));
        }
        TemporalFormat format = TemporalFormat.create(valueFormat.dataFormat(), valueFormat.formatHint());
        boolean readable = schemaType instanceof VarcharType || (format.isNumeric() && ExactValues.isInteger(schemaType));
        if (!readable) {
            throw new IllegalArgumentException("%s does not apply to values that the schema has as %s".formatted(name, schemaType.getDisplayName()));
        }
        return (value, builder) -> TemporalWriters.write(type, format.parse(text(value)), builder);
    }

    private static String text(Object value)
    {
        return value instanceof Slice slice ? slice.toStringUtf8() : value.toString();
    }

    private static void require(boolean condition, Type schemaType, Type type)
    {
        if (!condition) {
            throw new IllegalArgumentException("type %s does not hold values that the schema has as %s".formatted(type.getDisplayName(), schemaType.getDisplayName()));
        }
    }

    /// How a description says that dates and times are written.
    record ValueFormat(Optional<String> dataFormat, Optional<String> formatHint)
    {
        static final ValueFormat DEFAULT = new ValueFormat(Optional.empty(), Optional.empty());

        boolean isDefault()
        {
            return dataFormat.isEmpty() && formatHint.isEmpty();
        }
    }
}
