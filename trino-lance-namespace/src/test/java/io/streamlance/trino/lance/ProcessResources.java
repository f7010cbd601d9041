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
                // the library itself is there once per process, also of others
                .filter(file -> !file.getFileName().toString().startsWith("liblance_jni"))
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

    /// Physical memory of all but the heap of the JVM, which is touched bit by bit as it is collected.
    static long residentBytes()
    {
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
        try {
            long resident = 0;
            long size = 0;
            for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
                if (line.startsWith("Size:")) {
                    size = bytes(line);
                }
                // the heap may be two mappings, and no other is nearly as large
                else if (line.startsWith("Rss:") && size < heap / 2) {
                    resident += bytes(line);
                }
            }
            return resident;
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long bytes(String line)
    {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    }
}
