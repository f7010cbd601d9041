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

import com.google.common.base.Stopwatch;
import com.google.common.collect.ImmutableMap;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.lance.Dataset;
import org.lance.Ref;
import org.lance.WriteParams.WriteMode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

import static com.google.common.base.Throwables.getStackTraceAsString;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Directory namespaces in a bucket of a real S3-compatible server.
final class TestLanceObjectStore
        extends AbstractTestQueryFramework
{
    private static final int ROWS = 50_000;
    private static final int BATCH_ROWS = 500;

    private DistributedQueryRunner queryRunner;
    private TestingS3Server s3;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        queryRunner = DistributedQueryRunner.builder(testSessionBuilder().setCatalog("lake").setSchema("sales").build())
                .addExtraProperty("sink.max-buffer-size", "1MB")
                .build();
        queryRunner.installPlugin(new LancePlugin());
        s3 = closeAfterClass(new TestingS3Server());
        s3.createBucket("bucket");
        try (LanceTestData data = new LanceTestData("s3://bucket/lake", s3.ownerOptions())) {
            data.createNamespace("sales");
            RestCatalogs.write(data, 42, "sales", "orders");
            RestCatalogs.write(data, 7, "roots");
        }
        createCatalog("lake", "s3://bucket/lake", s3.ownerOptions());
        return queryRunner;
    }

    @Test
    void testRead()
    {
        assertQuery("SHOW SCHEMAS FROM lake", "VALUES 'default', 'information_schema', 'sales'");
        assertQuery("SHOW TABLES FROM lake.sales", "VALUES 'orders'");
        assertQuery("SELECT id FROM lake.sales.orders", "VALUES 42");
        assertQuery("SELECT r.id, o.id, count(*) OVER () FROM lake.\"default\".roots r CROSS JOIN orders o", "VALUES (7, 42, 1)");
    }

    @Test
    void testVersionsTagsAndBranches()
    {
        try (LanceTestData data = new LanceTestData("s3://bucket/lake", s3.ownerOptions())) {
            RestCatalogs.write(data, 1, "versions");
            data.changeTable(List.of("versions"), dataset -> dataset.tags().create("full", Ref.ofMain(1)));
            data.changeTable(List.of("versions"), dataset -> dataset.delete("id = 1"));
            data.changeTable(List.of("versions"), dataset -> dataset.createBranch("dev", Ref.ofMain(1), s3.ownerOptions()).close());
        }
        assertQueryReturnsEmptyResult("SELECT id FROM \"default\".versions");
        for (String version : List.of("1", "'full'", "'dev'")) {
            assertQuery("SELECT id FROM lake.\"default\".versions FOR VERSION AS OF " + version, "VALUES 1");
        }
        assertQuery("SELECT version FROM lake.\"default\".\"versions$versions\"", "VALUES 1, 2");
        assertQuery("SELECT name FROM lake.\"default\".\"versions$branches\"", "VALUES 'dev'");
        assertQueryFails("SELECT id FROM lake.\"default\".versions FOR VERSION AS OF 3", ".*Table default.versions has no version 3: .*");
    }

    @Test
    void testNamesOfTables()
    {
        String root = "s3://bucket/na[me]s ü";
        try (LanceTestData data = new LanceTestData(root, s3.ownerOptions())) {
            data.createNamespace("sp ace");
            RestCatalogs.write(data, 1, "sp ace", "ü#?");
        }
        for (String name : List.of("br[0]", "pct%41", "st*ar~", "a%7bc%7d")) {
            writeUnregistered(root + "/" + name + ".lance");
        }
        createCatalog("names", root, s3.ownerOptions());
        assertQuery("SHOW TABLES FROM names.\"default\"", "VALUES 'br[0]', 'pct%41', 'st*ar~', 'a%7bc%7d'");
        assertQuery("SELECT id FROM names.\"sp ace\".\"ü#?\"", "VALUES 1");
        for (String name : List.of("br[0]", "pct%41", "st*ar~", "a%7bc%7d")) {
            assertQuery("SELECT id FROM names.\"default\".\"" + name + "\"", "VALUES 5");
        }
    }

    @Test
    void testNamesThatLanceCannotWrite()
    {
        // as newer versions of Lance write it
        s3.putObject("/bucket/newer/%C3%BC.lance/data", "x");
        s3.putObject("/bucket/newer/a%20b.lance/data", "x");
        createCatalog("newer", "s3://bucket/newer", s3.ownerOptions());
        assertQuery("SHOW TABLES FROM newer.\"default\"", "VALUES 'ü', 'a b'");
        assertQueryFails("SELECT id FROM newer.\"default\".\"a b\"", ".*Newer versions of Lance write to other keys than s3://bucket/newer/a%20b.lance: if one wrote the table, rename it to ASCII letters");
        assertQueryFails("SELECT id FROM newer.\"default\".\"ü\"", "Table 'ü' of the root s3://bucket/newer/ cannot be read: this version of Lance has no URI for names with such characters in an object store.*");
    }

    private void writeUnregistered(String uri)
    {
        try (BufferAllocator allocator = new RootAllocator();
                ArrowReader reader = LanceTestData.reader(allocator, new Schema(List.of(Field.nullable("id", new ArrowType.Int(64, true)))), List.of(batch -> {
                    ((BigIntVector) batch.getVector("id")).setSafe(0, 5);
                    batch.setRowCount(1);
                }))) {
            Dataset.write().allocator(allocator).reader(reader).uri(uri).storageOptions(s3.ownerOptions()).mode(WriteMode.CREATE).execute().close();
        }
        catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void testNamesOfOptions()
    {
        createCatalog("long_names", "s3://bucket/lake", ImmutableMap.of(
                "aws_access_key_id", s3.ownerOptions().get("access_key_id"),
                "aws_secret_access_key", s3.secretKey(),
                "aws_region", TestingS3Server.REGION,
                "aws_endpoint", s3.connectionOptions().get("endpoint"),
                "aws_virtual_hosted_style_request", "false",
                "aws_allow_http", "true"));
        assertQuery("SELECT id FROM long_names.sales.orders", "VALUES 42");
    }

    @Test
    void testEmptyPrefix()
    {
        createCatalog("nothing_yet", "s3://bucket/nothing", s3.ownerOptions());
        assertQuery("SHOW SCHEMAS FROM nothing_yet", "VALUES 'default', 'information_schema'");
        assertQueryReturnsEmptyResult("SHOW TABLES FROM nothing_yet.\"default\"");
    }

    @Test
    void testClone()
    {
        try (LanceTestData data = new LanceTestData("s3://bucket/clones", s3.ownerOptions())) {
            RestCatalogs.write(data, 1, "own");
            try (LanceTestData lake = new LanceTestData("s3://bucket/lake", s3.ownerOptions())) {
                lake.changeTable(List.of("roots"), dataset -> dataset.shallowClone("s3://bucket/clones/stolen.lance", Ref.ofMain(), s3.ownerOptions()).close());
            }
        }
        createCatalog("clones", "s3://bucket/clones", s3.ownerOptions());
        assertQuery("SELECT id FROM clones.\"default\".own", "VALUES 1");
        assertQueryFails("SELECT id FROM clones.\"default\".stolen", "Table default.stolen is not read, as a part of its files is outside of the root s3://bucket/clones.*");
    }

    @Test
    void testWrongSecret()
    {
        Map<String, String> options = withOption("secret_access_key", "not-the-secret");
        assertThatThrownBy(() -> createCatalog("wrong_secret", "s3://bucket/lake", options))
                .hasMessageContaining("s3://bucket/lake")
                .hasMessageContaining("lance.storage.")
                .satisfies(failure -> assertThat(getStackTraceAsString(failure)).doesNotContain("not-the-secret"));
    }

    @Test
    void testMissingBucket()
    {
        assertThatThrownBy(() -> createCatalog("missing_bucket", "s3://no-such-bucket/lake", s3.ownerOptions()))
                .hasMessageContaining("s3://no-such-bucket/lake")
                .satisfies(failure -> assertThat(getStackTraceAsString(failure)).doesNotContain(s3.secretKey()));
    }

    @Test
    void testKilledServer()
            throws IOException
    {
        try (TestingS3Server killed = new TestingS3Server()) {
            killed.createBucket("bucket");
            try (LanceTestData data = new LanceTestData("s3://bucket/lake", killed.ownerOptions())) {
                RestCatalogs.write(data, 1, "numbers");
            }
            createCatalog("killed", "s3://bucket/lake", killed.ownerOptions());
            assertQuery("SELECT id FROM killed.\"default\".numbers", "VALUES 1");
            killed.kill();
            Stopwatch stopwatch = Stopwatch.createStarted();
            assertQueryFails("SELECT id FROM killed.\"default\".numbers", "(?s).*s3://bucket/lake.*");
            assertThat(stopwatch.elapsed()).isLessThan(Duration.ofSeconds(60));
            killed.start();
            assertQuery("SELECT id FROM killed.\"default\".numbers", "VALUES 1");
        }
        assertQuery("SELECT id FROM lake.sales.orders", "VALUES 42");
    }

    @Test
    void testServerKilledInQuery()
            throws IOException
    {
        try (TestingS3Server killed = new TestingS3Server()) {
            createLargeTable(killed);
            createCatalog("killed_in_query", "s3://bucket/large", killed.ownerOptions());
            try (StatementPages statement = StatementPages.start(queryRunner, "SELECT id, text FROM killed_in_query.\"default\".texts")) {
                assertThat(statement.readUntilRows()).isTrue();
                killed.kill();
                Stopwatch stopwatch = Stopwatch.createStarted();
                assertThat(statement.readUntilError())
                        .contains("LANCE_READ_ERROR")
                        .contains("Cannot read table default.texts version 1 at s3://bucket/large/texts.lance");
                assertThat(stopwatch.elapsed()).isLessThan(Duration.ofSeconds(60));
            }
        }
        assertQuery("SELECT id FROM lake.sales.orders", "VALUES 42");
    }

    @Test
    void testServerThatDoesNotAnswer()
            throws IOException, InterruptedException
    {
        try (TestingS3Server frozen = new TestingS3Server()) {
            createLargeTable(frozen);
            createCatalog("frozen", "s3://bucket/large", ImmutableMap.<String, String>builder()
                    .putAll(frozen.ownerOptions())
                    .put("timeout", "2s")
                    .put("client_retry_timeout", "2")
                    .buildOrThrow());
            assertQuery("SELECT count(*) FROM frozen.\"default\".texts", "VALUES " + ROWS);
            frozen.freeze();
            Stopwatch stopwatch = Stopwatch.createStarted();
            assertQueryFails("SELECT max(text) FROM frozen.\"default\".texts", "(?s).*s3://bucket/large.*");
            assertThat(stopwatch.elapsed()).isLessThan(Duration.ofSeconds(90));
        }
        assertQuery("SELECT id FROM lake.sales.orders", "VALUES 42");
    }

    // more than the buffers between a scan and a client that waits
    private static void createLargeTable(TestingS3Server server)
    {
        server.createBucket("bucket");
        Schema schema = new Schema(List.of(Field.nullable("id", new ArrowType.Int(64, true)), Field.nullable("text", ArrowType.Utf8.INSTANCE)));
        Random random = new Random(1);
        List<Consumer<VectorSchemaRoot>> batches = Collections.nCopies(ROWS / BATCH_ROWS, batch -> {
            byte[] text = new byte[1_000];
            for (int row = 0; row < BATCH_ROWS; row++) {
                for (int i = 0; i < text.length; i++) {
                    text[i] = (byte) ('!' + random.nextInt(90));
                }
                ((BigIntVector) batch.getVector("id")).setSafe(row, row);
                ((VarCharVector) batch.getVector("text")).setSafe(row, text);
            }
            batch.setRowCount(BATCH_ROWS);
        });
        try (LanceTestData data = new LanceTestData("s3://bucket/large", server.ownerOptions())) {
            data.writeTable(List.of("texts"), schema, batches.iterator(), options -> options.maxRowsPerFile(BATCH_ROWS));
        }
    }

    private Map<String, String> withOption(String name, String value)
    {
        return ImmutableMap.<String, String>builder().putAll(s3.ownerOptions()).put(name, value).buildKeepingLast();
    }

    private void createCatalog(String name, String root, Map<String, String> storageOptions)
    {
        ImmutableMap.Builder<String, String> properties = ImmutableMap.builder();
        properties.put("lance.namespace.root", root);
        storageOptions.forEach((option, value) -> properties.put("lance.storage." + option, value));
        queryRunner.createCatalog(name, "lance", properties.buildOrThrow());
    }
}
