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

import io.streamlance.server.Program.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// A cluster that cannot start says why and leaves nothing behind.
final class TestClusterErrors
{
    private static final int TIMEOUT_SECONDS = 200;

    @TempDir
    private Path directory;

    private Path runDir()
    {
        return directory.resolve("run");
    }

    private Path catalogs(String name, String content)
            throws IOException
    {
        Path catalogs = Files.createDirectories(directory.resolve("catalogs"));
        Files.writeString(catalogs.resolve(name + ".properties"), content);
        return catalogs;
    }

    private Result start(Map<String, String> environment, String... options)
            throws Exception
    {
        String[] command = new String[4 + options.length];
        command[0] = "bin/cluster";
        command[1] = "start";
        command[2] = "--run-dir";
        command[3] = runDir().toString();
        System.arraycopy(options, 0, command, 4, options.length);
        return Program.run(TIMEOUT_SECONDS, environment, command);
    }

    private void assertNothingRuns()
            throws Exception
    {
        Result status = Program.run(TIMEOUT_SECONDS, Map.of(), "bin/cluster", "status", "--run-dir", runDir().toString());
        assertThat(status.output()).contains("no cluster was started from");
    }

    @Test
    void testPortInUse()
            throws Exception
    {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Result result = start(Map.of(), "--port", String.valueOf(socket.getLocalPort()));
            assertThat(result.output()).contains("port %s is in use, choose another one with --port".formatted(socket.getLocalPort()));
            assertThat(result.exitCode()).isEqualTo(1);
        }
        assertNothingRuns();
    }

    @Test
    void testMissingLanceRoot()
            throws Exception
    {
        Path root = directory.resolve("no-such-root");
        Path catalogs = catalogs("lance",
                """
                connector.name=lance
                lance.namespace.type=dir
                lance.namespace.root=%s
                """.formatted(root));
        Result result = start(Map.of("CATALOG_DIR", catalogs.toString()), "--workers", "1");
        assertThat(result.output()).containsPattern("node (coordinator|worker-1) has ended").contains(root.toString());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(root).doesNotExist();
        assertNothingRuns();
    }

    @Test
    void testUnknownProperty()
            throws Exception
    {
        Path catalogs = catalogs("nats",
                """
                connector.name=nats
                nats.servers=nats://127.0.0.1:4222
                nats.server=typo
                """);
        Result result = start(Map.of("CATALOG_DIR", catalogs.toString()), "--workers", "1");
        assertThat(result.output()).contains("Configuration property 'nats.server' was not used");
        assertThat(result.exitCode()).isEqualTo(1);
        assertNothingRuns();
    }

    @Test
    void testUnreachableNats()
            throws Exception
    {
        Path catalogs = catalogs("nats",
                """
                connector.name=nats
                nats.servers=nats://127.0.0.1:1
                """);
        Result result = start(Map.of("CATALOG_DIR", catalogs.toString()), "--workers", "1");
        try {
            // a server that is down is no reason for a node not to start
            assertThat(result.exitCode()).as(result.output()).isZero();
            String port = Files.readString(runDir().resolve("port")).strip();
            try (Connection connection = DriverManager.getConnection("jdbc:trino://127.0.0.1:" + port, "test", null)) {
                assertThatThrownBy(() -> connection.createStatement().executeQuery("SELECT * FROM nats.streams.orders"))
                        .hasMessageContaining("Cannot connect to NATS servers [nats://127.0.0.1:1]");
            }
        }
        finally {
            Program.run(TIMEOUT_SECONDS, Map.of(), "bin/cluster", "stop", "--run-dir", runDir().toString());
        }
        assertNothingRuns();
    }

    @Test
    void testWrongOptions()
            throws Exception
    {
        assertThat(start(Map.of(), "--worker", "2").output()).contains("unknown option: --worker");
        assertThat(start(Map.of(), "--workers", "two").output()).contains("--workers is not a number of at least 1: two");
        assertThat(start(Map.of(), "--workers", "0").output()).contains("--workers is not a number of at least 1: 0");
        assertThat(Program.run(TIMEOUT_SECONDS, Map.of(), "bin/cluster", "restart").output()).contains("unknown command: restart");
        assertThat(Program.run(TIMEOUT_SECONDS, Map.of(), "bin/demo", "--fast").output()).contains("unknown option: --fast");
    }
}
