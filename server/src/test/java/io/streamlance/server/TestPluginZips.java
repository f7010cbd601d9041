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
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

/// What users unzip into the plugin folder.
final class TestPluginZips
{
    private static final long MAX_LANCE_ZIP_BYTES = 210_000_000;
    private static final long MAX_PLATFORM_ZIP_BYTES = 90_000_000;
    /// By the platforms in the names of zips, the folders in which Lance looks for its library.
    private static final Map<String, String> NATIVE_LIBRARIES = Map.of(
            "linux-x86_64", "nativelib/linux-x86-64/liblance_jni.so",
            "linux-aarch64", "nativelib/linux-aarch64/liblance_jni.so",
            "macos-aarch64", "nativelib/darwin-aarch64/liblance_jni.dylib");
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

    /// The zip of a platform has what the zip for all platforms has, but for the native libraries of the other platforms.
    @Test
    void testLancePlatforms()
            throws IOException
    {
        Path all = zip("trino-lance-namespace");
        Map<String, Long> jars = files(all);
        String lance = jars.keySet().stream().filter(name -> name.contains("/lance-core-")).findFirst().orElseThrow();
        Map<String, Long> lanceFiles = filesOfJar(all, lance);
        assertThat(lanceFiles.keySet()).containsAll(NATIVE_LIBRARIES.values());

        for (Map.Entry<String, String> platform : NATIVE_LIBRARIES.entrySet()) {
            Path zip = all.resolveSibling(all.getFileName().toString().replace(".zip", "-" + platform.getKey() + ".zip"));
            assertThat(Files.size(zip)).isLessThan(MAX_PLATFORM_ZIP_BYTES);
            assertThat(without(files(zip), lance::equals)).isEqualTo(without(jars, lance::equals));
            assertThat(filesOfJar(zip, lance))
                    .isEqualTo(without(lanceFiles, name -> name.startsWith("nativelib/") && !name.equals(platform.getValue())));
        }
    }

    /// Names of the jars, after checks that hold for every plugin.
    private static List<String> jars(String module)
            throws IOException
    {
        Path zip = zip(module);
        List<Path> entries = files(zip).keySet().stream().map(Path::of).toList();
        assertThat(entries).extracting(Path::getParent).containsOnly(Path.of(zip.getFileName().toString().replace(".zip", "")));
        List<String> jars = entries.stream().map(entry -> entry.getFileName().toString()).toList();
        assertThat(jars)
                .allMatch(jar -> jar.endsWith(".jar"))
                .noneMatch(jar -> jar.matches(PROVIDED_JARS))
                .doesNotHaveDuplicates();
        return jars;
    }

    /// Checksums of the files in a zip, by their names.
    private static Map<String, Long> files(Path path)
            throws IOException
    {
        try (ZipFile zip = new ZipFile(path.toFile())) {
            return zip.stream()
                    .filter(entry -> !entry.isDirectory())
                    .collect(Collectors.toMap(ZipEntry::getName, ZipEntry::getCrc));
        }
    }

    private static Map<String, Long> filesOfJar(Path path, String jar)
            throws IOException
    {
        Path copy = Files.createTempFile("lance-core", ".jar");
        try (ZipFile zip = new ZipFile(path.toFile()); InputStream content = zip.getInputStream(zip.getEntry(jar))) {
            Files.copy(content, copy, REPLACE_EXISTING);
            return files(copy);
        }
        finally {
            Files.delete(copy);
        }
    }

    private static Map<String, Long> without(Map<String, Long> files, Predicate<String> name)
    {
        return files.entrySet().stream()
                .filter(file -> !name.test(file.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /// The zip for all platforms: those of one platform have its name behind the version.
    private static Path zip(String module)
            throws IOException
    {
        try (DirectoryStream<Path> zips = Files.newDirectoryStream(
                Program.ROOT.resolve(module).resolve("target"),
                path -> path.getFileName().toString().matches(module + "-[0-9.]+(-SNAPSHOT)?\\.zip"))) {
            return zips.iterator().next();
        }
    }
}
