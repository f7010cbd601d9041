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

import com.google.common.collect.ImmutableMultiset;
import com.google.common.collect.Multiset;
import com.google.common.collect.Multisets;
import io.streamlance.trino.lance.changes.TableChangesHandle;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.trino.spi.connector.ConnectorSplit;
import io.trino.spi.connector.ConnectorSplitSource;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.connector.Constraint;
import io.trino.spi.connector.DynamicFilterSnapshot;
import io.trino.spi.connector.SchemaTableName;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import io.trino.testing.TestingConnectorSession;
import org.junit.jupiter.api.Test;
import org.lance.Dataset;
import org.lance.Ref;
import org.lance.cleanup.CleanupPolicy;
import org.lance.schema.SqlExpressions;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import static com.google.common.collect.ImmutableMultiset.toImmutableMultiset;
import static io.streamlance.trino.lance.LanceHistory.range;
import static io.trino.spi.StandardErrorCode.INVALID_ARGUMENTS;
import static io.trino.spi.StandardErrorCode.INVALID_FUNCTION_ARGUMENT;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
import static io.trino.spi.transaction.IsolationLevel.READ_COMMITTED;
import static io.trino.testing.TestingAccessControlManager.TestingPrivilegeType.SELECT_COLUMN;
import static io.trino.testing.TestingAccessControlManager.privilege;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

/// The change feed, against the differences of what Lance reads at one version after the other.
final class TestLanceTableChanges
        extends AbstractTestQueryFramework
{
    private static final int RANDOM_VERSIONS = 40;

    private Path root;
    private LanceHistory history;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog().build();
        root = Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve("changes"));
        history = closeAfterClass(history("history", true));
        history.create(range(0, 10))
                .append(range(10, 15))
                .delete("id % 3 = 0")
                .upsert("changed", 1, 2, 100)
                .delete("id >= 10 AND id < 15")
                .change(Dataset::compact);
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString()));
        queryRunner.createCatalog("narrow", "lance", Map.of("lance.namespace.root", root.toString(), "lance.scan.max-concurrent", "1", "lance.scan.max-threads", "1"));
        return queryRunner;
    }

    @Test
    void testChanges()
    {
        assertThat(query(changes("_change_type, id, name, _change_version_id, _change_ordinal", "history", 2, 4)))
                .matches(
                        """
                        VALUES
                            (VARCHAR 'delete', BIGINT '0', VARCHAR 'new-0', BIGINT '3', 0),
                            ('delete', 3, 'new-3', 3, 0),
                            ('delete', 6, 'new-6', 3, 0),
                            ('delete', 9, 'new-9', 3, 0),
                            ('delete', 12, 'new-12', 3, 0),
                            ('update_preimage', 1, 'new-1', 4, 1),
                            ('update_preimage', 2, 'new-2', 4, 1),
                            ('update_postimage', 1, 'changed-1', 4, 1),
                            ('update_postimage', 2, 'changed-2', 4, 1),
                            ('insert', 100, 'changed-100', 4, 1)
                        """);
        assertThat(query(changes("count(*), min(id), max(name), min(_change_type), max(_change_type)", "history", 0, 1)))
                .matches("VALUES (BIGINT '10', BIGINT '0', VARCHAR 'new-9', VARCHAR 'insert', VARCHAR 'insert')");
        assertThat(query(changes("count(*)", "history", 5, history.newestVersion()))).matches("VALUES BIGINT '0'");
        assertDifferences("history", history, 0, history.newestVersion());
    }

    @Test
    void testTimestampIsThatOfTheVersion()
    {
        assertThat(query("SELECT DISTINCT _change_version_id, _change_timestamp FROM TABLE(system.table_changes('default', 'history', 0, 5))"))
                .matches("SELECT version, timestamp FROM \"history$versions\" WHERE version <= 5");
    }

    @Test
    void testRandomHistory()
    {
        long seed = Long.getLong("streamlance.random-seed", System.currentTimeMillis());
        Random random = new Random(seed);
        try (LanceHistory rows = history("random", true)) {
            rows.create(range(0, 20));
            long next = 20;
            while (rows.newestVersion() < RANDOM_VERSIONS) {
                long some = random.nextLong(next);
                switch (random.nextInt(12)) {
                    case 0, 1, 2 -> {
                        rows.append(range(next, next + 1 + random.nextInt(12)));
                        next += 12;
                    }
                    case 3, 4, 5 -> rows.delete("id %% %s = %s".formatted(2 + random.nextInt(9), random.nextInt(2)));
                    case 6, 7, 8 -> rows.upsert("upsert-" + rows.newestVersion(), range(some, some + 1 + random.nextInt(15)));
                    case 9 -> rows.change(Dataset::compact);
                    case 10 -> rows.change(dataset -> {
                        try (Dataset old = dataset.checkout(Ref.ofMain(1 + random.nextLong(dataset.version())))) {
                            old.restore();
                        }
                    });
                    default -> {
                        rows.overwrite(range(next, next + 10));
                        next += 10;
                    }
                }
            }
            long newest = rows.newestVersion();
            assertThat(newest).as("seed %s", seed).isGreaterThanOrEqualTo(RANDOM_VERSIONS);
            assertDifferences("random", rows, 0, newest);
            long start = 1 + random.nextLong(newest - 1);
            assertDifferences("random", rows, start, start + 1 + random.nextLong(newest - start));
        }
    }

    @Test
    void testColumnsOfTheLastVersion()
    {
        try (LanceHistory columns = history("columns", true)) {
            columns.create(0, 1)
                    .change(dataset -> dataset.addColumns(new SqlExpressions.Builder().withExpression("twice", "id * 2").build(), Optional.empty()))
                    .delete("id = 1");
        }
        assertThat(query(changes("_change_version_id, _change_type, id, twice", "columns", 0, 3)))
                .matches(
                        """
                        VALUES
                            (BIGINT '1', VARCHAR 'insert', BIGINT '0', CAST(NULL AS bigint)),
                            (1, 'insert', 1, NULL),
                            (2, 'update_preimage', 0, NULL),
                            (2, 'update_preimage', 1, NULL),
                            (2, 'update_postimage', 0, 0),
                            (2, 'update_postimage', 1, 2),
                            (3, 'delete', 1, 2)
                        """);
        assertThat(query(changes("_change_type, id", "columns", 0, 1))).matches("VALUES (VARCHAR 'insert', BIGINT '0'), ('insert', 1)");
        assertQueryFails(changes("twice", "columns", 0, 1), ".*Column 'twice' cannot be resolved");
    }

    @Test
    void testOneOfManyRows()
    {
        try (LanceHistory large = history("large", true, 20_000)) {
            large.create(range(0, 50_000)).delete("id = 33333").upsert("changed", 44_444).upsert("changed", range(0, 30_000));
        }
        assertThat(query(changes("_change_type, id, _change_version_id", "large", 1, 3)))
                .matches("VALUES (VARCHAR 'delete', BIGINT '33333', BIGINT '2'), ('update_preimage', 44444, 3), ('update_postimage', 44444, 3)");
        assertThat(query("SELECT _change_type, count(*), sum(id), min(name) FROM TABLE(system.table_changes('default', 'large', 3, 4)) GROUP BY 1"))
                .matches("VALUES (VARCHAR 'update_preimage', BIGINT '30000', BIGINT '449985000', VARCHAR 'new-0'), ('update_postimage', 30000, 449985000, 'changed-0')");
    }

    @Test
    void testOneScanAtATime()
    {
        String sql = "SELECT count(*), sum(a.id), max(h.name) FROM TABLE(%1$s.system.table_changes('default', 'history', 0, 6)) a JOIN TABLE(%1$s.system.table_changes('default', 'history', 1, 7)) b ON a.id = b.id JOIN %1$s.default.history h ON a.id = h.id";
        assertThat(query(sql.formatted("narrow"))).matches(sql.formatted("lance"));
    }

    @Test
    void testFiltersAndLimits()
    {
        assertThat(query(changes("id", "history", 2, 4) + " WHERE _change_type = 'insert'")).matches("VALUES BIGINT '100'");
        assertThat(query(changes("id", "history", 2, 4) + " WHERE id > 5 AND _change_version_id = 3")).matches("VALUES BIGINT '6', 9, 12");
        assertQuery("SELECT count(*) FROM (" + changes("id", "history", 0, 4) + " LIMIT 7)", "VALUES 7");
        assertThat((String) computeScalar("EXPLAIN " + changes("id", "history", 2, 4))).contains("changes of default.history@v2..v4");
        assertThat(query("SELECT c.id FROM TABLE(system.table_changes(schema_name => 'default', table_name => 'history', start_version => 2, end_version => 4)) c JOIN history h ON h.id = c.id AND h.name = c.name"))
                .matches("VALUES BIGINT '1', 2, 100");
    }

    @Test
    void testRefused()
    {
        try (LanceHistory plain = history("plain", false);
                LanceHistory cleaned = history("cleaned", true);
                LanceHistory retyped = history("retyped", true)) {
            plain.create(1).append(2);
            cleaned.create(1).append(2).append(3).append(4)
                    .change(dataset -> dataset.tags().create("keep", Ref.ofMain(1)))
                    .change(dataset -> dataset.cleanupWithPolicy(CleanupPolicy.builder().withBeforeVersion(3).withErrorIfTaggedOldVersions(false).build()));
            retyped.create(1, 2)
                    .change(dataset -> dataset.addColumns(new SqlExpressions.Builder().withExpression("extra", "'text'").build(), Optional.empty()))
                    .delete("id = 1")
                    .change(dataset -> dataset.dropColumns(List.of("extra")))
                    .change(dataset -> dataset.addColumns(new SqlExpressions.Builder().withExpression("extra", "id").build(), Optional.empty()));
        }
        assertThat(query(changes("id", "plain", 1, 2))).failure()
                .hasErrorCode(NOT_SUPPORTED)
                .hasMessageContaining("The changes of table default.plain up to version 1 cannot be told, because its rows have no stable ids");
        assertThat(query(changes("id", "cleaned", 1, 4))).failure()
                .hasErrorCode(INVALID_FUNCTION_ARGUMENT)
                .hasMessageContaining("Version 2 of table default.cleaned was removed when old versions were cleaned up, so its changes cannot be told. Begin with a later version");
        assertThat(query(changes("id", "cleaned", 3, 4))).matches("VALUES BIGINT '4'");
        assertThat(query(changes("extra", "retyped", 2, 5))).failure()
                .hasErrorCode(NOT_SUPPORTED)
                .hasMessageContaining("Column extra of table default.retyped was of type varchar before version 5, in which it is of type bigint");
        assertThat(query(changes("DISTINCT id", "retyped", 2, 5))).matches("VALUES BIGINT '1', 2");
        assertThat(query(changes("id", "history", 1, 99))).failure().hasErrorCode(INVALID_ARGUMENTS).hasMessageContaining("has no version 99");
        for (long[] versions : new long[][] {{3, 3}, {3, 1}, {-1, 2}}) {
            assertThat(query(changes("id", "history", versions[0], versions[1]))).failure().hasErrorCode(INVALID_FUNCTION_ARGUMENT).hasMessageContaining("start_version is 0 or a version, and end_version is a later one");
        }
        assertThat(query("SELECT * FROM TABLE(system.table_changes('default', NULL, 1, 2))")).failure().hasErrorCode(INVALID_FUNCTION_ARGUMENT);
        assertQueryFails(changes("id", "nothing", 1, 2), ".*Table 'default.nothing' not found");
    }

    @Test
    void testAccessIsCheckedFirst()
    {
        for (long version : new long[] {2, 99}) {
            assertAccessDenied(changes("id", "history", 1, version), "Cannot select from columns .* in table or view lance.default.history", privilege("history", SELECT_COLUMN));
        }
    }

    @Test
    void testPlanningDoesNotWaitForScans()
            throws Exception
    {
        LanceConnector connector = (LanceConnector) getDistributedQueryRunner().getCoordinator().getConnector("narrow");
        CountDownLatch busy = new CountDownLatch(1);
        connector.getInjector().getInstance(LanceRuntime.class).scanThreads().execute(() -> {
            try {
                busy.await();
            }
            catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        SchemaTableName name = new SchemaTableName("default", "history");
        ConnectorTransactionHandle transaction = connector.beginTransaction(READ_COMMITTED, true, true);
        try {
            LanceTable third = connector.getInjector().getInstance(LanceTransactions.class).get(transaction).findTable(name, new TableVersion.Number(3)).orElseThrow();
            ConnectorSplitSource splits = connector.getSplitManager().getSplits(
                    transaction,
                    TestingConnectorSession.SESSION,
                    new TableChangesHandle(name, Optional.empty(), third.version(), List.of()),
                    Set.of(),
                    Constraint.alwaysTrue());
            CompletableFuture<List<ConnectorSplit>> batch = splits.getNextBatch(100, DynamicFilterSnapshot.EMPTY);
            // all threads that scan are busy
            assertThat(batch.get(30, SECONDS)).hasSize(3);
            assertThat(splits.isFinished()).isTrue();
        }
        finally {
            busy.countDown();
            connector.commit(transaction);
        }
    }

    private void assertDifferences(String table, LanceHistory rows, long start, long end)
    {
        Multiset<List<Object>> actual = getQueryRunner().execute(changes("_change_version_id, _change_type, id, name", table, start, end)).getMaterializedRows().stream()
                .map(row -> row.getFields())
                .collect(toImmutableMultiset());
        ImmutableMultiset.Builder<List<Object>> expected = ImmutableMultiset.builder();
        for (long version = start + 1; version <= end; version++) {
            addDifferences(version == 1 ? Map.of() : rows.read(version - 1, "_rowid", "id", "name"), rows.read(version, "_rowid", "id", "name"), version, expected);
        }
        // all of a history has changes, a part of it may have none
        assertThat(start > 0 || !actual.isEmpty()).as("changes of %s", table).isTrue();
        assertThat(Multisets.difference(actual, expected.build())).as("unexpected changes of %s after %s", table, start).isEmpty();
        assertThat(Multisets.difference(expected.build(), actual)).as("missing changes of %s after %s", table, start).isEmpty();
    }

    private static void addDifferences(Map<Long, List<String>> before, Map<Long, List<String>> after, long version, ImmutableMultiset.Builder<List<Object>> changes)
    {
        before.forEach((id, row) -> {
            if (!row.equals(after.get(id))) {
                changes.add(change(version, after.containsKey(id) ? "update_preimage" : "delete", row));
            }
        });
        after.forEach((id, row) -> {
            if (!row.equals(before.get(id))) {
                changes.add(change(version, before.containsKey(id) ? "update_postimage" : "insert", row));
            }
        });
    }

    private static List<Object> change(long version, String type, List<String> row)
    {
        return List.of(version, type, Long.valueOf(row.get(0)), row.get(1));
    }

    private static String changes(String columns, String table, long start, long end)
    {
        return "SELECT %s FROM TABLE(system.table_changes('default', '%s', %s, %s))".formatted(columns, table, start, end);
    }

    private LanceHistory history(String table, boolean stableRowIds)
    {
        return history(table, stableRowIds, 5);
    }

    private LanceHistory history(String table, boolean stableRowIds, int fragmentRows)
    {
        return new LanceHistory(root.resolve(table + ".lance"), stableRowIds, fragmentRows);
    }
}
