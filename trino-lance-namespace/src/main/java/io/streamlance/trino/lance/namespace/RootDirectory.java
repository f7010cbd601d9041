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

import io.trino.spi.TrinoException;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_INVALID_MOUNT;

/**
 * The root of a {@code dir} namespace. Lance creates a missing local directory when it connects, so
 * the connector has to look before: a misspelled root must be an error, not an empty catalog.
 */
final class RootDirectory
{
    private RootDirectory() {}

    static void checkExists(String root)
    {
        Optional<Path> directory = localPath(root);
        if (directory.isPresent() && !Files.isDirectory(directory.orElseThrow())) {
            throw new TrinoException(LANCE_INVALID_MOUNT, "The directory %s of lance.namespace.root does not exist. Create it, or correct the property; it must be visible on every node".formatted(root));
        }
    }

    // object stores have no directories: a prefix without objects is an empty namespace there
    private static Optional<Path> localPath(String root)
    {
        if (root.startsWith("file:")) {
            return Optional.of(Path.of(URI.create(root).getPath()));
        }
        return root.contains("://") ? Optional.empty() : Optional.of(Path.of(root));
    }
}
