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

import io.streamlance.trino.nats.schema.InternalColumn;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ColumnMetadata;
import io.trino.spi.type.Type;

import java.util.Optional;

import static java.util.Objects.requireNonNull;

/// A column and where its values come from.
///
/// @param mapping depends on the source: path of the field, position of the subject token, or name of the internal column
/// @param dataFormat how a value is written in the payload, for dates and times
/// @param formatHint pattern, for `custom-date-time`
public record NatsColumnHandle(
        String name,
        Type type,
        Source source,
        String mapping,
        Optional<String> dataFormat,
        Optional<String> formatHint,
        Optional<String> comment)
        implements ColumnHandle
{
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
    }

    public static NatsColumnHandle field(String name, Type type, String mapping)
    {
        return new NatsColumnHandle(name, type, Source.FIELD, mapping, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static NatsColumnHandle payload(String name, Type type)
    {
        return new NatsColumnHandle(name, type, Source.PAYLOAD, "", Optional.empty(), Optional.empty(), Optional.empty());
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
