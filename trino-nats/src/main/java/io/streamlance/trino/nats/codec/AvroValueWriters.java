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
import io.streamlance.trino.nats.codec.SchemaScalars.ScalarWriter;
import io.streamlance.trino.nats.codec.SchemaScalars.ValueFormat;
import io.streamlance.trino.nats.codec.limit.ValueQuote;
import io.trino.spi.block.ArrayBlockBuilder;
import io.trino.spi.block.MapBlockBuilder;
import io.trino.spi.block.RowBlockBuilder;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.MapType;
import io.trino.spi.type.RowType;
import io.trino.spi.type.Type;
import io.trino.spi.type.VarcharType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.lang.Math.floorDiv;
import static java.lang.Math.floorMod;
import static java.lang.Math.multiplyExact;
import static java.nio.charset.StandardCharsets.UTF_8;

/// Which writer serves which Avro schema and SQL type.
final class AvroValueWriters
{
    private static final int MILLIS_PER_SECOND = 1000;
    private static final int MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_SECOND = 1_000_000_000;

    private AvroValueWriters() {}

    /// @throws IllegalArgumentException when the type does not hold values of the schema
    static AvroValueWriter create(Schema schema, Type type, ValueFormat format)
    {
        return switch (schema.getType()) {
            case UNION -> nullable(schema, create(AvroSchemas.valueBranch(schema), type, format));
            case ARRAY, MAP, RECORD -> {
                if (!format.isDefault()) {
                    throw new IllegalArgumentException("dataFormat and formatHint do not apply to " + type.getDisplayName());
                }
                yield nested(schema, type);
            }
            default -> scalar(schema, SchemaScalars.create(AvroSchemas.type(schema), type, format));
        };
    }

    private static AvroValueWriter nested(Schema schema, Type type)
    {
        return switch (type) {
            case ArrayType array when schema.getType() == Schema.Type.ARRAY -> array(create(schema.getElementType(), array.getElementType(), ValueFormat.DEFAULT));
            case MapType map when schema.getType() == Schema.Type.MAP && map.getKeyType() instanceof VarcharType key && key.isUnbounded() -> map(create(schema.getValueType(), map.getValueType(), ValueFormat.DEFAULT));
            case RowType row when schema.getType() == Schema.Type.RECORD -> row(schema, row);
            default -> throw new IllegalArgumentException("type %s does not hold values that the schema has as %s".formatted(type.getDisplayName(), schema.getType().getName()));
        };
    }

    private static AvroValueWriter nullable(Schema union, AvroValueWriter writer)
    {
        boolean[] isNull = new boolean[union.getTypes().size()];
        for (int i = 0; i < isNull.length; i++) {
            isNull[i] = union.getTypes().get(i).getType() == Schema.Type.NULL;
        }
        return (input, builder) -> {
            if (isNull[input.readIndex(isNull.length)]) {
                builder.appendNull();
            }
            else {
                writer.write(input, builder);
            }
        };
    }

    private static AvroValueWriter array(AvroValueWriter element)
    {
        return (input, builder) -> ((ArrayBlockBuilder) builder).buildEntry(elements -> {
            for (long items = input.nextBlock(); items > 0; items = input.nextBlock()) {
                for (long i = 0; i < items; i++) {
                    element.write(input, elements);
                }
            }
        });
    }

    private static AvroValueWriter map(AvroValueWriter value)
    {
        return (input, builder) -> ((MapBlockBuilder) builder).buildEntry((keys, values) -> {
            Set<Slice> seen = new HashSet<>();
            for (long items = input.nextBlock(); items > 0; items = input.nextBlock()) {
                for (long i = 0; i < items; i++) {
                    Slice key = text(input);
                    if (!seen.add(key)) {
                        throw new DecodeException("key %s occurs twice".formatted(ValueQuote.of(key.toStringUtf8())));
                    }
                    VARCHAR.writeSlice(keys, key);
                    value.write(input, values);
                }
            }
        });
    }

    private static AvroValueWriter row(Schema record, RowType type)
    {
        List<Field> fields = record.getFields();
        int[] positions = new SchemaRow(type).positions(fields.stream().map(Field::name).toList());
        AvroValueWriter[] writers = new AvroValueWriter[fields.size()];
        for (int i = 0; i < writers.length; i++) {
            writers[i] = positions[i] < 0 ? null : create(fields.get(i).schema(), type.getFields().get(positions[i]).getType(), ValueFormat.DEFAULT);
        }
        return (input, builder) -> ((RowBlockBuilder) builder).buildEntry(builders -> {
            for (int i = 0; i < writers.length; i++) {
                if (writers[i] == null) {
                    AvroSkip.skip(fields.get(i).schema(), input);
                }
                else {
                    writers[i].write(input, builders.get(positions[i]));
                }
            }
        });
    }

    private static AvroValueWriter scalar(Schema schema, ScalarWriter writer)
    {
        ScalarReader reader = reader(schema);
        return (input, builder) -> writer.write(reader.read(input), builder);
    }

    private interface ScalarReader
    {
        Object read(AvroInput input)
                throws IOException;
    }

    private static ScalarReader reader(Schema schema)
    {
        return switch (schema.getLogicalType()) {
            case LogicalTypes.Decimal decimal -> {
                ScalarReader bytes = physicalReader(schema);
                yield input -> decimal((Slice) bytes.read(input), decimal.getScale());
            }
            case LogicalTypes.Date _ -> AvroInput::readDate;
            case LogicalTypes.TimeMillis _ -> input -> LocalTime.ofNanoOfDay(multiplyExact((long) input.decoder().readInt(), NANOS_PER_SECOND / MILLIS_PER_SECOND));
            case LogicalTypes.TimeMicros _ -> input -> LocalTime.ofNanoOfDay(multiplyExact(input.decoder().readLong(), NANOS_PER_SECOND / MICROS_PER_SECOND));
            case LogicalTypes.TimestampMillis _, LogicalTypes.LocalTimestampMillis _ -> input -> timestamp(input.decoder().readLong(), MILLIS_PER_SECOND);
            case LogicalTypes.TimestampMicros _, LogicalTypes.LocalTimestampMicros _ -> input -> timestamp(input.decoder().readLong(), MICROS_PER_SECOND);
            case LogicalTypes.TimestampNanos _, LogicalTypes.LocalTimestampNanos _ -> input -> timestamp(input.decoder().readLong(), NANOS_PER_SECOND);
            case LogicalTypes.Uuid _ -> uuidReader(schema);
            case null, default -> physicalReader(schema);
        };
    }

    private static ScalarReader physicalReader(Schema schema)
    {
        return switch (schema.getType()) {
            case BOOLEAN -> input -> input.decoder().readBoolean();
            case INT -> input -> (long) input.decoder().readInt();
            case LONG -> input -> input.decoder().readLong();
            case FLOAT -> input -> input.decoder().readFloat();
            case DOUBLE -> input -> input.decoder().readDouble();
            case STRING -> AvroValueWriters::text;
            case BYTES -> input -> Slices.wrappedBuffer(input.readBytes());
            case FIXED -> input -> Slices.wrappedBuffer(input.readFixed(schema.getFixedSize()));
            case ENUM -> {
                List<Slice> symbols = schema.getEnumSymbols().stream().map(Slices::utf8Slice).toList();
                yield input -> symbols.get(input.readIndex(symbols.size()));
            }
            default -> throw new IllegalArgumentException("not a scalar: " + schema);
        };
    }

    private static ScalarReader uuidReader(Schema schema)
    {
        if (schema.getType() == Schema.Type.STRING) {
            return input -> ExactValues.parseUuid(text(input).toStringUtf8());
        }
        return input -> {
            byte[] bytes = input.readFixed(schema.getFixedSize());
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new UUID(buffer.getLong(), buffer.getLong());
        };
    }

    private static BigDecimal decimal(Slice bytes, int scale)
    {
        return new BigDecimal(new BigInteger(bytes.getBytes()), scale);
    }

    private static LocalDateTime timestamp(long value, int unitsPerSecond)
    {
        return LocalDateTime.ofEpochSecond(
                floorDiv(value, unitsPerSecond),
                floorMod(value, unitsPerSecond) * (NANOS_PER_SECOND / unitsPerSecond),
                ZoneOffset.UTC);
    }

    private static Slice text(AvroInput input)
            throws IOException
    {
        byte[] bytes = input.readBytes();
        if (!Utf8.isValid(bytes)) {
            throw new DecodeException("a string is not UTF-8: " + ValueQuote.of(new String(bytes, UTF_8)));
        }
        return Slices.wrappedBuffer(bytes);
    }
}
