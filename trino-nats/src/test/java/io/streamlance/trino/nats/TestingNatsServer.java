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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A real nats-server process with JetStream, on a free loopback port.
public final class TestingNatsServer
        implements Closeable
{
    private final Path directory;
    private final int port;
    private final int monitoringPort;
    private final Optional<String> user;
    private final Optional<String> password;
    private final NatsProcess process;

    public TestingNatsServer()
    {
        this(Optional.empty(), Optional.empty(), Optional.empty());
    }

    public TestingNatsServer(String user, String password)
    {
        this(Optional.of(user), Optional.of(password), Optional.empty());
    }

    /// @param configuration for the server's file
    /// @param user one of the configuration, for [#connect()]
    public static TestingNatsServer configured(String configuration, String user, String password)
    {
        return new TestingNatsServer(Optional.of(user), Optional.of(password), Optional.of(configuration));
    }

    private TestingNatsServer(Optional<String> user, Optional<String> password, Optional<String> configuration)
    {
        this.user = user;
        this.password = password;
        try {
            this.directory = Files.createTempDirectory("nats-server");
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.port = NatsProcess.freePort();
        this.monitoringPort = NatsProcess.freePort();
        List<String> arguments = new ArrayList<>(ImmutableList.of("-a", "127.0.0.1", "-p", String.valueOf(port), "-m", String.valueOf(monitoringPort), "-js", "-sd", directory.toString()));
        if (configuration.isPresent()) {
            arguments.addAll(ImmutableList.of("-c", writeConfiguration(configuration.orElseThrow())));
        }
        else {
            user.ifPresent(value -> arguments.addAll(ImmutableList.of("--user", value, "--pass", password.orElseThrow())));
        }
        this.process = new NatsProcess(directory.resolve("server.log"), arguments);
        start();
    }

    private String writeConfiguration(String configuration)
    {
        try {
            return Files.writeString(directory.resolve("server.conf"), configuration).toString();
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port()
    {
        return port;
    }

    /// The server's HTTP port, with `/connz` and others.
    public int monitoringPort()
    {
        return monitoringPort;
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
        process.start();
    }

    /// Ends the server as a crash does; the data stays.
    public void kill()
    {
        process.kill();
    }

    /// A connection of its own for the test. To be closed by the caller.
    public Connection connect()
    {
        Options.Builder options = Options.builder()
                .server(url())
                .maxReconnects(-1)
                // also how long requests wait for their answers: the machine may be busy with other tests
                .connectionTimeout(Duration.ofSeconds(20));
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
        process.close();
        MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
}
