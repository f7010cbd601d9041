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

import com.google.common.collect.ImmutableList;
import io.trino.spi.TrinoException;

import java.util.List;

import static com.google.common.collect.Iterables.getOnlyElement;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_AMBIGUOUS_NAME;
import static java.util.Locale.ENGLISH;

/// Paths of namespaces and tables: their levels from the root, in the case in which they are stored.
final class NamespacePaths
{
    private NamespacePaths() {}

    static List<String> append(List<String> path, String name)
    {
        return append(path, ImmutableList.of(name));
    }

    static List<String> append(List<String> path, List<String> levels)
    {
        return ImmutableList.<String>builder().addAll(path).addAll(levels).build();
    }

    /// The namespaces below another one that a name with dots stands for, without regard to case. Visits only the branches
    /// whose names are a prefix of the wanted one; a level may itself contain dots.
    ///
    /// @param dottedName in lower case
    static List<List<String>> findDescendants(NamespaceListings listings, List<String> namespace, String dottedName)
    {
        ImmutableList.Builder<List<String>> matches = ImmutableList.builder();
        for (String child : listings.namespaces(namespace)) {
            String name = child.toLowerCase(ENGLISH);
            if (name.equals(dottedName)) {
                matches.add(append(namespace, child));
            }
            else if (dottedName.startsWith(name + ".")) {
                matches.addAll(findDescendants(listings, append(namespace, child), dottedName.substring(name.length() + 1)));
            }
        }
        return matches.build();
    }

    /// @throws TrinoException that lists the matches if there are several
    static List<String> requireUnambiguous(String kind, String name, List<List<String>> matches)
    {
        if (matches.size() > 1) {
            throw new TrinoException(LANCE_AMBIGUOUS_NAME, "The %s name '%s' is ambiguous, it stands for any of %s. Rename all but one of them in the Lance namespace".formatted(kind, name, matches));
        }
        return getOnlyElement(matches);
    }
}
