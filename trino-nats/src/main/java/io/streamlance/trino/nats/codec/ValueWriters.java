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
import io.streamlance.trino.nats.codec.limit.MissingFields;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.BigintType;
import io.trino.spi.type.BooleanType;
import io.trino.spi.type.DecimalType;
import io.trino.spi.type.DoubleType;
import io.trino.spi.type.IntegerType;
import io.trino.spi.type.MapType;
import io.trino.spi.type.RealType;
import io.trino.spi.type.RowType;
import io.trino.spi.type.SmallintType;
import io.trino.spi.type.TinyintType;
import io.trino.spi.type.Type;
import io.trino.spi.type.UuidType;
import io.trino.spi.type.VarbinaryType;
import io.trino.spi.type.VarcharType;

import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;

/// Which writer serves which type.
public final class ValueWriters
{
    private ValueWriters() {}

    /// @throws IllegalArgumentException when the type or its data format is not supported
    static ValueWriter create(NatsColumnHandle column, MissingFields missingFields)
    {
        try {
            return create(column.type(), column.dataFormat(), column.formatHint(), missingFields);
        }
        catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("field '%s': %s".formatted(column.name(), e.getMessage()), e);
        }
    }

    private static ValueWriter create(Type type, Optional<String> dataFormat, Optional<String> formatHint, MissingFields missingFields)
    {
        if (TemporalWriters.isTemporal(type)) {
            return TemporalWriters.create(type, TemporalFormat.create(dataFormat, formatHint));
        }
        if (dataFormat.isPresent()) {
            throw new IllegalArgumentException("dataFormat '%s' does not apply to %s".formatted(dataFormat.orElseThrow(), type.getDisplayName()));
        }
        if (formatHint.isPresent()) {
            throw new IllegalArgumentException("formatHint does not apply to " + type.getDisplayName());
        }
        return switch (type) {
            case BooleanType _ -> ScalarWriters::writeBoolean;
            case TinyintType _, SmallintType _, IntegerType _, BigintType _, DecimalType _ -> ScalarWriters.number(type);
            case RealType _ -> ScalarWriters::writeReal;
            case DoubleType _ -> ScalarWriters::writeDouble;
            case VarcharType varchar -> ScalarWriters.varchar(varchar);
            case VarbinaryType _ -> ScalarWriters::writeVarbinary;
            case UuidType _ -> ScalarWriters::writeUuid;
            case ArrayType array -> NestedWriters.array(create(array.getElementType(), Optional.empty(), Optional.empty(), missingFields));
            case MapType map when map.getKeyType() instanceof VarcharType -> NestedWriters.map(create(map.getValueType(), Optional.empty(), Optional.empty(), missingFields));
            case RowType row -> NestedWriters.row(
                    row.getFields().stream()
                            .map(field -> field.getName().orElseThrow(() -> new IllegalArgumentException("fields of a row must have names")))
                            .collect(toImmutableList()),
                    row.getFields().stream()
                            .map(field -> create(field.getType(), Optional.empty(), Optional.empty(), missingFields))
                            .collect(toImmutableList()),
                    missingFields);
            default -> throw new IllegalArgumentException("type %s is not supported".formatted(type.getDisplayName()));
        };
    }
}
