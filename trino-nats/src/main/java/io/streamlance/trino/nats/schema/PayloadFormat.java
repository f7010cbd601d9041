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

import java.util.Optional;

import static java.util.Objects.requireNonNull;

/// What a node needs to decode the payloads of a table.
///
/// @param schema for `avro` the schema as JSON, for `protobuf` the file descriptor set in base64
/// @param messageType for `protobuf`, full name of the message
/// @param delimiter for `csv`, what is between values
/// @param quote for `csv`, what is around values that contain the delimiter
public record PayloadFormat(
        DataFormat dataFormat,
        Optional<String> schema,
        Optional<String> messageType,
        Optional<String> delimiter,
        Optional<String> quote)
{
    public PayloadFormat
    {
        requireNonNull(dataFormat, "dataFormat is null");
        requireNonNull(schema, "schema is null");
        requireNonNull(messageType, "messageType is null");
        requireNonNull(delimiter, "delimiter is null");
        requireNonNull(quote, "quote is null");
    }

    public static PayloadFormat of(DataFormat dataFormat)
    {
        return new PayloadFormat(dataFormat, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
}
