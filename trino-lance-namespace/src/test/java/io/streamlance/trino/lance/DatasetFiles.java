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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import static java.util.Objects.requireNonNull;

/**
 * The files of a dataset on the local disk, and what may happen to them.
 */
final class DatasetFiles
{
    private final Path directory;

    DatasetFiles(Path directory)
    {
        this.directory = requireNonNull(directory, "directory is null");
    }

    enum Damage
    {
        MISSING,
        EMPTY,
        SHORT,
        ZEROS,
        OTHER,
    }

    List<Path> list(String name)
    {
        try (Stream<Path> files = Files.walk(directory.resolve(name))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void damage(Path file, Damage damage)
            throws IOException
    {
        byte[] bytes = Files.readAllBytes(file);
        switch (damage) {
            case MISSING -> Files.delete(file);
            case EMPTY -> Files.write(file, new byte[0]);
            case SHORT -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
            case ZEROS -> Files.write(file, new byte[bytes.length]);
            case OTHER -> {
                new Random(1).nextBytes(bytes);
                Files.write(file, bytes);
            }
        }
    }
}
