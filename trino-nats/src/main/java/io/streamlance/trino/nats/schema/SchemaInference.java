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

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.codec.FieldPath;
import io.streamlance.trino.nats.codec.Utf8;
import io.streamlance.trino.nats.schema.InferredType.Fields;

import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import static io.trino.spi.type.VarbinaryType.VARBINARY;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.util.Locale.ENGLISH;

/// Columns of a table without description, from a sample of its payloads.
final class SchemaInference
{
    private static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build()
            .reader();

    private SchemaInference() {}

    record InferredSchema(DataFormat dataFormat, List<NatsColumnHandle> columns) {}

    /// A few bad messages do not make a stream of JSON objects something else: most of the sample decides.
    static InferredSchema infer(List<byte[]> payloads)
    {
        Fields fields = new Fields(new LinkedHashMap<>());
        int objects = 0;
        int others = 0;
        boolean text = true;
        for (byte[] payload : payloads) {
            if (payload.length == 0) {
                continue;
            }
            Optional<JsonNode> object = parseObject(payload);
            if (object.isPresent()) {
                objects++;
                fields = (Fields) InferredType.merge(fields, InferredType.of(object.orElseThrow()));
            }
            else {
                others++;
                text = text && Utf8.isValid(payload);
            }
        }
        if (objects > others && !fields.fields().isEmpty()) {
            return new InferredSchema(DataFormat.JSON, columns(fields));
        }
        return text ?
                new InferredSchema(DataFormat.TEXT, ImmutableList.of(NatsColumnHandle.payload("payload", VARCHAR))) :
                new InferredSchema(DataFormat.RAW, ImmutableList.of(NatsColumnHandle.payload("payload", VARBINARY)));
    }

    private static Optional<JsonNode> parseObject(byte[] payload)
    {
        try {
            JsonNode node = READER.readTree(payload);
            return node.isObject() ? Optional.of(node) : Optional.empty();
        }
        catch (IOException e) {
            return Optional.empty();
        }
    }

    private static List<NatsColumnHandle> columns(Fields fields)
    {
        Set<String> names = new HashSet<>();
        for (InternalColumn column : InternalColumn.values()) {
            names.add(column.columnName());
        }
        ImmutableList.Builder<NatsColumnHandle> columns = ImmutableList.builder();
        fields.fields().forEach((name, type) ->
                columns.add(NatsColumnHandle.field(uniqueName(name, names), type.toTrinoType(), FieldPath.ofName(name))));
        return columns.build();
    }

    /// SQL names are case-insensitive, JSON names are not.
    private static String uniqueName(String field, Set<String> taken)
    {
        String base = field.isEmpty() ? "_" : field.toLowerCase(ENGLISH);
        String name = base;
        for (int i = 2; !taken.add(name); i++) {
            name = base + "_" + i;
        }
        return name;
    }
}
