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

import io.trino.spi.type.ArrayType;
import io.trino.spi.type.MapType;
import io.trino.spi.type.RowType;
import io.trino.spi.type.Type;
import io.trino.spi.type.TypeOperators;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.BooleanType.BOOLEAN;
import static io.trino.spi.type.DateType.DATE;
import static io.trino.spi.type.DecimalType.createDecimalType;
import static io.trino.spi.type.Decimals.MAX_PRECISION;
import static io.trino.spi.type.DoubleType.DOUBLE;
import static io.trino.spi.type.IntegerType.INTEGER;
import static io.trino.spi.type.RealType.REAL;
import static io.trino.spi.type.TimeType.TIME_MICROS;
import static io.trino.spi.type.TimeType.TIME_MILLIS;
import static io.trino.spi.type.TimestampType.TIMESTAMP_MICROS;
import static io.trino.spi.type.TimestampType.TIMESTAMP_MILLIS;
import static io.trino.spi.type.TimestampType.TIMESTAMP_NANOS;
import static io.trino.spi.type.UuidType.UUID;
import static io.trino.spi.type.VarbinaryType.VARBINARY;
import static io.trino.spi.type.VarcharType.VARCHAR;

/// SQL types of Avro schemas.
final class AvroSchemas
{
    private static final TypeOperators TYPE_OPERATORS = new TypeOperators();

    private AvroSchemas() {}

    /// @throws IllegalArgumentException when it is not the schema of a record
    static Schema parse(String json)
    {
        Schema schema;
        try {
            schema = new Schema.Parser().parse(json);
        }
        catch (AvroRuntimeException e) {
            throw new IllegalArgumentException("message.dataSchema is not an Avro schema: " + e.getMessage(), e);
        }
        if (schema.getType() != Schema.Type.RECORD) {
            throw new IllegalArgumentException("message.dataSchema is the Avro schema of a %s, not of a record".formatted(schema.getType().getName()));
        }
        return schema;
    }

    /// The type that holds every value of the schema.
    ///
    /// @throws IllegalArgumentException when there is none
    static Type type(Schema schema)
    {
        return type(schema, new HashSet<>());
    }

    /// @param enclosing records around this schema
    private static Type type(Schema schema, Set<Schema> enclosing)
    {
        Optional<Type> logical = logicalType(schema);
        if (logical.isPresent()) {
            return logical.orElseThrow();
        }
        return switch (schema.getType()) {
            case BOOLEAN -> BOOLEAN;
            case INT -> INTEGER;
            case LONG -> BIGINT;
            case FLOAT -> REAL;
            case DOUBLE -> DOUBLE;
            case STRING, ENUM -> VARCHAR;
            case BYTES, FIXED -> VARBINARY;
            case ARRAY -> new ArrayType(type(schema.getElementType(), enclosing));
            case MAP -> new MapType(VARCHAR, type(schema.getValueType(), enclosing), TYPE_OPERATORS);
            case UNION -> type(valueBranch(schema), enclosing);
            case RECORD -> rowType(schema, enclosing);
            case NULL -> throw new IllegalArgumentException("the schema has null only");
        };
    }

    private static Type rowType(Schema schema, Set<Schema> enclosing)
    {
        if (schema.getFields().isEmpty()) {
            throw new IllegalArgumentException("record %s has no fields".formatted(schema.getFullName()));
        }
        if (!enclosing.add(schema)) {
            throw new IllegalArgumentException("record %s contains itself".formatted(schema.getFullName()));
        }
        Type type = RowType.from(schema.getFields().stream()
                .map(field -> RowType.field(field.name(), type(field.schema(), enclosing)))
                .collect(toImmutableList()));
        enclosing.remove(schema);
        return type;
    }

    private static Optional<Type> logicalType(Schema schema)
    {
        LogicalType logicalType = schema.getLogicalType();
        return switch (logicalType) {
            case LogicalTypes.Decimal decimal -> {
                if (decimal.getPrecision() > MAX_PRECISION) {
                    throw new IllegalArgumentException("a decimal of %s digits has more than %s".formatted(decimal.getPrecision(), MAX_PRECISION));
                }
                yield Optional.of(createDecimalType(decimal.getPrecision(), decimal.getScale()));
            }
            case LogicalTypes.Date _ -> Optional.of(DATE);
            case LogicalTypes.TimeMillis _ -> Optional.of(TIME_MILLIS);
            case LogicalTypes.TimeMicros _ -> Optional.of(TIME_MICROS);
            case LogicalTypes.TimestampMillis _, LogicalTypes.LocalTimestampMillis _ -> Optional.of(TIMESTAMP_MILLIS);
            case LogicalTypes.TimestampMicros _, LogicalTypes.LocalTimestampMicros _ -> Optional.of(TIMESTAMP_MICROS);
            case LogicalTypes.TimestampNanos _, LogicalTypes.LocalTimestampNanos _ -> Optional.of(TIMESTAMP_NANOS);
            case LogicalTypes.Uuid _ -> Optional.of(UUID);
            // others do not change how a value is read, as the specification demands of unknown ones
            case null, default -> Optional.empty();
        };
    }

    /// What a union has beside null; the schema itself when it is no union.
    ///
    /// @throws IllegalArgumentException when there are several
    static Schema valueBranch(Schema schema)
    {
        if (schema.getType() != Schema.Type.UNION) {
            return schema;
        }
        List<Schema> branches = schema.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .collect(toImmutableList());
        if (branches.size() != 1) {
            throw new IllegalArgumentException("a union must have one type beside null, this one is " + schema);
        }
        return branches.getFirst();
    }

    /// @throws IllegalArgumentException when the record has no such field
    static Schema resolve(Schema record, List<String> path)
    {
        Schema schema = record;
        for (String name : path) {
            schema = valueBranch(schema);
            Field field = schema.getType() == Schema.Type.RECORD ? schema.getField(name) : null;
            if (field == null) {
                throw new IllegalArgumentException("the schema has no field '%s'".formatted(String.join("/", path)));
            }
            schema = field.schema();
        }
        return schema;
    }
}
