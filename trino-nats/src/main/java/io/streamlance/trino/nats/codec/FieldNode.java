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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The fields of a payload that some column wants, as a tree along their paths.
final class FieldNode
{
    /// Columns that take the value of this very field.
    private final List<Integer> columns = new ArrayList<>();
    private final Map<String, FieldNode> children = new HashMap<>();

    /// @param path names from the root, see [FieldPath]
    void add(List<String> path, int column)
    {
        FieldNode node = this;
        for (String name : path) {
            node = node.children.computeIfAbsent(name, _ -> new FieldNode());
        }
        node.columns.add(column);
    }

    /// Whether a column takes this path, a part of it, or something that it is a part of.
    boolean overlaps(List<String> path)
    {
        FieldNode node = this;
        for (String name : path) {
            node = node.children.get(name);
            if (node == null) {
                return false;
            }
            if (!node.columns.isEmpty()) {
                return true;
            }
        }
        return true;
    }

    FieldNode child(String name)
    {
        return children.get(name);
    }

    List<Integer> columns()
    {
        return columns;
    }

    boolean hasChildren()
    {
        return !children.isEmpty();
    }
}
