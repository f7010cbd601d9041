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

import com.google.common.collect.ImmutableSet;
import io.streamlance.trino.lance.dataset.LocalPaths;
import io.streamlance.trino.lance.namespace.directory.ObjectStoreUri;
import io.trino.spi.TrinoException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_INVALID_MOUNT;
import static io.trino.spi.StandardErrorCode.PERMISSION_DENIED;

/**
 * The root of a {@code dir} namespace. Lance creates a missing local directory when it connects, so
 * the connector has to look before: a misspelled root must be an error, not an empty catalog.
 */
final class RootDirectory
{
    // encoded separators and backslashes too, as the libraries behind object stores and file systems take them
    private static final Pattern SEPARATOR = Pattern.compile("/|\\\\|%2[fF]|%5[cC]");

    private RootDirectory() {}

    static void checkExists(String root)
    {
        Optional<Path> directory = localPath(root);
        if (directory.isPresent() && Files.isRegularFile(directory.orElseThrow())) {
            throw new TrinoException(LANCE_INVALID_MOUNT, "The root %s of lance.namespace.root is a file. Name the directory that the tables are in; it must be visible on every node".formatted(root));
        }
        // Lance would write the manifest of a namespace into it
        if (directory.filter(RootDirectory::isTable).isPresent()) {
            throw new TrinoException(LANCE_INVALID_MOUNT, "The root %s of lance.namespace.root is a table. Name the directory that the table is in".formatted(root));
        }
        if (directory.isPresent() && !Files.isDirectory(directory.orElseThrow())) {
            throw new TrinoException(LANCE_INVALID_MOUNT, "The directory %s of lance.namespace.root does not exist. Create it, or correct the property; it must be visible on every node".formatted(root));
        }
    }

    private static boolean isTable(Path directory)
    {
        return Files.isDirectory(directory.resolve("_versions"));
    }

    /// A table must lie in the root, whatever its namespace says about it: else who can write to the namespace could have
    /// Trino read anything that Trino's own credentials open.
    static void checkContains(String root, List<String> table, String location)
    {
        if (!contains(root, location)) {
            throw new TrinoException(PERMISSION_DENIED, "Table %s is not read, as it is outside of the root %s: %s. Move it into the root, or mount the root that it is in".formatted(table, root, location));
        }
    }

    static void checkContainsAll(String root, List<String> bases)
    {
        List<String> outside = bases.stream()
                .filter(base -> !contains(root, base))
                .collect(toImmutableList());
        if (!outside.isEmpty()) {
            throw new TrinoException(PERMISSION_DENIED, "The namespace %s is not read, as a part of its files is outside of the root: %s".formatted(root, outside));
        }
    }

    static boolean contains(String root, String location)
    {
        return isBelow(directory(root), location) || (ObjectStoreUri.isObjectStore(root)
                ? ObjectStoreUri.isObjectStore(location) && isBelow(ObjectStoreUri.encode(directory(root)), ObjectStoreUri.encode(location))
                : LocalPaths.find(location).filter(path -> localSpellings(root).stream().anyMatch(directory -> isBelow(directory, path.toString()))).isPresent());
    }

    /// @param directory with a slash at the end, so that lake does not contain lake2
    private static boolean isBelow(String directory, String location)
    {
        if (!location.startsWith(directory)) {
            return false;
        }
        // parsers of URIs drop tabs and line ends
        String path = location.substring(directory.length()).replaceAll("[\\t\\n\\r]", "");
        return SEPARATOR.splitAsStream(path).noneMatch(RootDirectory::isParent);
    }

    private static Set<String> localSpellings(String root)
    {
        Path path = localPath(root).orElseThrow();
        try {
            return ImmutableSet.of(directory(path.toString()), directory(path.toAbsolutePath().normalize().toString()), directory(path.toRealPath().toString()));
        }
        catch (IOException e) {
            throw new TrinoException(LANCE_INVALID_MOUNT, "The directory %s of lance.namespace.root cannot be read: %s".formatted(root, e.getMessage()), e);
        }
    }

    private static String directory(String path)
    {
        return path.endsWith("/") ? path : path + "/";
    }

    private static boolean isParent(String segment)
    {
        return segment.replaceAll("(?i)%2e", ".").equals("..");
    }

    // object stores have no directories: a prefix without objects is an empty namespace there
    static Optional<Path> localPath(String root)
    {
        if (root.startsWith("file:")) {
            return LocalPaths.find(root);
        }
        return root.contains("://") ? Optional.empty() : Optional.of(Path.of(root));
    }
}
