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
package io.streamlance.trino.lance.namespace.directory;

import com.google.common.base.CharMatcher;
import io.streamlance.trino.lance.dataset.LocalPaths;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import static com.google.common.base.CharMatcher.inRange;
import static com.google.common.base.CharMatcher.is;
import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Objects.requireNonNull;

/// The datasets directly in a local root, which are tables also if no manifest names them.
final class LooseTables
{
    static final String SUFFIX = ".lance";

    // no path of Lance has the former; the latter stands for bytes that are not UTF-8
    private static final CharMatcher UNREADABLE = inRange('\0', '\u001f').or(is('\u007f')).or(is('\ufffd'));

    private final Path root;

    LooseTables(Path root)
    {
        this.root = requireNonNull(root, "root is null");
    }

    List<String> list()
            throws IOException
    {
        try (Stream<Path> entries = Files.list(root)) {
            return entries.filter(Files::isDirectory)
                    .map(directory -> directory.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .filter(UNREADABLE::matchesNoneOf)
                    .filter(name -> !isDeregistered(name))
                    .sorted()
                    .collect(toImmutableList());
        }
    }

    boolean exists(String name)
    {
        return UNREADABLE.matchesNoneOf(name) && LocalPaths.find(root + "/" + name + SUFFIX).filter(Files::isDirectory).isPresent();
    }

    /// Whether the table was taken out of the namespace, with its files left where they are.
    boolean isDeregistered(String name)
    {
        try {
            return Files.exists(directory(name).resolve(".lance-deregistered"));
        }
        // a name that Java cannot write in the locale of the process, which must not hide the other tables
        catch (InvalidPathException _) {
            return false;
        }
    }

    /// Whether the table has no data yet.
    boolean isOnlyDeclared(String name)
    {
        return Files.exists(directory(name).resolve(".lance-reserved")) && Files.notExists(directory(name).resolve("_versions"));
    }

    Path directory(String name)
    {
        return Path.of(root + "/" + name + SUFFIX);
    }
}
