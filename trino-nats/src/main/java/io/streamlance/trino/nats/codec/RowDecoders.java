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

import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.schema.PayloadFormat;

import java.util.List;

public final class RowDecoders
{
    private RowDecoders() {}

    /// @param columns the decoded columns that are wanted, in the order of the builders
    /// @throws IllegalArgumentException when the columns do not go with the format
    public static RowDecoder create(PayloadFormat format, List<NatsColumnHandle> columns)
    {
        return switch (format.dataFormat()) {
            case JSON -> new StreamingRowDecoder(StreamingFormat.JSON, columns);
            case CBOR -> new StreamingRowDecoder(StreamingFormat.CBOR, columns);
            case SMILE -> new StreamingRowDecoder(StreamingFormat.SMILE, columns);
            case MSGPACK -> new StreamingRowDecoder(StreamingFormat.MSGPACK, columns);
            case CSV -> new CsvRowDecoder(columns, format.delimiter(), format.quote());
            case AVRO -> new AvroRowDecoder(AvroSchemas.parse(format.schema().orElseThrow()), columns);
            case PROTOBUF -> new ProtobufRowDecoder(ProtobufSchemas.parse(format.schema().orElseThrow(), format.messageType().orElseThrow()), columns);
            case TEXT, RAW -> new PayloadDecoder(columns);
        };
    }
}
