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

import com.fasterxml.jackson.core.JsonParser;
import io.streamlance.trino.nats.codec.limit.MissingFields;
import io.streamlance.trino.nats.codec.limit.PayloadLimits;
import io.streamlance.trino.nats.codec.limit.ValueQuote;
import io.trino.spi.block.BlockBuilder;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static java.util.Locale.ENGLISH;

/// The fields of a row. SQL makes their names lower case, so a name in another case is taken when the payload has none as written.
final class RowFields
{
    private static final byte MISSING = 0;
    private static final byte OTHER_CASE = 1;
    private static final byte EXACT = 2;

    private final Map<String, Integer> exactPositions = new HashMap<>();
    private final Map<String, Integer> lowerCasePositions = new HashMap<>();
    private final List<ValueWriter> writers;
    private final MissingFields missingFields;

    /// @throws IllegalArgumentException when a name occurs twice
    RowFields(List<String> names, List<ValueWriter> writers, MissingFields missingFields)
    {
        for (int i = 0; i < names.size(); i++) {
            if (exactPositions.put(names.get(i), i) != null) {
                throw new IllegalArgumentException("field '%s' of a row occurs twice".formatted(names.get(i)));
            }
            lowerCasePositions.putIfAbsent(names.get(i).toLowerCase(ENGLISH), i);
        }
        this.writers = writers;
        this.missingFields = missingFields;
    }

    /// The parser stands at the start of an object and is left at its end.
    void write(JsonParser parser, List<BlockBuilder> fields)
            throws IOException
    {
        byte[] found = new byte[writers.size()];
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            Integer position = exactPositions.get(name);
            byte match = EXACT;
            if (position == null) {
                position = lowerCasePositions.get(name.toLowerCase(ENGLISH));
                match = OTHER_CASE;
            }
            parser.nextToken();
            if (position == null || found[position] > match) {
                PayloadLimits.skipChildren(parser);
                continue;
            }
            if (found[position] == match) {
                throw new DecodeException("field %s occurs twice".formatted(ValueQuote.of(name)));
            }
            BlockBuilder builder = fields.get(position);
            if (found[position] == OTHER_CASE) {
                builder.resetTo(builder.getPositionCount() - 1);
            }
            found[position] = match;
            NestedWriters.writeNullable(writers.get(position), parser, builder);
        }
        NestedWriters.expectEnd(parser);
        for (int i = 0; i < found.length; i++) {
            if (found[i] == MISSING) {
                missingFields.add();
                fields.get(i).appendNull();
            }
        }
    }
}
