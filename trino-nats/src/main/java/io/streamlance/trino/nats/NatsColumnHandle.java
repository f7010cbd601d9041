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
package io.streamlance.trino.nats;

import com.google.common.collect.ImmutableList;
import io.streamlance.trino.nats.schema.InternalColumn;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ColumnMetadata;
import io.trino.spi.type.RowType;
import io.trino.spi.type.Type;

import java.util.List;
import java.util.Optional;

import static java.util.Objects.requireNonNull;

/// A column and where its values come from.
///
/// @param mapping depends on the source: path of the field, position of the subject token, or name of the internal column
/// @param dataFormat how a value is written in the payload, for dates and times
/// @param formatHint pattern, for `custom-date-time`
/// @param nested where the value is within the column, for a field within a row
public record NatsColumnHandle(
        String name,
        Type type,
        Source source,
        String mapping,
        Optional<String> dataFormat,
        Optional<String> formatHint,
        Optional<String> comment,
        Optional<NestedField> nested)
        implements ColumnHandle
{
    /// A field within the rows of a column, which has its name and type in place of the column's.
    ///
    /// @param columnName of the whole column
    /// @param columnType of the whole column
    /// @param path positions in the types of the rows, from the outside
    public record NestedField(String columnName, Type columnType, List<Integer> path)
    {
        public NestedField
        {
            requireNonNull(columnName, "columnName is null");
            requireNonNull(columnType, "columnType is null");
            path = ImmutableList.copyOf(path);
        }
    }

    public enum Source
    {
        /// A field of the payload.
        FIELD,
        /// The whole payload.
        PAYLOAD,
        /// A token of the subject, counted from 1.
        SUBJECT_TOKEN,
        /// See [InternalColumn].
        INTERNAL,
        /// See [io.streamlance.trino.nats.summary.SummaryColumn].
        SUMMARY,
    }

    public NatsColumnHandle
    {
        requireNonNull(name, "name is null");
        requireNonNull(type, "type is null");
        requireNonNull(source, "source is null");
        requireNonNull(mapping, "mapping is null");
        requireNonNull(dataFormat, "dataFormat is null");
        requireNonNull(formatHint, "formatHint is null");
        requireNonNull(comment, "comment is null");
        requireNonNull(nested, "nested is null");
    }

    public NatsColumnHandle(String name, Type type, Source source, String mapping, Optional<String> dataFormat, Optional<String> formatHint, Optional<String> comment)
    {
        this(name, type, source, mapping, dataFormat, formatHint, comment, Optional.empty());
    }

    public static NatsColumnHandle field(String name, Type type, String mapping)
    {
        return new NatsColumnHandle(name, type, Source.FIELD, mapping, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static NatsColumnHandle payload(String name, Type type)
    {
        return new NatsColumnHandle(name, type, Source.PAYLOAD, "", Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// @param positions in the types of the rows, from the outside; empty for this column itself
    NatsColumnHandle field(List<Integer> positions)
    {
        if (positions.isEmpty()) {
            return this;
        }
        String fieldName = name;
        Type fieldType = type;
        for (int position : positions) {
            RowType.Field field = ((RowType) fieldType).getFields().get(position);
            fieldName = fieldName + "." + field.getName().orElseGet(() -> String.valueOf(position));
            fieldType = field.getType();
        }
        NatsColumnHandle topLevel = topLevel();
        List<Integer> path = ImmutableList.<Integer>builder().addAll(path()).addAll(positions).build();
        return new NatsColumnHandle(fieldName, fieldType, source, mapping, dataFormat, formatHint, comment, Optional.of(new NestedField(topLevel.name(), topLevel.type(), path)));
    }

    /// The column that this one is or is a field of.
    NatsColumnHandle topLevel()
    {
        return nested.map(field -> new NatsColumnHandle(field.columnName(), field.columnType(), source, mapping, dataFormat, formatHint, comment))
                .orElse(this);
    }

    /// Positions of the nested field within the column, empty for the column itself.
    List<Integer> path()
    {
        return nested.map(NestedField::path).orElse(ImmutableList.of());
    }

    NatsColumnHandle withType(Type type)
    {
        return new NatsColumnHandle(name, type, source, mapping, dataFormat, formatHint, comment, nested);
    }

    public boolean isDecoded()
    {
        return source == Source.FIELD || source == Source.PAYLOAD;
    }

    public boolean isInternal(InternalColumn column)
    {
        return source == Source.INTERNAL && InternalColumn.of(this) == column;
    }

    public ColumnMetadata metadata()
    {
        return ColumnMetadata.builder()
                .setName(name)
                .setType(type)
                .setHidden(source == Source.INTERNAL)
                .setComment(comment)
                .build();
    }

    @Override
    public String toString()
    {
        return name + ":" + type.getDisplayName();
    }
}
