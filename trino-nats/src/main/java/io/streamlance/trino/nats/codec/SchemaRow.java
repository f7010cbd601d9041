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

import io.trino.spi.type.RowType;

import java.util.Arrays;
import java.util.List;

/// The fields of a row type and those of a record of a schema. SQL makes names lower case, so a name in another case is taken
/// when the schema has none as written.
///
/// @param type whose fields all must be in the schema
record SchemaRow(RowType type)
{
    /// Which field of the row takes each field of the schema, -1 for none.
    ///
    /// @throws IllegalArgumentException when a field of the row is not in the schema
    int[] positions(List<String> schemaFields)
    {
        int[] positions = new int[schemaFields.size()];
        Arrays.fill(positions, -1);
        for (int i = 0; i < type.getFields().size(); i++) {
            String name = type.getFields().get(i).getName().orElseThrow(() -> new IllegalArgumentException("fields of a row must have names"));
            int field = schemaFields.indexOf(name);
            if (field < 0) {
                field = indexOfIgnoringCase(schemaFields, name);
            }
            if (positions[field] >= 0) {
                throw new IllegalArgumentException("two fields of %s are field '%s' of the schema".formatted(type.getDisplayName(), schemaFields.get(field)));
            }
            positions[field] = i;
        }
        return positions;
    }

    private static int indexOfIgnoringCase(List<String> names, String name)
    {
        List<String> matching = names.stream().filter(name::equalsIgnoreCase).toList();
        if (matching.size() != 1) {
            throw new IllegalArgumentException("the schema has %s field '%s' of the row".formatted(matching.isEmpty() ? "no" : "more than one", name));
        }
        return names.indexOf(matching.getFirst());
    }
}
