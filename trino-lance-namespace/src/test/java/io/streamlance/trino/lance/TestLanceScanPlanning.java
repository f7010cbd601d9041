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

import io.airlift.json.JsonCodec;
import io.streamlance.trino.lance.filter.FilterPushdown;
import io.trino.Session;
import io.trino.operator.OperatorStats;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.Connector;
import io.trino.spi.connector.ConnectorMetadata;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorSplit;
import io.trino.spi.connector.ConnectorSplitSource;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.connector.Constraint;
import io.trino.spi.connector.DynamicFilterSnapshot;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.predicate.Domain;
import io.trino.spi.predicate.TupleDomain;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import io.trino.testing.TestingConnectorContext;
import io.trino.testing.TestingConnectorSession;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.lance.index.IndexType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.LongStream;

import static com.google.common.collect.MoreCollectors.onlyElement;
import static io.airlift.concurrent.Threads.daemonThreadsNamed;
import static io.streamlance.trino.lance.LanceQueryRunner.withProperty;
import static io.streamlance.trino.lance.LanceTestData.createIndex;
import static io.streamlance.trino.lance.ScanStatistics.metrics;
import static io.streamlance.trino.lance.ScanStatistics.scan;
import static io.streamlance.trino.lance.ScanStatistics.scans;
import static io.trino.spi.transaction.IsolationLevel.READ_UNCOMMITTED;
import static io.trino.spi.type.BigintType.BIGINT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.Executors.newSingleThreadExecutor;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

/// What is decided about splits and indexes before a scan begins, and what it costs.
final class TestLanceScanPlanning
        extends AbstractTestQueryFramework
{
    private static final int ROWS = 40_000;
    private static final Schema SCHEMA = new Schema(List.of(
            Field.nullable("id", new ArrowType.Int(64, true)),
            Field.nullable("zone", new ArrowType.Int(64, true)),
            Field.nullable("plain", new ArrowType.Int(64, true)),
            Field.nullable("rare", new ArrowType.Int(64, true)),
            Field.nullable("name", ArrowType.Utf8.INSTANCE)));

    private Path root;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog().build();
        root = Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve("planning"));
        try (LanceTestData data = new LanceTestData(root)) {
            write(data, "fragments", 200, false);
            write(data, "one_fragment", ROWS, false);
            write(data, "stable_ids", ROWS, true);
        }
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString()));
        return queryRunner;
    }

    @Test
    void testIndexIsNotAskedForMoreRowsThanItHelpsWith()
    {
        for (String predicate : List.of("id BETWEEN 5 AND 20000", "id BETWEEN 5 AND 20000 AND id <> 7", "id BETWEEN 5 AND 20000 AND plain = 6", "id > 5", "plain = 5")) {
            OperatorStats scan = scan(getDistributedQueryRunner(), getSession(), "SELECT name FROM one_fragment WHERE " + predicate);
            assertThat(metrics(scan)).as(predicate).doesNotContainKey("lancePlanningRows").containsEntry("lanceIndexComparisons", 0L);
        }
    }

    /// A value may be rarer than the average of those that the statistics count.
    @Test
    void testIndexIsAskedForSingleValues()
    {
        for (int value : List.of(0, 1)) {
            Map<String, Long> metrics = metrics(scan(getDistributedQueryRunner(), getSession(), "SELECT id FROM one_fragment WHERE rare = " + value));
            // more than 10,000 are too many, which shows at the end of a batch
            assertThat(metrics.get("lancePlanningRows")).isBetween(value == 0 ? 10_001L : 34L, value == 0 ? 20_000L : 34L);
            assertThat(metrics.get("lanceIndexComparisons") > 0).isEqualTo(value == 1);
        }
    }

    @Test
    void testMetrics()
    {
        Map<String, Long> metrics = metrics(scan(getDistributedQueryRunner(), getSession(), "SELECT name FROM fragments WHERE id BETWEEN 500 AND 600"));
        assertThat(metrics).containsEntry("lancePlanningRows", 86L).containsEntry("lanceRows", 86L).containsKey("lancePlanningStorageBytes");
        assertThat(metrics.get("lancePlanningIndexComparisons")).isPositive();
        assertThat(metrics.get("lancePlanningNanos")).isPositive();
        // it costs more to open two hundred fragments
        OperatorStats range = scan(getDistributedQueryRunner(), splitRows(30_000), "SELECT name FROM fragments WHERE id BETWEEN 5 AND 20000");
        assertThat(metrics(range)).containsEntry("lancePlanningRows", 17_140L).containsEntry("lanceRows", 17_140L);
        assertThat(range.getTotalDrivers()).isEqualTo(1);
    }

    @Test
    void testDynamicFilterThatComesAfterPlanning()
    {
        Session session = Session.builder(getSession())
                .setSystemProperty("join_distribution_type", "BROADCAST")
                .setSystemProperty("join_reordering_strategy", "NONE")
                .setSystemProperty("execution_policy", "all-at-once")
                // the second split of a node is opened when the first one is joined
                .setSystemProperty("max_drivers_per_task", "1")
                .setCatalogSessionProperty("lance", "dynamic_filtering_wait_timeout", "0s")
                .setCatalogSessionProperty("lance", "split_target_rows", "1000")
                .build();
        String join = "SELECT p.name FROM fragments p JOIN (SELECT plain * 2 AS key FROM one_fragment WHERE plain %% 2 = 0 AND plain < 10000) b ON p.%s = b.key WHERE p.zone >= 0";
        // through the B-tree each split would look for 5,000 values
        assertThat(metrics(probe(join.formatted("id"), session)).get("lanceIndexComparisons")).isLessThan(20_000);
        assertThat(metrics(probe(join.formatted("plain"), session)).get("lanceRows")).isLessThan(ROWS / 2);
        assertQuery(session, "SELECT count(*), sum(p.plain) FROM (" + join.formatted("id").replace("p.name", "p.plain") + ") p", "VALUES (3572, 35704288)");
    }

    @Test
    void testLargeFragmentIsCutWhereAZoneMapLeavesMuch()
    {
        for (int target : List.of(1_000, 5_000, 1_000_000)) {
            Session session = splitRows(target);
            for (String table : List.of("one_fragment", "stable_ids", "fragments")) {
                assertThat(query(session, "SELECT count(name), count(DISTINCT plain), sum(plain) FROM %s WHERE zone >= 100".formatted(table)))
                        .matches("VALUES (BIGINT '34200', BIGINT '34200', BIGINT '685704300')");
                assertThat(query(session, "SELECT count(*) FROM %s WHERE zone >= 100 AND zone < 20000 AND name LIKE '%%7'".formatted(table))).matches("VALUES BIGINT '1706'");
            }
        }
        assertThat(scan(getDistributedQueryRunner(), splitRows(1_000), "SELECT name FROM one_fragment WHERE zone >= 100").getTotalDrivers()).isEqualTo(8);
        assertThat(scan(getDistributedQueryRunner(), splitRows(1_000), "SELECT name FROM one_fragment WHERE zone >= 38000").getTotalDrivers()).isEqualTo(1);
        assertThat(scan(getDistributedQueryRunner(), splitRows(1_000), "SELECT name FROM stable_ids WHERE zone >= 100").getTotalDrivers()).isEqualTo(1);
        assertThat(metrics(scan(getDistributedQueryRunner(), splitRows(1_000), "SELECT name FROM one_fragment WHERE zone >= 100")).get("lanceIndexComparisons")).isPositive();
    }

    @Test
    void testSplitsDoNotRepeatLargeDynamicFilters()
            throws Exception
    {
        Connector connector = new LanceConnectorFactory().create("test", Map.of("lance.namespace.root", root.toString(), "bootstrap.quiet", "true"), new TestingConnectorContext());
        try {
            ConnectorSession session = TestingConnectorSession.builder()
                    .setPropertyMetadata(connector.getSessionProperties())
                    .setPropertyValues(Map.of("split_target_rows", 1_000L))
                    .build();
            TupleDomain<ColumnHandle> many = keys(connector, session, "plain", 10_000);
            List<LanceSplit> splits = plan(connector, session, many);
            assertThat(splits).hasSize(40);
            assertThat(splits).allSatisfy(split -> {
                assertThat(JsonCodec.jsonCodec(LanceSplit.class).toJson(split)).hasSizeLessThan(1_000).contains("29997");
                assertThat(split.getRetainedSizeInBytes()).isLessThan(10_000);
            });
            TupleDomain<ColumnHandle> few = keys(connector, session, "plain", 50);
            assertThat(plan(connector, session, few)).hasSize(40).allSatisfy(split -> assertThat(split.dynamicFilter()).isEqualTo(FilterPushdown.toFilter(few)));
            // a lookup is planned for these values
            TupleDomain<ColumnHandle> indexed = keys(connector, session, "id", 200);
            LanceSplit lookup = plan(connector, session, indexed).stream().collect(onlyElement());
            assertThat(lookup.dynamicFilter()).isEqualTo(FilterPushdown.toFilter(indexed));
            assertThat(lookup.getRetainedSizeInBytes()).isGreaterThan(200 * 20);
        }
        finally {
            connector.shutdown();
        }
    }

    @Test
    void testClosedSplitSourceIsNotPlanned()
            throws Exception
    {
        try (ExecutorService executor = newSingleThreadExecutor(daemonThreadsNamed("planning-%s"))) {
            CountDownLatch busy = new CountDownLatch(1);
            AtomicInteger plans = new AtomicInteger();
            executor.submit(() -> busy.await(60, SECONDS));
            LanceSplitSource source = new LanceSplitSource(
                    (_, _) -> {
                        plans.incrementAndGet();
                        return SplitPlan.NOTHING;
                    },
                    0,
                    executor);
            CompletableFuture<List<ConnectorSplit>> batch = source.getNextBatch(10, DynamicFilterSnapshot.EMPTY);
            source.close();
            busy.countDown();
            executor.submit(() -> {}).get(60, SECONDS);
            assertThat(plans).hasValue(0);
            assertThat(batch).isCancelled();
        }
    }

    private static TupleDomain<ColumnHandle> keys(Connector connector, ConnectorSession session, String column, int count)
    {
        ConnectorMetadata metadata = connector.getMetadata(session, connector.beginTransaction(READ_UNCOMMITTED, true, true));
        ConnectorTableHandle table = metadata.getTableHandle(session, new SchemaTableName("default", "fragments"), Optional.empty(), Optional.empty());
        return TupleDomain.withColumnDomains(Map.of(
                metadata.getColumnHandles(session, table).get(column), Domain.multipleValues(BIGINT, LongStream.range(0, count).map(key -> key * 3).boxed().toList())));
    }

    private static List<LanceSplit> plan(Connector connector, ConnectorSession session, TupleDomain<ColumnHandle> dynamicFilter)
            throws Exception
    {
        ConnectorTransactionHandle transaction = connector.beginTransaction(READ_UNCOMMITTED, true, true);
        ConnectorTableHandle table = connector.getMetadata(session, transaction).getTableHandle(session, new SchemaTableName("default", "fragments"), Optional.empty(), Optional.empty());
        Set<ColumnHandle> columns = dynamicFilter.getDomains().orElseThrow().keySet();
        try (ConnectorSplitSource source = connector.getSplitManager().getSplits(transaction, session, table, columns, Constraint.alwaysTrue())) {
            return source.getNextBatch(1_000, new DynamicFilterSnapshot(dynamicFilter, true)).get().stream()
                    .map(LanceSplit.class::cast)
                    .toList();
        }
    }

    private OperatorStats probe(String sql, Session session)
    {
        return scans(getDistributedQueryRunner(), session, sql).stream()
                .filter(scan -> metrics(scan).get("lanceIndexComparisons") > 0)
                .collect(onlyElement());
    }

    private Session splitRows(int rows)
    {
        return withProperty(getSession(), "split_target_rows", String.valueOf(rows));
    }

    // every seventh row is deleted
    private static void write(LanceTestData data, String table, int fragmentRows, boolean stableRowIds)
    {
        data.writeTable(List.of(table), SCHEMA, List.<Consumer<VectorSchemaRoot>>of(TestLanceScanPlanning::fill).iterator(), options -> options.maxRowsPerFile(fragmentRows).enableStableRowIds(stableRowIds));
        data.changeTable(List.of(table), dataset -> {
            dataset.delete("plain % 7 = 3");
            createIndex(dataset, "id", IndexType.BTREE);
            createIndex(dataset, "rare", IndexType.BTREE);
            createIndex(dataset, "zone", IndexType.ZONEMAP);
        });
    }

    private static void fill(VectorSchemaRoot root)
    {
        for (int i = 0; i < ROWS; i++) {
            for (String column : List.of("id", "zone", "plain")) {
                ((BigIntVector) root.getVector(column)).setSafe(i, i);
            }
            ((BigIntVector) root.getVector("rare")).setSafe(i, i % 1_000 == 0 ? 1 : 0);
            ((VarCharVector) root.getVector("name")).setSafe(i, ("name-" + i).getBytes(UTF_8));
        }
        root.setRowCount(ROWS);
    }
}
