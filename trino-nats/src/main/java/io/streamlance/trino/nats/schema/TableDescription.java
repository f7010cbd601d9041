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
package io.streamlance.trino.nats.schema;

import com.google.common.collect.ImmutableList;

import java.util.List;
import java.util.Optional;

import static java.util.Objects.requireNonNull;

/// A table description file.
///
/// @param stream name of the stream; when left out it is found by the subject
/// @param subject subject of the messages, may have wildcards; when left out, every message of the stream
public record TableDescription(
        Optional<String> schemaName,
        String tableName,
        Optional<String> stream,
        Optional<String> subject,
        Optional<String> comment,
        List<SubjectColumn> subjectColumns,
        Message message)
{
    public TableDescription
    {
        requireNonNull(schemaName, "schemaName is null");
        require(tableName != null && !tableName.isBlank(), "tableName is missing");
        require(stream.isPresent() || subject.isPresent(), "stream or subject is missing");
        require(subjectColumns == null || !subjectColumns.contains(null), "subjectColumns has a null");
        subjectColumns = subjectColumns == null ? ImmutableList.of() : ImmutableList.copyOf(subjectColumns);
        require(message != null, "message is missing");
    }

    /// A column that is a token of the subject.
    ///
    /// @param token position in the subject, counted from 1
    public record SubjectColumn(String name, int token, Optional<String> comment)
    {
        public SubjectColumn
        {
            require(name != null && !name.isBlank(), "name of a subject column is missing");
            require(token >= 1, "token of subject column '%s' is not positive: %s".formatted(name, token));
        }
    }

    /// @param dataSchema for `avro` and `protobuf`, path of the schema file, relative to the description
    /// @param messageType for `protobuf`, full name of the message
    /// @param delimiter for `csv`, the character between values, a comma when left out
    /// @param quote for `csv`, the character around values, a double quote when left out
    /// @param fields columns of the payload; when none are given with a schema, every field of it is a column
    public record Message(
            DataFormat dataFormat,
            Optional<String> dataSchema,
            Optional<String> messageType,
            Optional<String> delimiter,
            Optional<String> quote,
            List<Field> fields)
    {
        public Message
        {
            require(dataFormat != null, "message.dataFormat is missing");
            boolean schema = dataFormat == DataFormat.AVRO || dataFormat == DataFormat.PROTOBUF;
            checkUse("dataSchema", dataSchema, schema, dataFormat);
            require(dataSchema.isPresent() || !schema, "message.dataSchema is missing, the schema file of dataFormat " + dataFormat.toJson());
            checkUse("messageType", messageType, dataFormat == DataFormat.PROTOBUF, dataFormat);
            require(messageType.isPresent() || dataFormat != DataFormat.PROTOBUF, "message.messageType is missing, the full name of the message in the descriptor set");
            checkUse("delimiter", delimiter, dataFormat == DataFormat.CSV, dataFormat);
            checkUse("quote", quote, dataFormat == DataFormat.CSV, dataFormat);
            require(fields == null || !fields.contains(null), "message.fields has a null");
            fields = fields == null ? ImmutableList.of() : ImmutableList.copyOf(fields);
        }

        private static void checkUse(String key, Optional<String> value, boolean used, DataFormat dataFormat)
        {
            require(used || value.isEmpty(), "message.%s is not used by dataFormat %s".formatted(key, dataFormat.toJson()));
        }
    }

    /// @param mapping path of the value in the payload, names separated by `/`; the name of the column when left out; for `csv`
    ///         the position of the value, counted from 0
    /// @param type SQL type
    public record Field(String name, Optional<String> mapping, String type, Optional<String> dataFormat, Optional<String> formatHint, Optional<String> comment)
    {
        public Field
        {
            require(name != null && !name.isBlank(), "name of a field is missing");
            require(type != null && !type.isBlank(), "type of field '%s' is missing".formatted(name));
        }
    }

    private static void require(boolean condition, String problem)
    {
        if (!condition) {
            throw new IllegalArgumentException(problem);
        }
    }
}
