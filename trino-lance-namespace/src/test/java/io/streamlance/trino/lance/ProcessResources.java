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
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What this process has of the operating system.
final class ProcessResources
{
    private ProcessResources() {}

    static long lanceThreads()
    {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("lance-"))
                .count();
    }

    /// Open files in a folder.
    static long descriptors(Path root)
    {
        return list(Path.of("/proc/self/fd")).stream()
                .filter(descriptor -> target(descriptor).startsWith(root))
                .count();
    }

    private static Path target(Path link)
    {
        try {
            return Files.readSymbolicLink(link);
        }
        // closed in the meantime
        catch (NoSuchFileException e) {
            return link;
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> temporaryFiles()
    {
        return list(Path.of(System.getProperty("java.io.tmpdir"))).stream()
                .filter(file -> file.getFileName().toString().contains("lance"))
                .sorted()
                .toList();
    }

    private static List<Path> list(Path directory)
    {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static long residentBytes()
    {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum() * 1024;
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static long committedHeapBytes()
    {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
    }
}
