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
package io.streamlance.server;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import static org.assertj.core.api.Assertions.assertThat;

/// What users unzip into the plugin folder.
final class TestPluginZips
{
    private static final long MAX_LANCE_ZIP_BYTES = 200_000_000;
    /// Trino gives these to every plugin; a second copy would not be the same classes.
    private static final String PROVIDED_JARS = "(trino-spi|slice|jackson-annotations|opentelemetry-(api|context|common|api-incubator)|jol-core)-[0-9].*";

    @Test
    void testNats()
            throws IOException
    {
        assertThat(jars("trino-nats")).anyMatch(jar -> jar.startsWith("jnats-"));
    }

    @Test
    void testLance()
            throws IOException
    {
        assertThat(jars("trino-lance-namespace"))
                .anyMatch(jar -> jar.startsWith("lance-core-"))
                .noneMatch(jar -> jar.startsWith("arrow-dataset"));
        assertThat(Files.size(zip("trino-lance-namespace"))).isLessThan(MAX_LANCE_ZIP_BYTES);
    }

    /// Names of the jars, after checks that hold for every plugin.
    private static List<String> jars(String module)
            throws IOException
    {
        try (ZipFile zip = new ZipFile(zip(module).toFile())) {
            List<Path> entries = zip.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .map(Path::of)
                    .toList();
            assertThat(entries).extracting(Path::getParent).containsOnly(Path.of(module + "-" + version(module)));
            List<String> jars = entries.stream().map(entry -> entry.getFileName().toString()).toList();
            assertThat(jars)
                    .allMatch(jar -> jar.endsWith(".jar"))
                    .noneMatch(jar -> jar.matches(PROVIDED_JARS))
                    .doesNotHaveDuplicates();
            return jars;
        }
    }

    private static String version(String module)
            throws IOException
    {
        String name = zip(module).getFileName().toString();
        return name.substring(module.length() + 1, name.length() - ".zip".length());
    }

    private static Path zip(String module)
            throws IOException
    {
        try (DirectoryStream<Path> zips = Files.newDirectoryStream(Program.ROOT.resolve(module).resolve("target"), module + "-*.zip")) {
            return zips.iterator().next();
        }
    }
}
