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
import io.streamlance.trino.lance.arrow.BlobLayout;

import java.util.List;
import java.util.Optional;

import static java.util.Objects.requireNonNull;

/**
 * How Lance stores a column: Trino's type alone does not say which literals can be compared with it.
 *
 * @param name as DataFusion's {@code arrow_cast} spells the type, for example {@code Int32} or
 *         {@code Timestamp(Microsecond, Some("UTC"))}; {@link #OPAQUE_NAME} if only null tests are safe
 * @param fields of a struct, in the order of Trino's row type
 * @param element of a list
 */
public record StorageType(String name, List<Field> fields, Optional<StorageType> element)
{
    public static final String OPAQUE_NAME = "Opaque";
    public static final StorageType OPAQUE = scalar(OPAQUE_NAME);

    public StorageType
    {
        requireNonNull(name, "name is null");
        fields = ImmutableList.copyOf(fields);
        requireNonNull(element, "element is null");
    }

    public static StorageType scalar(String name)
    {
        return new StorageType(name, ImmutableList.of(), Optional.empty());
    }

    /// Whether the column, or a field nested in it, holds blobs. Filters that name such a field end the whole JVM in Lance 7.0.0.
    public boolean hasBlobs()
    {
        return blobLayout().isPresent() || fields.stream().anyMatch(field -> field.type().hasBlobs());
    }

    /// Whether there are blobs in a field that cannot be named, so that their content cannot be read.
    public boolean hasUnnamedBlobs()
    {
        return fields.stream().anyMatch(field -> field.type().hasUnnamedBlobs() || (field.name().isEmpty() && field.type().hasBlobs()));
    }

    /// @return empty if the values are no blobs themselves
    public Optional<BlobLayout> blobLayout()
    {
        return BlobLayout.ofStorage(name);
    }

    /**
     * @param name empty if the field cannot be named in a filter
     */
    public record Field(Optional<String> name, StorageType type)
    {
        public Field
        {
            requireNonNull(name, "name is null");
            requireNonNull(type, "type is null");
        }
    }
}
