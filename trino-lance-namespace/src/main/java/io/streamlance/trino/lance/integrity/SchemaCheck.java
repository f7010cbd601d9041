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
package io.streamlance.trino.lance.integrity;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSetMultimap;
import com.google.common.collect.Maps;
import com.google.common.collect.SetMultimap;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static io.streamlance.trino.lance.integrity.ManifestMessages.DESCRIPTOR_SCHEMA;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FIELD_ID;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FIELD_LOGICAL_TYPE;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FIELD_NAME;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FIELD_NULLABLE;
import static io.streamlance.trino.lance.integrity.ManifestMessages.FIELD_PARENT;
import static io.streamlance.trino.lance.integrity.ManifestMessages.SCHEMA_FIELDS;

/// Whether the schema of a table and those of its data files tell the same of a column. Columns keep their ids and types, and
/// may be renamed, dropped, and made nullable.
final class SchemaCheck
{
    private static final SetMultimap<String, Set<String>> INDEX_COLUMNS = ImmutableSetMultimap.of(
            "page_lookup.lance",
            ImmutableSet.of("min", "max", "null_count", "page_idx"),
            "page_data.lance",
            ImmutableSet.of("values", "ids"),
            // as Lance called them before version 1
            "page_data.lance",
            ImmutableSet.of("values", "row_ids"),
            "bitmap_page_lookup.lance",
            ImmutableSet.of("keys", "bitmaps"));

    private static final Pattern SIMPLE_TYPE = Pattern.compile("bool|u?int(8|16|32|64)|halffloat|float|double|string|large_string|binary|large_binary|date32:day|date64:ms|(timestamp|time|time32|time64|duration|decimal):.*");

    private final List<ProtobufMessage> tableFields;
    private final Map<Long, ProtobufMessage> tableFieldsById;

    SchemaCheck(List<ProtobufMessage> tableFields)
    {
        this.tableFields = tableFields;
        this.tableFieldsById = Maps.uniqueIndex(tableFields, field -> field.number(FIELD_ID));
    }

    /// @param fields that the manifest says to be in the file
    void checkFile(ProtobufMessage descriptor, List<Long> fields)
    {
        Set<Long> ids = new HashSet<>();
        for (ProtobufMessage field : fields(descriptor)) {
            ids.add(field.number(FIELD_ID));
            ProtobufMessage tableField = tableFieldsById.get(field.number(FIELD_ID));
            if (tableField == null) {
                continue;
            }
            if (!tableField.text(FIELD_LOGICAL_TYPE).equals(field.text(FIELD_LOGICAL_TYPE))) {
                throw new DamageException("has field %s as %s, which is %s in the manifest".formatted(field.number(FIELD_ID), field.text(FIELD_LOGICAL_TYPE), tableField.text(FIELD_LOGICAL_TYPE)));
            }
            if (field.has(FIELD_NULLABLE) && !tableField.has(FIELD_NULLABLE)) {
                throw new DamageException("may have nulls in field %s, which the manifest excludes".formatted(field.number(FIELD_ID)));
            }
        }
        for (long field : fields) {
            if (field >= 0 && !ids.contains(field)) {
                throw new DamageException("does not have field %s, which is in it by the manifest".formatted(field));
            }
        }
    }

    /// A column that was added without values is in no file, and behind those that were there before. If it is before them, and
    /// a file has its name under an id that is in no table, its id is wrong.
    void checkMissing(Set<Long> fields, ProtobufMessage descriptor)
    {
        for (ProtobufMessage field : fields(descriptor)) {
            if (!tableFieldsById.containsKey(field.number(FIELD_ID))) {
                findMissing(fields, field).ifPresent(missing -> {
                    throw new DamageException("has column %s as field %s, which is field %s in the manifest".formatted(field.text(FIELD_NAME), field.number(FIELD_ID), missing.number(FIELD_ID)));
                });
            }
        }
    }

    private Optional<ProtobufMessage> findMissing(Set<Long> fields, ProtobufMessage field)
    {
        long smallestBehind = Long.MAX_VALUE;
        for (int i = tableFields.size() - 1; i >= 0; i--) {
            ProtobufMessage candidate = tableFields.get(i);
            long id = candidate.number(FIELD_ID);
            if (smallestBehind < id && !fields.contains(id) &&
                    candidate.text(FIELD_NAME).equals(field.text(FIELD_NAME)) &&
                    candidate.text(FIELD_LOGICAL_TYPE).equals(field.text(FIELD_LOGICAL_TYPE))) {
                return Optional.of(candidate);
            }
            smallestBehind = Math.min(smallestBehind, id);
        }
        return Optional.empty();
    }

    /// Lance expects that a field is behind the one that it is in.
    static void checkParents(ProtobufMessage descriptor)
    {
        Set<Long> ids = new HashSet<>();
        for (ProtobufMessage field : fields(descriptor)) {
            long parent = field.number(FIELD_PARENT);
            if (parent != -1 && !ids.contains(parent)) {
                throw new DamageException("has field %s in field %s, which is not there".formatted(field.number(FIELD_ID), parent));
            }
            ids.add(field.number(FIELD_ID));
        }
    }

    /// How many fields come before the first list, map or struct.
    static int fieldsBeforeLists(ProtobufMessage descriptor)
    {
        int count = 0;
        for (ProtobufMessage field : fields(descriptor)) {
            if (!SIMPLE_TYPE.matcher(field.text(FIELD_LOGICAL_TYPE)).matches()) {
                break;
            }
            count++;
        }
        return count;
    }

    /// Lance finds the columns of an index by their names.
    static void checkIndexFile(String fileName, ProtobufMessage descriptor)
    {
        Set<Set<String>> expected = INDEX_COLUMNS.get(fileName);
        Set<String> found = fields(descriptor).stream()
                .map(field -> field.text(FIELD_NAME))
                .collect(toImmutableSet());
        if (!expected.isEmpty() && expected.stream().noneMatch(found::containsAll)) {
            throw new DamageException("has columns %s instead of %s".formatted(found, expected.iterator().next()));
        }
    }

    private static List<ProtobufMessage> fields(ProtobufMessage descriptor)
    {
        return descriptor.message(DESCRIPTOR_SCHEMA).map(schema -> schema.messages(SCHEMA_FIELDS)).orElseGet(List::of);
    }
}
