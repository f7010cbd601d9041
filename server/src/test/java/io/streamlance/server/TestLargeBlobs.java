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
import io.streamlance.server.demo.BlobData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Blobs that are large for the heap of a worker end the query, not the worker.
final class TestLargeBlobs
{
    private static final int TIMEOUT_SECONDS = 200;

    @TempDir
    private Path directory;

    @Test
    void testBlobOfTheSizeOfTheHeap()
            throws Exception
    {
        Path root = directory.resolve("lake");
        Result data = Program.run(TIMEOUT_SECONDS, Map.of(), LancePrograms.command(directory, BlobData.class, root));
        assertThat(data.exitCode()).as(data.output()).isZero();
        Path catalogs = Files.createDirectory(directory.resolve("catalogs"));
        Files.writeString(catalogs.resolve("lance.properties"), "connector.name=lance\nlance.namespace.root=%s\n".formatted(root));
        String runDir = directory.resolve("run").toString();
        Result started = Program.run(TIMEOUT_SECONDS, Map.of("CATALOG_DIR", catalogs.toString(), "WORKER_HEAP", "1000M"), "bin/cluster", "start", "--workers", "1", "--run-dir", runDir);
        try {
            assertThat(started.exitCode()).as(started.output()).isZero();
            String port = Files.readString(Path.of(runDir, "port")).strip();
            try (Connection connection = DriverManager.getConnection("jdbc:trino://127.0.0.1:%s/lance/default".formatted(port), "test", null);
                    Statement statement = connection.createStatement()) {
                assertThat(count(statement, "SELECT sum(length(b)) FROM blobs")).isEqualTo(200_000_005);
                assertThatThrownBy(() -> count(statement, "SELECT count(*) FROM blobs WHERE b <> X'00'"))
                        .hasMessageContaining("The blob of column b in row 1 of table default.blobs version 1 has 200000000 bytes, more than lance.blob.max-size = 64MB");
                // the connector counts the memory for a blob before it reads it, so that Trino's limits hold
                statement.execute("SET SESSION lance.blob_max_size = '1GB'");
                statement.execute("SET SESSION query_max_memory_per_node = '150MB'");
                assertThatThrownBy(() -> count(statement, "SELECT count(*) FROM blobs WHERE b <> X'00'"))
                        .hasMessageContaining("Query exceeded per-node memory limit of 150MB");
                assertThat(count(statement, "SELECT length(b) FROM blobs WHERE id = 1")).isEqualTo(5);
                assertThat(count(statement, "SELECT count(*) FROM blobs WHERE id = 1 AND b <> X'00'")).isEqualTo(1);
            }
            assertThat(Program.run(TIMEOUT_SECONDS, Map.of(), "bin/cluster", "status", "--run-dir", runDir).output()).contains("worker-1");
        }
        finally {
            Program.run(TIMEOUT_SECONDS, Map.of(), "bin/cluster", "stop", "--run-dir", runDir);
        }
    }

    private static long count(Statement statement, String sql)
            throws SQLException
    {
        try (ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }
}
