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

import com.google.common.collect.Lists;
import com.google.common.primitives.Longs;
import io.streamlance.trino.lance.DatasetFiles.Damage;
import io.trino.Session;
import io.trino.spi.ErrorCodeSupplier;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.lance.Dataset;
import org.lance.cleanup.CleanupPolicy;
import org.lance.index.IndexType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.LongStream;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_OPEN_ERROR;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_READ_ERROR;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_TABLE_REPLACED;
import static io.streamlance.trino.lance.LanceQueryRunner.withProperty;
import static io.streamlance.trino.lance.LanceTestData.createIndex;
import static io.trino.testing.assertions.TrinoExceptionAssert.assertTrinoExceptionThrownBy;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Locale.ENGLISH;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Datasets whose files are missing, damaged, deleted or replaced, also while they are read: a query
 * fails with an error that names the table and the file, and the server lives on.
 */
final class TestLanceFaults
        extends AbstractTestQueryFramework
{
    private static final int FRAGMENT_ROWS = 1_000;
    private static final int ROWS = 4 * FRAGMENT_ROWS;
    private static final Schema SCHEMA = new Schema(List.of(
            Field.nullable("id", new ArrowType.Int(64, true)),
            Field.nullable("name", ArrowType.Utf8.INSTANCE)));

    private Path root;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog()
                // its cache then is the only one
                .setWorkerCount(0)
                .build();
        root = Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve("faults"));
        queryRunner.installPlugin(new LancePlugin());
        write("fine");
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString(), "lance.cache.max-datasets", "1"));
        return queryRunner;
    }

    @Test
    void testMissingDataFile()
            throws IOException
    {
        write("missing_data");
        Path file = files("missing_data", "data").getFirst();
        Files.delete(file);
        assertDamaged("SELECT sum(id) FROM missing_data", "Cannot read table default.missing_data version 1 at .*", "data/%s is missing".formatted(file.getFileName()));
        assertDamaged("SELECT sum(id) FROM missing_data WHERE name LIKE '%7'", "Cannot read table default.missing_data version 1 at .*", "data/%s is missing".formatted(file.getFileName()));
        assertDamaged("SELECT count(*) FROM missing_data WHERE name LIKE '%7'", "Cannot read table default.missing_data version 1 at .*", "data/%s is missing".formatted(file.getFileName()));
        // the manifest still counts its rows
        assertQuery("SELECT count(*) FROM missing_data", "VALUES " + ROWS);
    }

    @Test
    void testShortDataFile()
            throws IOException
    {
        for (Damage damage : List.of(Damage.EMPTY, Damage.SHORT)) {
            String table = "data_" + damage.name().toLowerCase(ENGLISH);
            write(table);
            Path file = files(table, "data").get(1);
            long originalLength = Files.size(file);
            DatasetFiles.damage(file, damage);
            assertDamaged("SELECT sum(id) FROM " + table, "Cannot read table default." + table + " version 1 at .*", "data/%s has %s bytes instead of %s".formatted(file.getFileName(), Files.size(file), originalLength));
        }
    }

    @Test
    void testOverwrittenDataFile()
            throws IOException
    {
        for (Damage damage : List.of(Damage.ZEROS, Damage.OTHER)) {
            String table = "data_" + damage.name().toLowerCase(ENGLISH);
            write(table);
            Path file = files(table, "data").get(2);
            DatasetFiles.damage(file, damage);
            assertDamaged("SELECT sum(id) FROM " + table, "Cannot read table default." + table + " version 1 at .*", "data/%s does not end as a Lance file does".formatted(file.getFileName()));
        }
    }

    @Test
    void testDamagedPages()
            throws IOException
    {
        write("damaged_pages");
        for (Path file : files("damaged_pages", "data")) {
            byte[] bytes = Files.readAllBytes(file);
            // the pages come first, and the text is compressed
            Arrays.fill(bytes, bytes.length / 4, bytes.length / 2, (byte) 0xA5);
            Files.write(file, bytes);
        }
        String files = "If the storage answers and permits to read, one of these files is damaged: " + files("damaged_pages", "data").getFirst().getParent().getFileName();
        assertDamaged("SELECT max(name), sum(id) FROM damaged_pages", "Cannot read table default.damaged_pages version 1 at .*", files);
    }

    @Test
    void testDamagedDeletionFile()
            throws IOException
    {
        for (Damage damage : List.of(Damage.MISSING, Damage.SHORT, Damage.OTHER)) {
            String table = "deletions_" + damage.name().toLowerCase(ENGLISH);
            write(table);
            changeTable(table, dataset -> dataset.delete("id % 7 = 0 AND id < 1000"));
            assertQuery("SELECT count(id) FROM " + table, "VALUES " + (ROWS - 143));
            Path file = files(table, "_deletions").getFirst();
            DatasetFiles.damage(file, damage);
            // what is in Lance's cache needs no file: the table is another one at another place
            Path moved = root.resolve(table + "_moved.lance");
            Files.move(root.resolve(table + ".lance"), moved);
            String finding = damage == Damage.MISSING ? "_deletions/%s is missing" : "_deletions/%s";
            assertDamaged("SELECT sum(id) FROM %s_moved".formatted(table), "Cannot read table default." + table + "_moved version 2 at .*", finding.formatted(file.getFileName()));
        }
    }

    @Test
    void testDamagedManifest()
            throws IOException
    {
        for (Damage damage : List.of(Damage.EMPTY, Damage.SHORT, Damage.ZEROS, Damage.OTHER)) {
            String table = "manifest_" + damage.name().toLowerCase(ENGLISH);
            write(table);
            Path manifest = files(table, "_versions").stream().filter(file -> file.toString().endsWith(".manifest")).findFirst().orElseThrow();
            DatasetFiles.damage(manifest, damage);
            assertFails(getSession(), "SELECT sum(id) FROM " + table, LANCE_OPEN_ERROR, "Cannot open the newest version of table default.%s at .*%s.lance.*%s is damaged: .*Restore it from a backup.*".formatted(table, table, manifest.getFileName()));
        }
    }

    @Test
    void testDamagedIndex()
            throws IOException
    {
        for (Damage damage : List.of(Damage.MISSING, Damage.SHORT, Damage.OTHER)) {
            String table = "index_" + damage.name().toLowerCase(ENGLISH);
            write(table);
            changeTable(table, dataset -> createIndex(dataset, "id", IndexType.BTREE));
            for (Path file : files(table, "_indices")) {
                DatasetFiles.damage(file, damage);
            }
            String sql = "SELECT name FROM %s WHERE id = 5".formatted(table);
            assertFails(getSession(), "SHOW STATS FOR " + table, LANCE_READ_ERROR, "Cannot read the statistics in the indexes of table default." + table + " version 2 at .*" + table + ".lance.*statistics_enabled.*");
            assertFails(getSession(), sql, LANCE_READ_ERROR, "Cannot look into the indexes of table default." + table + " version 2 at .*" + table + ".lance: .*");
            // the rows are all there
            Session withoutPushdown = withProperty(getSession(), "filter_pushdown_enabled", "false");
            assertQuery(withoutPushdown, sql, "VALUES 'name-5'");
        }
    }

    @Test
    void testVersionDeletedDuringTransaction()
    {
        write("cleaned");
        Consumer<Dataset> cleanup = dataset -> {
            dataset.delete("id >= 1000");
            dataset.compact();
            dataset.cleanupWithPolicy(CleanupPolicy.builder().withBeforeTimestampMillis(System.currentTimeMillis() + 60_000).withDeleteUnverified(true).build());
        };
        assertFailsInTransaction("cleaned", () -> changeTable("cleaned", cleanup), LANCE_READ_ERROR, "Cannot read table default.cleaned version 1 at .*data/.* is missing.*");
        assertQuery("SELECT count(id) FROM cleaned", "VALUES 1000");

        write("cleaned_and_closed");
        assertFailsInTransaction(
                "cleaned_and_closed",
                () -> {
                    changeTable("cleaned_and_closed", cleanup);
                    evictDatasets();
                },
                LANCE_OPEN_ERROR,
                "Cannot open version 1 of table default.cleaned_and_closed at .*");
        assertQuery("SELECT count(id) FROM cleaned_and_closed", "VALUES 1000");
    }

    @Test
    void testReplacedDuringTransaction()
    {
        assertReplaced("replaced_files", () -> {}, LANCE_READ_ERROR, "Cannot read table default.replaced_files version 1 at .*data/.* is missing.*");
        // another dataset must not be taken for the one that the transaction began with
        assertReplaced("replaced_dataset", this::evictDatasets, LANCE_TABLE_REPLACED, "Table default.replaced_dataset was dropped and created again while the query was reading version 1 of it. Run the query again");
    }

    private void assertReplaced(String table, Runnable afterwards, ErrorCodeSupplier code, String message)
    {
        write(table);
        Runnable replace = () -> {
            drop(table);
            write(table, ROWS / 2);
            afterwards.run();
        };
        assertFailsInTransaction(table, replace, code, message);
        assertQuery("SELECT count(id) FROM " + table, "VALUES " + ROWS / 2);
    }

    @Test
    void testReplacedBetweenQueries()
    {
        for (int rows : new int[] {ROWS, 10, 3_000}) {
            write("rewritten", rows);
            assertQuery("SELECT count(*), count(id), max(id) FROM rewritten", "VALUES (%s, %s, %s)".formatted(rows, rows, rows - 1));
            assertQuery("SELECT count(id) FROM rewritten WHERE id % 10 = 3", "VALUES " + rows / 10);
            drop("rewritten");
        }
    }

    private void assertDamaged(String sql, String message, String file)
    {
        assertThat(query(sql)).failure()
                .hasErrorCode(LANCE_READ_ERROR)
                .hasMessageMatching("(?s)" + message)
                .hasMessageContaining(file);
        assertServerLives();
    }

    private void assertFails(Session session, String sql, ErrorCodeSupplier code, String message)
    {
        assertThat(query(session, sql)).failure()
                .hasErrorCode(code)
                .hasMessageMatching("(?s)" + message);
        assertServerLives();
    }

    private void assertFailsInTransaction(String table, Runnable betweenQueries, ErrorCodeSupplier code, String message)
    {
        assertTrinoExceptionThrownBy(() -> inTransaction(session -> {
            assertQuery(session, "SELECT count(*) FROM " + table, "VALUES " + ROWS);
            betweenQueries.run();
            computeActual(session, "SELECT sum(id) FROM " + table);
        }))
                .hasErrorCode(code)
                .hasMessageMatching("(?s)" + message);
    }

    private void assertServerLives()
    {
        assertQuery("SELECT count(id), sum(id) FROM fine", "VALUES (%s, 7998000)".formatted(ROWS));
    }

    // a node keeps one dataset open
    private void evictDatasets()
    {
        assertServerLives();
    }

    private void write(String table)
    {
        write(table, ROWS);
    }

    private void write(String table, int rows)
    {
        List<Long> ids = LongStream.range(0, rows).boxed().toList();
        List<Consumer<VectorSchemaRoot>> batches = Lists.transform(Lists.partition(ids, FRAGMENT_ROWS), batch -> vectors -> fill(Longs.toArray(batch), vectors));
        try (LanceTestData data = new LanceTestData(root)) {
            data.writeTable(List.of(table), SCHEMA, batches.iterator(), options -> options.maxRowsPerFile(FRAGMENT_ROWS));
        }
    }

    private void changeTable(String table, Consumer<Dataset> change)
    {
        try (LanceTestData data = new LanceTestData(root)) {
            data.changeTable(List.of(table), change);
        }
    }

    private void drop(String table)
    {
        try (LanceTestData data = new LanceTestData(root)) {
            data.dropTable(table);
        }
    }

    private List<Path> files(String table, String directory)
    {
        return new DatasetFiles(root.resolve(table + ".lance")).list(directory);
    }

    private static void fill(long[] ids, VectorSchemaRoot root)
    {
        for (int i = 0; i < ids.length; i++) {
            ((BigIntVector) root.getVector("id")).setSafe(i, ids[i]);
            ((VarCharVector) root.getVector("name")).setSafe(i, ("name-" + ids[i]).getBytes(UTF_8));
        }
        root.setRowCount(ids.length);
    }
}
