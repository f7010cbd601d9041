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
package io.streamlance.trino.lance;

import io.streamlance.trino.lance.dataset.DatasetCache;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import static io.trino.testing.TestingSession.testSessionBuilder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

/// How many datasets statements open, counted in the log, on one node.
@Execution(SAME_THREAD)
final class TestLanceDatasetOpenings
        extends AbstractTestQueryFramework
{
    // the logging framework itself does not keep it
    private final Logger logger = Logger.getLogger(DatasetCache.class.getName());
    private final Queue<String> opened = new ConcurrentLinkedQueue<>();
    private final Handler handler = new Handler()
    {
        @Override
        public void publish(LogRecord entry)
        {
            opened.add(entry.getMessage().replaceAll("Opened table (\\S+) at .*", "$1"));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private Path root;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = DistributedQueryRunner.builder(testSessionBuilder().setCatalog("lake").setSchema("s").build())
                .setWorkerCount(0)
                .build();
        queryRunner.installPlugin(new LancePlugin());
        root = Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve("lake"));
        try (LanceTestData data = new LanceTestData(root)) {
            data.createNamespace("s");
            RestCatalogs.write(data, 1, "s", "a");
            RestCatalogs.write(data, 2, "s", "b");
            RestCatalogs.write(data, 3, "s", "changing");
        }
        queryRunner.createCatalog("lake", "lance", Map.of("lance.namespace.root", root.toString()));
        return queryRunner;
    }

    @BeforeAll
    void startCounting()
    {
        handler.setLevel(Level.ALL);
        logger.setLevel(Level.FINE);
        logger.addHandler(handler);
    }

    @AfterAll
    void stopCounting()
    {
        logger.removeHandler(handler);
        logger.setLevel(null);
    }

    @BeforeEach
    void forget()
    {
        opened.clear();
    }

    @Test
    void testListingsOpenNone()
    {
        assertQuery("SHOW TABLES", "VALUES 'a', 'b', 'changing'");
        assertQuery("SHOW SCHEMAS", "VALUES 'default', 'information_schema', 's'");
        assertQuery("SELECT table_name FROM information_schema.tables WHERE table_schema = 's'", "VALUES 'a', 'b', 'changing'");
        assertThat(opened).isEmpty();
    }

    @Test
    void testColumnsOpenEachTableOnce()
    {
        assertQuery("SELECT table_name FROM information_schema.columns WHERE table_schema = 's'", "VALUES 'a', 'b', 'changing'");
        assertThat(opened).containsExactlyInAnyOrder("s.a", "s.b", "s.changing");
        opened.clear();
        assertQuery("SELECT column_name FROM information_schema.columns WHERE table_schema = 's' AND table_name = 'a'", "VALUES 'id'");
        assertThat(opened).containsExactly("s.a");
    }

    @Test
    void testQueryOpensEachTableOnce()
    {
        assertQuery("SELECT x.id, y.id, z.id FROM a x JOIN a y ON x.id = y.id CROSS JOIN b z WHERE x.id IN (SELECT id FROM a)", "VALUES (1, 1, 2)");
        assertThat(opened).containsExactlyInAnyOrder("s.a", "s.b");
    }

    @Test
    void testReadersUseTheOpenDataset()
    {
        // to see whether there is a newer version; the scan itself uses what is open
        for (int i = 0; i < 3; i++) {
            assertQuery("SELECT id FROM changing", "VALUES 3");
            assertThat(opened).containsExactly("s.changing");
            opened.clear();
        }
        try (LanceTestData writer = new LanceTestData(root)) {
            writer.changeTable(List.of("s", "changing"), dataset -> dataset.delete("id = 3"));
        }
        assertQueryReturnsEmptyResult("SELECT id FROM changing");
        assertThat(opened).containsExactly("s.changing");
    }
}
