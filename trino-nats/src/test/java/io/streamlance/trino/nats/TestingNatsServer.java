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
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import static java.util.concurrent.TimeUnit.SECONDS;

/// A real nats-server process with JetStream, on a free loopback port. The program is taken from the environment variable
/// NATS_SERVER, from PATH, or from the Go folder of the user; `bin/test` sets the variable.
public final class TestingNatsServer
        implements Closeable
{
    private static final int START_ATTEMPTS = 100;

    private final Path directory;
    private final int port;
    private final List<String> arguments;
    private final Optional<String> user;
    private final Optional<String> password;
    private Process process;

    public TestingNatsServer()
    {
        this(Optional.empty(), Optional.empty());
    }

    public TestingNatsServer(String user, String password)
    {
        this(Optional.of(user), Optional.of(password));
    }

    private TestingNatsServer(Optional<String> user, Optional<String> password)
    {
        this.user = user;
        this.password = password;
        try {
            this.directory = Files.createTempDirectory("nats-server");
            this.port = freePort();
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> arguments = new ArrayList<>(ImmutableList.of(program(), "-a", "127.0.0.1", "-p", String.valueOf(port), "-js", "-sd", directory.toString()));
        user.ifPresent(value -> arguments.addAll(ImmutableList.of("--user", value, "--pass", password.orElseThrow())));
        this.arguments = ImmutableList.copyOf(arguments);
        start();
    }

    public String url()
    {
        return "nats://127.0.0.1:" + port;
    }

    /// A folder for files of the test, which goes with the server.
    public Path createDirectory(String name)
    {
        try {
            return Files.createTempDirectory(directory, name);
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void start()
    {
        try {
            process = new ProcessBuilder(arguments)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("server.log").toFile())
                    .start();
            for (int attempt = 0; attempt < START_ATTEMPTS; attempt++) {
                if (!process.isAlive()) {
                    throw new IllegalStateException("nats-server ended: " + Files.readString(directory.resolve("server.log")));
                }
                if (Files.readString(directory.resolve("server.log")).contains("Server is ready")) {
                    return;
                }
                Thread.sleep(50);
            }
            throw new IllegalStateException("nats-server did not start: " + Files.readString(directory.resolve("server.log")));
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
    public void kill()
    {
        process.destroyForcibly();
        try {
            process.waitFor();
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// A connection of its own for the test. To be closed by the caller.
    public Connection connect()
    {
        Options.Builder options = Options.builder().server(url()).maxReconnects(-1);
        user.ifPresent(value -> options.userInfo(value, password.orElseThrow()));
        try {
            return Nats.connect(options.build());
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public static StreamConfiguration.Builder stream(String name, String... subjects)
    {
        return StreamConfiguration.builder()
                .name(name)
                .subjects(subjects)
                .storageType(StorageType.File)
                .allowDirect(true);
    }

    @Override
    public void close()
            throws IOException
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
        MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }

    private static int freePort()
            throws IOException
    {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
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
