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
package io.streamlance.trino.nats;

import com.google.common.collect.ImmutableList;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import static java.util.concurrent.TimeUnit.SECONDS;

/// A nats-server process. The program is taken from the environment variable NATS_SERVER, from PATH, or from the Go folder of
/// the user; `bin/test` sets the variable.
final class NatsProcess
        implements Closeable
{
    private static final int START_ATTEMPTS = 200;

    private final Path log;
    private final List<String> command;
    private Process process;

    /// @param log file for what the process prints
    NatsProcess(Path log, List<String> arguments)
    {
        this.log = log;
        this.command = ImmutableList.<String>builder().add(program()).addAll(arguments).build();
    }

    void start()
    {
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            for (int attempt = 0; attempt < START_ATTEMPTS; attempt++) {
                if (!process.isAlive()) {
                    throw new IllegalStateException("nats-server ended: " + Files.readString(log));
                }
                if (Files.readString(log).contains("Server is ready")) {
                    return;
                }
                Thread.sleep(50);
            }
            throw new IllegalStateException("nats-server did not start: " + Files.readString(log));
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Ends the server as a crash does; the data stays.
    void kill()
    {
        process.destroyForcibly();
        try {
            process.waitFor();
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close()
    {
        process.destroy();
        try {
            if (!process.waitFor(10, SECONDS)) {
                process.destroyForcibly();
            }
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static int freePort()
    {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String program()
    {
        Stream<Path> candidates = Stream.concat(
                Stream.ofNullable(System.getenv("NATS_SERVER")).map(Path::of),
                Stream.concat(
                                Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(Path::of),
                                Stream.of(Path.of(System.getProperty("user.home"), "go", "bin")))
                        .map(folder -> folder.resolve("nats-server")));
        return candidates.filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElseThrow(() -> new IllegalStateException("nats-server was not found: set NATS_SERVER, or run bin/test, which installs it"));
    }
}
