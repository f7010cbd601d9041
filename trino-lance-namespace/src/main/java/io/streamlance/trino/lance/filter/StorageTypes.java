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

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.streamlance.trino.lance.arrow.ArrowTypes;
import io.streamlance.trino.lance.arrow.BlobLayout;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import static io.streamlance.trino.lance.filter.StorageType.OPAQUE;
import static io.streamlance.trino.lance.filter.StorageType.scalar;

public final class StorageTypes
{
    // those with a Trino type other than that of what is stored
    private static final Set<String> EXTENSIONS = ImmutableSet.of("arrow.uuid", "arrow.json", "arrow.bool8", "lance.bfloat16");

    private StorageTypes() {}

    public static StorageType of(Field field)
    {
        Optional<BlobLayout> blob = BlobLayout.of(field);
        if (blob.isPresent()) {
            return scalar(blob.orElseThrow().storageName());
        }
        // literals of dictionary columns would have to be dictionaries themselves, and those of extensions be stored values
        if (field.getDictionary() != null || EXTENSIONS.contains(ArrowTypes.extensionName(field))) {
            return OPAQUE;
        }
        return switch (field.getType()) {
            case ArrowType.Bool _ -> scalar("Boolean");
            case ArrowType.Int type -> scalar((type.getIsSigned() ? "Int" : "UInt") + type.getBitWidth());
            case ArrowType.FloatingPoint type -> switch (type.getPrecision()) {
                // a literal would be rounded to the few values of this type
                case HALF -> OPAQUE;
                case SINGLE -> scalar("Float32");
                case DOUBLE -> scalar("Float64");
            };
            // literals have the digits that Trino shows, of which the stored values lack the zeros
            case ArrowType.Decimal type when type.getScale() < 0 -> OPAQUE;
            case ArrowType.Decimal type when type.getBitWidth() == 128 -> scalar("Decimal128(%s, %s)".formatted(type.getPrecision(), type.getScale()));
            case ArrowType.Utf8 _ -> scalar("Utf8");
            case ArrowType.LargeUtf8 _ -> scalar("LargeUtf8");
            case ArrowType.Binary _ -> scalar("Binary");
            case ArrowType.LargeBinary _ -> scalar("LargeBinary");
            case ArrowType.Date type -> switch (type.getUnit()) {
                case DAY -> scalar("Date32");
                // milliseconds that need not be those of a whole day
                case MILLISECOND -> OPAQUE;
            };
            case ArrowType.Time type -> scalar("Time%s(%s)".formatted(type.getBitWidth(), unitName(type.getUnit())));
            case ArrowType.Timestamp type -> scalar("Timestamp(%s, %s)".formatted(
                    unitName(type.getUnit()),
                    type.getTimezone() == null ? "None" : "Some(\"%s\")".formatted(type.getTimezone())));
            case ArrowType.Duration type -> switch (type.getUnit()) {
                // an interval of Trino, which counts milliseconds
                case SECOND, MILLISECOND -> OPAQUE;
                case MICROSECOND, NANOSECOND -> scalar("Duration(%s)".formatted(unitName(type.getUnit())));
            };
            case ArrowType.Struct _ -> struct(field.getChildren());
            case ArrowType.List _ -> list("List", field);
            case ArrowType.LargeList _ -> list("LargeList", field);
            default -> OPAQUE;
        };
    }

    private static StorageType struct(List<Field> children)
    {
        ImmutableList.Builder<StorageType.Field> fields = ImmutableList.builder();
        for (Field child : children) {
            boolean ambiguous = children.stream().filter(other -> other.getName().equalsIgnoreCase(child.getName())).count() > 1;
            boolean nameable = !ambiguous && !child.getName().isEmpty() && !child.getName().contains("`");
            fields.add(new StorageType.Field(nameable ? Optional.of(child.getName()) : Optional.empty(), of(child)));
        }
        return new StorageType("Struct", fields.build(), Optional.empty());
    }

    private static StorageType list(String name, Field field)
    {
        return new StorageType(name, ImmutableList.of(), Optional.of(of(field.getChildren().getFirst())));
    }

    private static String unitName(TimeUnit unit)
    {
        return switch (unit) {
            case SECOND -> "Second";
            case MILLISECOND -> "Millisecond";
            case MICROSECOND -> "Microsecond";
            case NANOSECOND -> "Nanosecond";
        };
    }
}
