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

import com.google.common.collect.ContiguousSet;
import com.google.common.collect.DiscreteDomain;
import com.google.common.collect.Lists;
import com.google.common.collect.Range;
import io.trino.Session;
import io.trino.operator.OperatorStats;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import io.trino.testing.QueryRunner.MaterializedResultWithPlan;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

import javax.management.JMException;
import javax.management.ObjectName;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static io.streamlance.trino.lance.LanceQueryRunner.withProperty;
import static io.streamlance.trino.lance.ScanStatistics.metrics;
import static io.streamlance.trino.lance.ScanStatistics.scan;
import static io.trino.testing.assertions.Assert.assertEventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Splits, limits and batches over datasets of different shapes.
 */
final class TestLanceScans
        extends AbstractTestQueryFramework
{
    private static final int ROWS = 10_000;
    private static final int LARGE_FRAGMENT_ROWS = 6_000_000;
    private static final Schema SCHEMA = new Schema(List.of(
            Field.nullable("id", new ArrowType.Int(64, true)),
            Field.nullable("name", ArrowType.Utf8.INSTANCE)));

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog().build();
        Path root = Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve("scans"));
        try (LanceTestData data = new LanceTestData(root)) {
            write(data, "one_fragment", 1_000, ROWS);
            write(data, "many_fragments", 100, 100);
            write(data, "with_deletes", 1_000, 2_500);
            data.writeTable(List.of("wide"), SCHEMA, List.of(batch -> {
                for (int i = 0; i < 100; i++) {
                    ((BigIntVector) batch.getVector("id")).setSafe(i, i);
                    ((VarCharVector) batch.getVector("name")).setSafe(i, randomBytes(i));
                }
                batch.setRowCount(100);
            }));
            writeLargeFragment(data);
            data.changeTable(List.of("with_deletes"), dataset -> dataset.delete("id % 3 = 0 OR id < 2500"));
        }
        TestResources.copyDirectory("old-format/test_table2.lance", root.resolve("early_format.lance"));
        TestResources.copyDirectory("offset-zone/events.lance", root.resolve("offset_zone.lance"));
        TestResources.copyDirectory("newer-format/events.lance", root.resolve("newer_format.lance"));
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString(), "lance.cache.max-datasets", "2"));
        queryRunner.createCatalog("one_slot", "lance", Map.of("lance.namespace.root", root.toString(), "lance.scan.max-concurrent", "1"));
        return queryRunner;
    }

    @Test
    void testSmallFragmentsShareSplits()
    {
        assertSplits("SELECT sum(id) FROM many_fragments", getSession(), 1);
        assertSplits("SELECT sum(id) FROM many_fragments", withProperty(getSession(), "split_target_rows", "1000"), 10);
        assertSplits("SELECT sum(id) FROM many_fragments", withProperty(getSession(), "split_target_rows", "99"), 200);
    }

    @Test
    void testLargeFragmentIsCut()
    {
        assertSplits("SELECT sum(id) FROM one_fragment", getSession(), 1);
        assertSplits("SELECT sum(id) FROM one_fragment", withProperty(getSession(), "split_target_rows", "3000"), 4);
        assertSplits("SELECT sum(id) FROM one_fragment", withProperty(getSession(), "split_target_size", "10kB"), sessionSplits -> sessionSplits > 4);
    }

    @Test
    void testLargeFragmentIsCutUnderAFilter()
    {
        String sql = "SELECT count(name), count(DISTINCT id), sum(id) FROM %s WHERE name LIKE '%%5'";
        assertSplits(sql.formatted("one_fragment"), withProperty(getSession(), "split_target_rows", "1000"), 5);
        assertSplits(sql.formatted("one_fragment"), withProperty(getSession(), "split_target_rows", "6000"), 1);
        for (String splitRows : List.of("6000", "3000", "1000", "77")) {
            Session session = withProperty(getSession(), "split_target_rows", splitRows);
            assertThat(query(session, sql.formatted("one_fragment"))).matches("VALUES (BIGINT '1000', BIGINT '1000', BIGINT '5000000')");
            assertThat(query(session, "SELECT count(*) FROM one_fragment WHERE name LIKE '%5'")).matches("VALUES BIGINT '1000'");
            assertThat(query(session, "SELECT count(*) FROM (SELECT id FROM one_fragment WHERE name LIKE '%5' LIMIT 700)")).matches("VALUES BIGINT '700'");
            assertThat(query(session, "SELECT count(*), count(DISTINCT id), min(id), max(id) FROM with_deletes WHERE name LIKE '%5' AND id > 4000"))
                    .matches("VALUES (BIGINT '400', BIGINT '400', BIGINT '4015', BIGINT '9995')");
        }
    }

    @Test
    void testNodesShareOneFragment()
    {
        assertThat(query("SELECT count(*) FROM \"large_fragment$fragments\"")).matches("VALUES BIGINT '1'");
        for (String condition : List.of("true", "id >= 5")) {
            MaterializedResultWithPlan result = getDistributedQueryRunner().executeWithPlan(getSession(), "SELECT sum(id) FROM large_fragment WHERE " + condition);
            Set<String> nodes = getDistributedQueryRunner().getCoordinator().getQueryManager().getFullQueryInfo(result.queryId()).getStages().orElseThrow().getStages().stream()
                    .flatMap(stage -> stage.tasks().stream())
                    .filter(task -> task.stats().physicalInputPositions() > 0)
                    .map(task -> task.taskStatus().nodeId())
                    .collect(toImmutableSet());
            assertThat(nodes).hasSizeGreaterThan(1);
        }
    }

    @Test
    void testSmallBatchesAreMerged()
    {
        // a hundred batches
        OperatorStats stats = scan(getDistributedQueryRunner(), getSession(), "SELECT id FROM many_fragments");
        assertThat(metrics(stats)).containsEntry("lanceBatches", 100L);
        assertThat(stats.getGetOutputCalls()).isLessThan(60);
    }

    @Test
    void testJoinOfScansThatShareOneSlot()
            throws Exception
    {
        Session session = Session.builder(getSession())
                .setCatalog("one_slot")
                .setSystemProperty("execution_policy", "all-at-once")
                .setSystemProperty("enable_dynamic_filtering", "false")
                .setCatalogSessionProperty("one_slot", "split_target_rows", "1000")
                .setCatalogSessionProperty("one_slot", "scan_batch_rows", "100")
                .build();
        assertThat(query(session, "SELECT count(*), sum(a.id + b.id) FROM many_fragments a JOIN one_fragment b ON a.id = b.id JOIN with_deletes c ON a.id = c.id"))
                .matches("SELECT BIGINT '5000', sum(2 * id) FROM lance.default.with_deletes");
        assertThat(query(session, "SELECT count(*) FROM (SELECT id FROM many_fragments UNION SELECT id FROM one_fragment WHERE name LIKE '%5' UNION SELECT id FROM with_deletes)"))
                .matches("VALUES BIGINT '10000'");
        assertEventually(() -> assertThat(openScans("one_slot")).isZero());
    }

    @Test
    void testAllRowsOnce()
    {
        for (String table : List.of("one_fragment", "many_fragments")) {
            for (String splitRows : List.of("7777", "1000", "333")) {
                assertThat(query(withProperty(getSession(), "split_target_rows", splitRows), "SELECT count(id), count(DISTINCT id), sum(id), min(name), max(name) FROM " + table))
                        .matches("VALUES (BIGINT '10000', BIGINT '10000', BIGINT '49995000', VARCHAR 'name-0', VARCHAR 'name-9999')");
            }
        }
    }

    @Test
    void testDeletedRows()
    {
        for (String splitRows : List.of("1000000", "1000", "77")) {
            Session session = withProperty(getSession(), "split_target_rows", splitRows);
            assertThat(query(session, "SELECT count(*) FROM with_deletes")).matches("VALUES BIGINT '5000'");
            assertThat(query(session, "SELECT count(id), count(DISTINCT id), min(id), sum(id % 3) FROM with_deletes"))
                    .matches("VALUES (BIGINT '5000', BIGINT '5000', BIGINT '2500', BIGINT '7500')");
        }
    }

    @Test
    void testLimit()
    {
        for (String table : List.of("one_fragment", "many_fragments")) {
            assertThat(query("SELECT id FROM %s LIMIT 150".formatted(table))).isFullyPushedDown();
            assertQuery("SELECT count(*), count(DISTINCT id) FROM (SELECT id FROM %s LIMIT 150)".formatted(table), "VALUES (150, 150)");
            assertQuery("SELECT count(*) FROM (SELECT id FROM %s LIMIT 20000)".formatted(table), "VALUES 10000");
        }
        assertQuery("SELECT count(*) FROM (SELECT id FROM with_deletes LIMIT 4999)", "VALUES 4999");
        assertQuery("SELECT count(*) FROM (SELECT x FROM early_format LIMIT 10)", "VALUES 10");
        assertQuery("SELECT count(*) FROM (SELECT id FROM many_fragments WHERE id % 2 = 0 LIMIT 4000)", "VALUES 4000");
        assertSplits("SELECT id FROM many_fragments LIMIT 150", withProperty(getSession(), "split_target_rows", "100"), 2);
    }

    @Test
    void testCountReadsNothing()
    {
        assertThat(connectorMetrics("SELECT count(*) FROM one_fragment", getSession())).isEmpty();
        assertQuery("SELECT count(*) FROM one_fragment", "VALUES 10000");
    }

    @Test
    void testBatches()
    {
        assertThat(connectorMetrics("SELECT sum(id) FROM one_fragment", withProperty(getSession(), "scan_batch_rows", "1000"))).containsEntry("lanceBatches", 10L).containsEntry("lanceRows", 10_000L);
        assertThat(connectorMetrics("SELECT sum(id) FROM one_fragment", withProperty(getSession(), "scan_batch_size", "10kB")).get("lanceBatches")).isGreaterThan(2);
        assertThat(connectorMetrics("SELECT sum(id) FROM one_fragment", getSession()).get("lanceStorageBytes")).isPositive();
    }

    @Test
    void testRowsWiderThanABatch()
    {
        // Lance would take a batch of no rows for the end
        assertThat(connectorMetrics("SELECT sum(id), max(name) FROM wide", withProperty(getSession(), "scan_batch_size", "1kB"))).containsEntry("lanceBatches", 100L).containsEntry("lanceRows", 100L);
    }

    @Test
    void testEarlyFormat()
    {
        // Lance cannot list its fragments without ending the JVM
        assertSplits("SELECT sum(x) FROM early_format", withProperty(getSession(), "split_target_rows", "1"), 1);
        assertQuery("SELECT count(*), count(x), count(DISTINCT x) FROM early_format", "VALUES (90, 90, 90)");
        assertQuery("SHOW STATS FOR early_format", "VALUES ('x', null, null, null, null, null, null), (null, null, null, null, 90, null, null)");
    }

    @Test
    void testSchemaThatLanceDoesNotSurvive()
    {
        assertQueryFails("SELECT id FROM offset_zone", "Table default.offset_zone cannot be read, because Lance does not know the type of \\[at \\(timestamp:us:\\+05:30\\)].*");
        assertThat(query("SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'default' AND table_name LIKE 'o%'"))
                .matches("VALUES VARCHAR 'one_fragment'");
    }

    @Test
    void testFormatThatLanceDoesNotSurvive()
    {
        for (String sql : List.of("SELECT id FROM newer_format", "SELECT count(*) FROM newer_format", "SELECT * FROM \"newer_format$fragments\"", "SHOW COLUMNS FROM newer_format")) {
            assertQueryFails(sql, "Table default.newer_format has data files of format 2.3, which this version of Lance cannot read. Write it in format 2.2 or an earlier one");
        }
    }

    @Test
    void testExplainShowsVersionAndLimit()
    {
        assertThat((String) computeScalar("EXPLAIN SELECT id FROM with_deletes LIMIT 5")).contains("default.with_deletes@v2 limit=5");
    }

    private static int openScans(String catalog)
    {
        try {
            ObjectName slots = new ObjectName("trino.plugin.lance.dataset:type=ScanSlots,name=" + catalog);
            return (int) ManagementFactory.getPlatformMBeanServer().getAttribute(slots, "OpenScans");
        }
        catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertSplits(String sql, Session session, int expected)
    {
        assertSplits(sql, session, splits -> splits == expected);
    }

    private void assertSplits(String sql, Session session, LongPredicate expected)
    {
        long splits = scan(getDistributedQueryRunner(), session, sql).getTotalDrivers();
        assertThat(splits).matches(expected::test);
    }

    private Map<String, Long> connectorMetrics(String sql, Session session)
    {
        return metrics(scan(getDistributedQueryRunner(), session, sql));
    }

    private static void write(LanceTestData data, String table, int batchRows, int fragmentRows)
    {
        List<Long> ids = ContiguousSet.create(Range.closedOpen(0L, (long) ROWS), DiscreteDomain.longs()).asList();
        List<Consumer<VectorSchemaRoot>> batches = Lists.transform(Lists.partition(ids, batchRows), batch -> root -> fill(batch, root));
        data.writeTable(List.of(table), SCHEMA, batches.iterator(), options -> options.maxRowsPerFile(fragmentRows));
    }

    private static void writeLargeFragment(LanceTestData data)
    {
        Schema schema = new Schema(List.of(Field.nullable("id", new ArrowType.Int(64, true))));
        int batchRows = 100_000;
        List<Consumer<VectorSchemaRoot>> batches = Collections.nCopies(LARGE_FRAGMENT_ROWS / batchRows, batch -> {
            BigIntVector ids = (BigIntVector) batch.getVector("id");
            ids.allocateNew(batchRows);
            for (int i = 0; i < batchRows; i++) {
                ids.set(i, i);
            }
            batch.setRowCount(batchRows);
        });
        data.writeTable(List.of("large_fragment"), schema, batches.iterator(), options -> options.maxRowsPerFile(LARGE_FRAGMENT_ROWS));
    }

    // cannot be compressed
    private static byte[] randomBytes(int seed)
    {
        Random random = new Random(seed);
        byte[] bytes = new byte[5_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ('!' + random.nextInt(90));
        }
        return bytes;
    }

    private static void fill(List<Long> ids, VectorSchemaRoot root)
    {
        for (int i = 0; i < ids.size(); i++) {
            ((BigIntVector) root.getVector("id")).setSafe(i, ids.get(i));
            ((VarCharVector) root.getVector("name")).setSafe(i, ("name-" + ids.get(i)).getBytes(UTF_8));
        }
        root.setRowCount(ids.size());
    }
}
