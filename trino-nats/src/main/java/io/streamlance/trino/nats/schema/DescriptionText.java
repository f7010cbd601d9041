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

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.predicate.SubjectPattern;

import java.util.Optional;

import static java.util.Locale.ENGLISH;

/// Writes what inference sees as a table description file.
public final class DescriptionText
{
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private DescriptionText() {}

    /// The text of a file that describes a table with the columns of `schema`, in the default schema of the catalog.
    public static String create(String stream, Optional<SubjectPattern> subject, InferredSchema schema)
    {
        ObjectNode description = MAPPER.createObjectNode()
                .put("tableName", stream.toLowerCase(ENGLISH))
                .put("stream", stream);
        subject.ifPresent(pattern -> description.put("subject", pattern.value()));
        ObjectNode message = description.putObject("message")
                .put("dataFormat", schema.dataFormat().toJson());
        ArrayNode fields = message.putArray("fields");
        for (NatsColumnHandle column : schema.handles()) {
            ObjectNode field = fields.addObject().put("name", column.name());
            if (schema.dataFormat() == DataFormat.JSON && !column.mapping().equals(column.name())) {
                field.put("mapping", column.mapping());
            }
            field.put("type", column.type().getDisplayName());
        }
        try {
            return MAPPER.writeValueAsString(description);
        }
        catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of texts cannot be written as JSON", e);
        }
    }
}
