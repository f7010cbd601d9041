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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TestRootDirectory
{
    @TempDir
    private Path directory;

    @Test
    void testObjectStore()
    {
        assertContained("s3://bucket/lake", "s3://bucket/lake/t.lance");
        assertContained("s3://bucket/lake/", "s3://bucket/lake/5d_a$b$t");
        assertContained("s3://bucket", "s3://bucket/..t/a..b");
        assertOutside("s3://bucket/lake", "s3://bucket/lake2/t.lance");
        assertOutside("s3://bucket/lake", "s3://other/lake/t.lance");
        assertOutside("s3://bucket/lake", "s3://bucket/lake");
        assertOutside("s3://bucket/lake", "/etc/passwd");
        assertOutside("s3://bucket/lake", "file:///etc/passwd");
    }

    @Test
    void testWayOut()
    {
        assertOutside("s3://bucket/lake", "s3://bucket/lake/../t");
        assertOutside("s3://bucket/lake", "s3://bucket/lake/a/%2e%2E/../t");
        assertOutside("s3://bucket/lake", "s3://bucket/lake/.%2e/t");
        assertOutside("s3://bucket/lake", "s3://bucket/lake/a%2F..%2Ft");
        assertOutside("s3://bucket/lake", "s3://bucket/lake/a\\..\\t");
        assertOutside(directory.toString(), directory + "/../t");
    }

    @Test
    void testLocalRoot()
            throws IOException
    {
        Path root = Files.createDirectory(directory.resolve("my lake"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), root);
        for (String spelling : List.of(root.toString(), root + "/", root.toUri().toString(), link.toString(), directory + "/./link")) {
            assertContained(spelling, root + "/t.lance");
            assertContained(spelling, "file://" + root + "/t.lance");
            assertContained(spelling, root.toUri() + "/t.lance");
            assertOutside(spelling, directory + "/t.lance");
            assertOutside(spelling, root + "2/t.lance");
            assertOutside(spelling, "s3://bucket" + root + "/t.lance");
        }
    }

    @Test
    void testSpellingsOfAnUnusualRoot()
            throws IOException
    {
        Path root = Files.createDirectory(directory.resolve("lä ke[1]%41"));
        String parent = directory.toUri().toString();
        for (String spelling : List.of(root.toString(), root.toUri().toString(), parent + "l%C3%A4%20ke[1]%2541", parent + "lä ke[1]%2541")) {
            for (String location : List.of(root.toString(), root.toUri().toString(), parent + "l%C3%A4%20ke[1]%2541", parent + "lä ke[1]%2541")) {
                assertContained(spelling, location + "/t [%20]#.lance");
                assertOutside(spelling, location + "/%2e%2e/t.lance");
            }
            assertOutside(spelling, parent + "l%C3%A4%20ke[1]%41/t.lance");
        }
        assertContained("s3://bucket/lä ke[1]", "s3://bucket/l%C3%A4%20ke[1]/5d_a$ü");
        assertContained("s3://bucket/l%C3%A4%20ke[1]", "s3://bucket/lä ke[1]/t.lance");
        assertOutside("s3://bucket/l%61ke", "s3://bucket/lake/t.lance");
        assertOutside("s3://bucket/lä ke", "s3://bucket/l%C3%A4%20ke/%2E./t.lance");
    }

    private static void assertContained(String root, String location)
    {
        assertThatCode(() -> RootDirectory.checkContains(root, List.of("t"), location)).doesNotThrowAnyException();
    }

    private static void assertOutside(String root, String location)
    {
        assertThatThrownBy(() -> RootDirectory.checkContains(root, List.of("t"), location))
                .hasMessage("Table [t] is not read, as it is outside of the root %s: %s. Move it into the root, or mount the root that it is in".formatted(root, location));
    }
}
