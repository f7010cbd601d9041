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
import io.trino.spi.type.RowType;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.RowType.field;
import static io.trino.spi.type.SmallintType.SMALLINT;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.util.Objects.requireNonNull;

/// The descriptors that a scan returns in place of blobs.
public enum BlobLayout
{
    /// Large binary columns with the field metadata `lance-encoding:blob`, in formats before 2.2.
    V1(RowType.from(ImmutableList.of(field("position", BIGINT), field("size", BIGINT)))),
    /// The extension type `lance.blob.v2`.
    V2(RowType.from(ImmutableList.of(
            field("kind", SMALLINT),
            field("position", BIGINT),
            field("size", BIGINT),
            field("blob_id", BIGINT),
            field("blob_uri", VARCHAR)))),
    /**/;

    private static final String STORAGE_PREFIX = "Blob";

    private final RowType descriptorType;

    BlobLayout(RowType descriptorType)
    {
        this.descriptorType = requireNonNull(descriptorType, "descriptorType is null");
    }

    public RowType descriptorType()
    {
        return descriptorType;
    }

    /// Name of the storage type of columns with these descriptors.
    public String storageName()
    {
        return STORAGE_PREFIX + name();
    }

    public static boolean isBlob(Field field)
    {
        return "true".equals(field.getMetadata().get("lance-encoding:blob")) || ArrowTypes.extensionName(field).startsWith("lance.blob");
    }

    public static boolean containsBlob(Field field)
    {
        return isBlob(field) || field.getChildren().stream().anyMatch(BlobLayout::containsBlob);
    }

    /// @return empty if the field is no blob, or of a layout that is not known
    public static Optional<BlobLayout> of(Field field)
    {
        if (!isBlob(field) || !(field.getType() instanceof ArrowType.Struct)) {
            return Optional.empty();
        }
        List<String> names = field.getChildren().stream()
                .map(Field::getName)
                .collect(toImmutableList());
        return Arrays.stream(values())
                .filter(layout -> layout.fieldNames().equals(names))
                .findFirst();
    }

    public static Optional<BlobLayout> ofStorage(String storageName)
    {
        return Arrays.stream(values())
                .filter(layout -> layout.storageName().equals(storageName))
                .findFirst();
    }

    private List<String> fieldNames()
    {
        return descriptorType.getFields().stream()
                .flatMap(field -> field.getName().stream())
                .collect(toImmutableList());
    }
}
