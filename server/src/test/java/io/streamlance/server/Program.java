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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static java.util.concurrent.TimeUnit.SECONDS;

/// Runs a program of `bin/` as a user does.
final class Program
{
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private Program() {}

    record Result(int exitCode, String output) {}

    static Result run(int timeoutSeconds, Map<String, String> environment, String... command)
            throws IOException, InterruptedException
    {
        // not a pipe: the servers that a program starts would keep it open
        Path output = Files.createTempFile("program", ".log");
        try {
            ProcessBuilder builder = new ProcessBuilder(List.of(command))
                    .directory(ROOT.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().put("STREAMLANCE_BUILT", "true");
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(timeoutSeconds, SECONDS)) {
                process.destroy();
                process.waitFor();
                throw new AssertionError("%s did not end within %s s:%n%s".formatted(String.join(" ", command), timeoutSeconds, Files.readString(output)));
            }
            return new Result(process.exitValue(), Files.readString(output));
        }
        finally {
            Files.delete(output);
        }
    }
}
