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

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import static java.util.stream.Collectors.joining;

/// Programs that use Lance's SDK: processes of their own, as the SDK needs flags that the tests do not have.
final class LancePrograms
{
    private LancePrograms() {}

    /// @param directory for what the SDK unpacks
    static String[] command(Path directory, Class<?> program, Object... arguments)
    {
        Path server = Program.ROOT.resolve("server/target");
        // the plugin's own jars are the client library; what Trino gives to every plugin is in lib
        String classPath = Stream.of("test-classes", "classes", "server/plugin/lance/*", "server/lib/*")
                .map(entry -> server.resolve(entry).toString())
                .collect(joining(":"));
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx512M",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.io.tmpdir=" + directory,
                "-cp",
                classPath,
                program.getName());
        return Stream.concat(java.stream(), Stream.of(arguments).map(Object::toString)).toArray(String[]::new);
    }
}
