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

import com.google.common.collect.ImmutableList;
import com.google.inject.Inject;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.MapType;
import io.trino.spi.type.RowType;
import io.trino.spi.type.TimeZoneKey;
import io.trino.spi.type.TimeZoneNotSupportedException;
import io.trino.spi.type.Type;
import io.trino.spi.type.TypeDescriptor;
import io.trino.spi.type.TypeManager;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

import java.util.List;
import java.util.Optional;

import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.BooleanType.BOOLEAN;
import static io.trino.spi.type.DateType.DATE;
import static io.trino.spi.type.DecimalType.createDecimalType;
import static io.trino.spi.type.Decimals.MAX_PRECISION;
import static io.trino.spi.type.DoubleType.DOUBLE;
import static io.trino.spi.type.IntegerType.INTEGER;
import static io.trino.spi.type.RealType.REAL;
import static io.trino.spi.type.SmallintType.SMALLINT;
import static io.trino.spi.type.StandardTypes.INTERVAL_DAY_TO_SECOND;
import static io.trino.spi.type.StandardTypes.JSON;
import static io.trino.spi.type.TimeType.createTimeType;
import static io.trino.spi.type.TimeZoneKey.getTimeZoneKey;
import static io.trino.spi.type.TimestampType.createTimestampType;
import static io.trino.spi.type.TimestampWithTimeZoneType.createTimestampWithTimeZoneType;
import static io.trino.spi.type.TinyintType.TINYINT;
import static io.trino.spi.type.UuidType.UUID;
import static io.trino.spi.type.VarbinaryType.VARBINARY;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.lang.Math.max;
import static java.lang.Math.min;
import static java.util.Objects.requireNonNull;

/**
 * Maps Arrow fields to Trino types that hold every value without loss of precision.
 */
public final class ArrowTypes
{
    private static final String EXTENSION_NAME = "ARROW:extension:name";

    private final TypeManager typeManager;

    @Inject
    public ArrowTypes(TypeManager typeManager)
    {
        this.typeManager = requireNonNull(typeManager, "typeManager is null");
    }

    /**
     * @param dictionaries knows the value type of dictionary-encoded fields
     * @return empty if Trino has no type for the field, or for a field nested in it
     */
    public Optional<Type> toTrinoType(Field field, DictionaryProvider dictionaries)
    {
        if (BlobLayout.isBlob(field)) {
            return BlobLayout.of(field).map(_ -> VARBINARY);
        }
        if (field.getDictionary() != null) {
            Field values = dictionaries.lookup(field.getDictionary().getId()).getVector().getField();
            return toTrinoType(values, dictionaries);
        }
        return switch (extensionName(field)) {
            case "arrow.uuid" -> Optional.of(UUID);
            // a scan shows JSON as text, unless it is nested
            case "arrow.json" -> Optional.of(typeManager.getType(new TypeDescriptor(JSON)));
            case "lance.json" -> Optional.empty();
            case "arrow.bool8" -> Optional.of(BOOLEAN);
            case "lance.bfloat16" -> Optional.of(REAL);
            default -> storageType(field, dictionaries);
        };
    }

    private Optional<Type> storageType(Field field, DictionaryProvider dictionaries)
    {
        return switch (field.getType()) {
            case ArrowType.Bool _ -> Optional.of(BOOLEAN);
            case ArrowType.Int type -> Optional.of(integerType(type));
            case ArrowType.FloatingPoint type -> Optional.of(switch (type.getPrecision()) {
                case HALF, SINGLE -> REAL;
                case DOUBLE -> DOUBLE;
            });
            case ArrowType.Decimal type -> decimalType(type);
            case ArrowType.Utf8 _, ArrowType.LargeUtf8 _ -> Optional.of(VARCHAR);
            case ArrowType.Binary _, ArrowType.LargeBinary _, ArrowType.FixedSizeBinary _ -> Optional.of(VARBINARY);
            case ArrowType.Date _ -> Optional.of(DATE);
            case ArrowType.Time type -> Optional.of(createTimeType(precision(type.getUnit())));
            case ArrowType.Timestamp type -> timestampType(type);
            case ArrowType.Duration type -> Optional.of(isIntervalUnit(type.getUnit()) ? typeManager.getType(new TypeDescriptor(INTERVAL_DAY_TO_SECOND)) : BIGINT);
            case ArrowType.List _, ArrowType.LargeList _, ArrowType.FixedSizeList _ -> elementType(field.getChildren().getFirst(), dictionaries).map(ArrayType::new);
            case ArrowType.Map _ -> mapType(field, dictionaries);
            case ArrowType.Struct _ -> rowType(field, dictionaries);
            default -> Optional.empty();
        };
    }

    /**
     * What the Trino type does not say about the values of a column.
     */
    public static Optional<String> columnComment(Field field)
    {
        if (field.getType() instanceof ArrowType.Duration type && !isIntervalUnit(type.getUnit())) {
            return Optional.of(type.getUnit() == TimeUnit.MICROSECOND ? "duration in microseconds" : "duration in nanoseconds");
        }
        return Optional.empty();
    }

    /**
     * Whether a duration of this unit fits into an interval day to second, which counts milliseconds.
     */
    static boolean isIntervalUnit(TimeUnit unit)
    {
        return unit == TimeUnit.SECOND || unit == TimeUnit.MILLISECOND;
    }

    private static Type integerType(ArrowType.Int type)
    {
        return switch (type.getBitWidth()) {
            case 8 -> type.getIsSigned() ? TINYINT : SMALLINT;
            case 16 -> type.getIsSigned() ? SMALLINT : INTEGER;
            case 32 -> type.getIsSigned() ? INTEGER : BIGINT;
            default -> type.getIsSigned() ? BIGINT : createDecimalType(20, 0);
        };
    }

    private static Optional<Type> decimalType(ArrowType.Decimal type)
    {
        int precision = decimalPrecision(type.getPrecision(), type.getScale());
        if (precision > MAX_PRECISION || type.getScale() > precision) {
            return Optional.empty();
        }
        return Optional.of(createDecimalType(precision, max(type.getScale(), 0)));
    }

    /// Trino has no negative scales, so that their zeros are digits.
    static int decimalPrecision(int precision, int scale)
    {
        return precision - min(scale, 0);
    }

    private static Optional<Type> timestampType(ArrowType.Timestamp type)
    {
        if (type.getTimezone() == null) {
            return Optional.of(createTimestampType(precision(type.getUnit())));
        }
        return findTimeZone(type.getTimezone()).map(_ -> createTimestampWithTimeZoneType(precision(type.getUnit())));
    }

    static Optional<TimeZoneKey> findTimeZone(String zone)
    {
        try {
            return Optional.of(getTimeZoneKey(zone));
        }
        catch (TimeZoneNotSupportedException e) {
            return Optional.empty();
        }
    }

    private static int precision(TimeUnit unit)
    {
        return switch (unit) {
            case SECOND -> 0;
            case MILLISECOND -> 3;
            case MICROSECOND -> 6;
            case NANOSECOND -> 9;
        };
    }

    // Lance finds a blob by its row alone
    private Optional<Type> elementType(Field field, DictionaryProvider dictionaries)
    {
        return BlobLayout.containsBlob(field) ? Optional.empty() : toTrinoType(field, dictionaries);
    }

    private Optional<Type> mapType(Field field, DictionaryProvider dictionaries)
    {
        List<Field> keyAndValue = field.getChildren().getFirst().getChildren();
        Optional<Type> keyType = elementType(keyAndValue.get(0), dictionaries).filter(Type::isComparable);
        Optional<Type> valueType = elementType(keyAndValue.get(1), dictionaries);
        return keyType.flatMap(key -> valueType.map(value -> new MapType(key, value, typeManager.getTypeOperators())));
    }

    private Optional<Type> rowType(Field field, DictionaryProvider dictionaries)
    {
        ImmutableList.Builder<RowType.Field> fields = ImmutableList.builder();
        for (Field child : field.getChildren()) {
            Optional<Type> type = toTrinoType(child, dictionaries);
            if (type.isEmpty()) {
                return Optional.empty();
            }
            // Trino cannot read a type back in which a name is empty
            fields.add(child.getName().isEmpty() ? RowType.field(type.orElseThrow()) : RowType.field(child.getName(), type.orElseThrow()));
        }
        return field.getChildren().isEmpty() ? Optional.empty() : Optional.of(RowType.from(fields.build()));
    }

    public static String typeName(Field field)
    {
        if (BlobLayout.isBlob(field)) {
            return "blob";
        }
        String name = extensionName(field).isEmpty() ? field.getType().toString() : extensionName(field);
        return BlobLayout.containsBlob(field) ? name + " with blobs" : name;
    }

    /**
     * @return empty if the field is of one of Arrow's own types
     */
    public static String extensionName(Field field)
    {
        return field.getMetadata().getOrDefault(EXTENSION_NAME, "");
    }
}
