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

import io.streamlance.trino.nats.NatsColumnHandle;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.BigintType;
import io.trino.spi.type.BooleanType;
import io.trino.spi.type.DateType;
import io.trino.spi.type.DecimalType;
import io.trino.spi.type.DoubleType;
import io.trino.spi.type.IntegerType;
import io.trino.spi.type.MapType;
import io.trino.spi.type.RealType;
import io.trino.spi.type.RowType;
import io.trino.spi.type.SmallintType;
import io.trino.spi.type.TimeType;
import io.trino.spi.type.TimestampType;
import io.trino.spi.type.TimestampWithTimeZoneType;
import io.trino.spi.type.TinyintType;
import io.trino.spi.type.Type;
import io.trino.spi.type.UuidType;
import io.trino.spi.type.VarbinaryType;
import io.trino.spi.type.VarcharType;

import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;

/// Which writer serves which type.
public final class JsonValueWriters
{
    private JsonValueWriters() {}

    /// @throws IllegalArgumentException when the type or its data format is not supported
    public static JsonValueWriter create(NatsColumnHandle column)
    {
        try {
            return create(column.type(), column.dataFormat(), column.formatHint());
        }
        catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("field '%s': %s".formatted(column.name(), e.getMessage()), e);
        }
    }

    private static JsonValueWriter create(Type type, Optional<String> dataFormat, Optional<String> formatHint)
    {
        if (type instanceof DateType || type instanceof TimeType || type instanceof TimestampType || type instanceof TimestampWithTimeZoneType) {
            return JsonTemporalWriters.create(type, TemporalFormat.create(dataFormat, formatHint));
        }
        if (dataFormat.isPresent()) {
            throw new IllegalArgumentException("dataFormat '%s' does not apply to %s".formatted(dataFormat.orElseThrow(), type.getDisplayName()));
        }
        return switch (type) {
            case BooleanType _ -> JsonScalarWriters::writeBoolean;
            case TinyintType _ -> JsonScalarWriters.integer(type, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case SmallintType _ -> JsonScalarWriters.integer(type, Short.MIN_VALUE, Short.MAX_VALUE);
            case IntegerType _ -> JsonScalarWriters.integer(type, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case BigintType _ -> JsonScalarWriters.integer(type, Long.MIN_VALUE, Long.MAX_VALUE);
            case RealType _ -> JsonScalarWriters::writeReal;
            case DoubleType _ -> JsonScalarWriters::writeDouble;
            case DecimalType decimal -> JsonScalarWriters.decimal(decimal);
            case VarcharType varchar -> JsonScalarWriters.varchar(varchar);
            case VarbinaryType _ -> JsonScalarWriters::writeBase64;
            case UuidType _ -> JsonScalarWriters::writeUuid;
            case ArrayType array -> JsonNestedWriters.array(create(array.getElementType(), Optional.empty(), Optional.empty()));
            case MapType map when map.getKeyType() instanceof VarcharType -> JsonNestedWriters.map(create(map.getValueType(), Optional.empty(), Optional.empty()));
            case RowType row -> JsonNestedWriters.row(
                    row.getFields().stream()
                            .map(field -> field.getName().orElseThrow(() -> new IllegalArgumentException("fields of a row must have names")))
                            .collect(toImmutableList()),
                    row.getFields().stream()
                            .map(field -> create(field.getType(), Optional.empty(), Optional.empty()))
                            .collect(toImmutableList()));
            default -> throw new IllegalArgumentException("type %s is not supported for JSON".formatted(type.getDisplayName()));
        };
    }
}
