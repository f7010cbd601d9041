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
package io.streamlance.trino.lance;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.io.Resources.getResource;

final class TestResources
{
    private TestResources() {}

    /**
     * Copies a directory of test data, so that nothing a test does can change the original.
     */
    static Path copyDirectory(String resource, Path target)
            throws IOException, URISyntaxException
    {
        return copy(Path.of(getResource(resource).toURI()), target);
    }

    /// Unpacks an archive of test data.
    static Path unzip(String resource, Path target)
            throws IOException, URISyntaxException
    {
        try (FileSystem archive = FileSystems.newFileSystem(Path.of(getResource(resource).toURI()))) {
            return copy(archive.getPath("/"), target);
        }
    }

    private static Path copy(Path source, Path target)
            throws IOException
    {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(source)) {
            paths = walk.collect(toImmutableList());
        }
        for (Path path : paths) {
            Path copy = target.resolve(source.relativize(path).toString());
            if (Files.isDirectory(path)) {
                Files.createDirectories(copy);
            }
            else {
                Files.copy(path, copy);
            }
        }
        return target;
    }
}
