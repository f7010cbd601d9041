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
package io.streamlance.trino.lance.system;

import com.google.common.collect.ImmutableMap;
import org.lance.Dataset;
import org.lance.schema.LanceField;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Objects.requireNonNull;

/// Names of the fields of a dataset by their numbers; those nested in others with the path to them.
final class FieldNames
{
    private final Optional<Map<Integer, String>> names;

    private FieldNames(Optional<Map<Integer, String>> names)
    {
        this.names = requireNonNull(names, "names is null");
    }

    static FieldNames of(Dataset dataset)
    {
        ImmutableMap.Builder<Integer, String> names = ImmutableMap.builder();
        try {
            dataset.getLanceSchema().fields().forEach(field -> collect("", field, names));
        }
        // Lance's Java binding has no view of a schema with dictionaries that shows the numbers
        catch (IllegalArgumentException _) {
            return new FieldNames(Optional.empty());
        }
        return new FieldNames(Optional.of(names.buildOrThrow()));
    }

    /// @return empty if Lance does not tell
    Optional<List<String>> of(List<Integer> fields)
    {
        return names
                .filter(known -> known.keySet().containsAll(fields))
                .map(known -> fields.stream().map(known::get).collect(toImmutableList()));
    }

    private static void collect(String prefix, LanceField field, ImmutableMap.Builder<Integer, String> names)
    {
        names.put(field.getId(), prefix + field.getName());
        field.getChildren().forEach(child -> collect(prefix + field.getName() + ".", child, names));
    }
}
