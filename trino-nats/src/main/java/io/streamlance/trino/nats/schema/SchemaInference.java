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

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.common.collect.ImmutableList;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.codec.FieldPath;
import io.streamlance.trino.nats.codec.Utf8;
import io.streamlance.trino.nats.codec.limit.PayloadLimits;
import io.streamlance.trino.nats.schema.InferredSchema.InferredColumn;
import io.streamlance.trino.nats.schema.InferredType.Fields;
import io.streamlance.trino.nats.schema.InferredType.Scalar;
import io.trino.spi.type.Type;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import static io.trino.spi.type.VarbinaryType.VARBINARY;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.util.Locale.ENGLISH;

/// Columns of a table without description, from the payloads that were added. Payloads are not kept.
final class SchemaInference
{
    /// A table with more fields than this, those within objects counted, has varchar for objects.
    private static final int MAX_LEAVES = 10_000;

    private static final JsonFactory JSON_FACTORY = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(PayloadLimits.streamReadConstraints())
            .build();

    private InferredType type = new Fields(new LinkedHashMap<>());
    private final Map<String, Long> values = new HashMap<>();
    private long empty;
    private long objects;
    private long others;
    private boolean text = true;

    void add(byte[] payload)
    {
        if (payload.length == 0) {
            empty++;
            return;
        }
        text = text && Utf8.isValid(payload);
        Optional<InferredType> object = objectType(payload);
        if (object.isEmpty()) {
            others++;
            return;
        }
        objects++;
        if (object.orElseThrow() instanceof Fields(Map<String, InferredType> fields)) {
            fields.forEach((name, field) -> values.merge(name, field == Scalar.UNKNOWN ? 0L : 1L, Long::sum));
        }
        type = InferredType.merge(type, object.orElseThrow());
    }

    private static Optional<InferredType> objectType(byte[] payload)
    {
        try (JsonParser parser = JSON_FACTORY.createParser(payload)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            InferredType type = InferredType.of(parser);
            return parser.nextToken() == null ? Optional.of(type) : Optional.empty();
        }
        catch (IOException e) {
            return Optional.empty();
        }
    }

    /// A few bad messages do not make a stream of JSON objects something else: most of the sample decides.
    InferredSchema schema()
    {
        // an object whose names are data does not say what the columns are
        if (objects > others && type instanceof Fields fields && !fields.fields().isEmpty()) {
            return new InferredSchema(DataFormat.JSON, columns(fields), objects + others);
        }
        NatsColumnHandle payload = NatsColumnHandle.payload("payload", text ? VARCHAR : VARBINARY);
        return new InferredSchema(text ? DataFormat.TEXT : DataFormat.RAW, ImmutableList.of(new InferredColumn(payload, 0)), objects + others);
    }

    private List<InferredColumn> columns(Fields fields)
    {
        Map<String, String> names = columnNames(fields.fields().keySet());
        boolean flat = fields.leaves() > MAX_LEAVES;
        ImmutableList.Builder<InferredColumn> columns = ImmutableList.builder();
        fields.fields().forEach((name, type) -> {
            Type columnType = flat && !(type instanceof InferredType.Scalar) ? VARCHAR : type.toTrinoType();
            NatsColumnHandle handle = NatsColumnHandle.field(names.get(name), columnType, FieldPath.ofName(name));
            columns.add(new InferredColumn(handle, 1 - (double) values.get(name) / (objects + empty)));
        });
        return columns.build();
    }

    /// SQL names are case-insensitive, JSON names are not. A field whose name is one in SQL keeps it.
    private static Map<String, String> columnNames(Set<String> fields)
    {
        Set<String> taken = new HashSet<>();
        for (InternalColumn column : InternalColumn.values()) {
            taken.add(column.columnName());
        }
        Map<String, String> names = new HashMap<>();
        for (String field : fields) {
            if (field.equals(field.toLowerCase(ENGLISH)) && !field.isBlank() && taken.add(field)) {
                names.put(field, field);
            }
        }
        for (String field : fields) {
            names.computeIfAbsent(field, _ -> uniqueName(field, taken));
        }
        return names;
    }

    private static String uniqueName(String field, Set<String> taken)
    {
        String base = field.isBlank() ? "_" : field.toLowerCase(ENGLISH);
        String name = base;
        for (int i = 2; !taken.add(name); i++) {
            name = base + "_" + i;
        }
        return name;
    }
}
