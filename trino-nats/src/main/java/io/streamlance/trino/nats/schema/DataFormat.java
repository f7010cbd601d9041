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

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

import static java.util.Arrays.stream;
import static java.util.Locale.ENGLISH;
import static java.util.stream.Collectors.joining;

/// Format of the payload of a table.
public enum DataFormat
{
    JSON,
    CBOR,
    SMILE,
    MSGPACK,
    /// One line of values without a header.
    CSV,
    /// One datum in the binary encoding, see [PayloadFormat#schema].
    AVRO,
    /// One message, see [PayloadFormat#schema].
    PROTOBUF,
    /// One varchar column, the payload as UTF-8.
    TEXT,
    /// One varbinary column, the payload as it is.
    RAW,
    /**/;

    @JsonValue
    public String toJson()
    {
        return name().toLowerCase(ENGLISH);
    }

    @JsonCreator
    public static DataFormat fromJson(String value)
    {
        return stream(values())
                .filter(format -> format.toJson().equals(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Unknown dataFormat '%s', known are: %s".formatted(
                        value,
                        stream(values()).map(DataFormat::toJson).collect(joining(", ")))));
    }
}
