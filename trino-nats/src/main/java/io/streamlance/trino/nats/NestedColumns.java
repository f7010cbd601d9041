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
package io.streamlance.trino.nats;

import com.google.common.collect.ImmutableList;
import io.trino.spi.Page;
import io.trino.spi.block.Block;
import io.trino.spi.block.RowBlock;
import io.trino.spi.type.RowType;
import io.trino.spi.type.Type;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Locale.ENGLISH;

/// Wanted columns, of which some are fields within rows. Each column is decoded once, as a row of its wanted fields only,
/// and taken apart page by page: nulls, errors and the cases of names are those of the whole row.
final class NestedColumns
{
    private final List<NatsColumnHandle> decoded;
    private final List<Part> parts;
    private final boolean nested;

    /// @param channel of the decoded column
    /// @param path positions of the fields within it
    private record Part(int channel, List<Integer> path) {}

    NestedColumns(List<NatsColumnHandle> wanted)
    {
        nested = wanted.stream().anyMatch(column -> column.nested().isPresent());
        Map<NatsColumnHandle, FieldTree> trees = new LinkedHashMap<>();
        for (NatsColumnHandle column : wanted) {
            trees.computeIfAbsent(column.topLevel(), topLevel -> new FieldTree(topLevel.type())).add(column.path());
        }
        decoded = trees.entrySet().stream()
                .map(entry -> entry.getKey().withType(entry.getValue().type()))
                .collect(toImmutableList());
        List<NatsColumnHandle> topLevel = ImmutableList.copyOf(trees.keySet());
        parts = wanted.stream()
                .map(column -> new Part(topLevel.indexOf(column.topLevel()), trees.get(column.topLevel()).position(column.path())))
                .collect(toImmutableList());
    }

    /// The columns to decode, in the order of the pages that [#project] takes.
    List<NatsColumnHandle> decoded()
    {
        return decoded;
    }

    /// @return the wanted columns
    Page project(Page page)
    {
        if (!nested) {
            return page;
        }
        return new Page(page.getPositionCount(), parts.stream().map(part -> project(page, part)).toArray(Block[]::new));
    }

    private static Block project(Page page, Part part)
    {
        Block block = page.getBlock(part.channel());
        for (int field : part.path()) {
            block = RowBlock.getRowFieldsFromBlock(block).get(field);
        }
        return block;
    }

    /// The wanted fields of a type; none means all of it.
    private static final class FieldTree
    {
        private final Type type;
        private final Map<Integer, FieldTree> fields = new LinkedHashMap<>();
        private boolean whole;

        private FieldTree(Type type)
        {
            this.type = type;
        }

        private void add(List<Integer> path)
        {
            // of names that differ only by case, each matters for what the others match
            if (path.isEmpty() || !(type instanceof RowType row) || hasSimilarNames(row)) {
                whole = true;
                return;
            }
            int field = path.getFirst();
            fields.computeIfAbsent(field, _ -> new FieldTree(row.getFields().get(field).getType()))
                    .add(path.subList(1, path.size()));
        }

        private static boolean hasSimilarNames(RowType row)
        {
            List<String> names = row.getFields().stream().map(field -> field.getName().orElse("").toLowerCase(ENGLISH)).toList();
            return names.stream().distinct().count() < names.size();
        }

        private Type type()
        {
            if (whole) {
                return type;
            }
            List<RowType.Field> all = ((RowType) type).getFields();
            return RowType.from(fields.entrySet().stream()
                    .map(entry -> new RowType.Field(all.get(entry.getKey()).getName(), entry.getValue().type()))
                    .collect(toImmutableList()));
        }

        /// Where a path leads in the type of the wanted fields.
        private List<Integer> position(List<Integer> path)
        {
            if (whole) {
                return path;
            }
            int field = path.getFirst();
            return ImmutableList.<Integer>builder()
                    .add(ImmutableList.copyOf(fields.keySet()).indexOf(field))
                    .addAll(fields.get(field).position(path.subList(1, path.size())))
                    .build();
        }
    }
}
