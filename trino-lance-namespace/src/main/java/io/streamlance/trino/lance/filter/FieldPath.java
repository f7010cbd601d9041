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
package io.streamlance.trino.lance.filter;

import com.google.common.collect.ImmutableList;

import java.util.List;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.stream.Collectors.joining;

/**
 * A column, or a field nested in structs.
 *
 * @param names the column first, each in its own case
 */
public record FieldPath(List<String> names)
{
    public FieldPath
    {
        names = ImmutableList.copyOf(names);
        checkArgument(!names.isEmpty(), "names is empty");
    }

    public static FieldPath column(String name)
    {
        return new FieldPath(ImmutableList.of(name));
    }

    public String column()
    {
        return names.getFirst();
    }

    public boolean isColumn()
    {
        return names.size() == 1;
    }

    public FieldPath child(String name)
    {
        return new FieldPath(ImmutableList.<String>builder().addAll(names).add(name).build());
    }

    /**
     * The path as Lance spells it in the descriptions of indexes: names with anything but letters, digits and
     * underscores are quoted.
     */
    public String indexPath()
    {
        return names.stream()
                .map(name -> name.codePoints().allMatch(FieldPath::isPlain) ? name : "`" + name.replace("`", "``") + "`")
                .collect(joining("."));
    }

    // digits are all that Unicode has, also ²
    private static boolean isPlain(int character)
    {
        return character == '_' || Character.isAlphabetic(character) || switch (Character.getType(character)) {
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
            default -> false;
        };
    }

    /// As filters and projections of Lance write it; double quotes would make a text literal.
    public String toSql()
    {
        return names.stream()
                .map(name -> "`" + name + "`")
                .collect(joining("."));
    }

    @Override
    public String toString()
    {
        return names.stream()
                // or a field a.b could not be told from a field b of a
                .map(name -> name.contains(".") ? "`" + name + "`" : name)
                .collect(joining("."));
    }
}
