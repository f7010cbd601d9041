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
package io.streamlance.trino.lance.namespace;

import com.google.common.collect.Iterables;
import com.google.errorprone.annotations.ThreadSafe;
import io.trino.spi.connector.SchemaTableName;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The paths of the tables that a listing has shown: who describes them next need not find out how they are spelled.
@ThreadSafe
final class ListedTables
{
    private final Map<SchemaTableName, Set<List<String>>> paths = new ConcurrentHashMap<>();

    void add(SchemaTableName name, List<String> path)
    {
        paths.computeIfAbsent(name, _ -> ConcurrentHashMap.newKeySet()).add(path);
    }

    /// Empty also for a name that stands for several tables.
    Optional<List<String>> find(SchemaTableName name)
    {
        return Optional.ofNullable(paths.get(name))
                .filter(candidates -> candidates.size() == 1)
                .map(Iterables::getOnlyElement);
    }
}
