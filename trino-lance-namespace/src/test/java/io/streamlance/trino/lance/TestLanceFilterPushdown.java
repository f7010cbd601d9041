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
import io.trino.sql.planner.plan.FilterNode;
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
import org.lance.index.IndexType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import static io.streamlance.trino.lance.LanceQueryRunner.withProperty;
import static io.streamlance.trino.lance.LanceTestData.createIndex;
import static io.streamlance.trino.lance.ScanStatistics.metrics;
import static io.streamlance.trino.lance.ScanStatistics.scan;
import static io.streamlance.trino.lance.ScanStatistics.scans;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which filters reach Lance, and that it finds the rows without reading all of them.
 */
final class TestLanceFilterPushdown
        extends AbstractTestQueryFramework
{
    private static final int ROWS = 20_000;
    private static final Schema SCHEMA = new Schema(List.of(
            Field.nullable("id", new ArrowType.Int(64, true)),
            Field.nullable("plain", new ArrowType.Int(64, true)),
            Field.nullable("name", ArrowType.Utf8.INSTANCE)));

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog().build();
        Path root = Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve("filters"));
        TestResources.copyDirectory("random-rows/v2_2.lance", root.resolve("types.lance"));
        TestResources.copyDirectory("old-format/test_table2.lance", root.resolve("early_format.lance"));
        try (LanceTestData data = new LanceTestData(root)) {
            List<Long> ids = ContiguousSet.create(Range.closedOpen(0L, (long) ROWS), DiscreteDomain.longs()).asList();
            List<Consumer<VectorSchemaRoot>> batches = Lists.transform(Lists.partition(ids, 200), batch -> vectors -> fill(batch, vectors));
            data.writeTable(List.of("indexed"), SCHEMA, batches.iterator(), options -> options.maxRowsPerFile(200));
            data.changeTable(List.of("indexed"), dataset -> createIndex(dataset, "id", IndexType.BTREE));
        }
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString()));
        return queryRunner;
    }

    @Test
    void testComparisons()
    {
        for (String column : List.of("i8", "i16", "i32", "i64", "u8", "u32", "u64", "f32", "f64", "dec", "dec38")) {
            for (String operator : List.of("=", "<", "<=", ">", ">=")) {
                assertPushed("%s %s 5".formatted(column, operator));
            }
            assertPushed("%s IN (1, 5)".formatted(column));
            assertPushed("%s BETWEEN 0 AND 5".formatted(column));
            assertPushed("%s IS NULL".formatted(column));
            assertPushed("%s IS NOT NULL".formatted(column));
            assertPushed("%s <> 5".formatted(column));
        }
        assertPushed("flag");
        assertPushed("NOT flag");
        assertPushed("s > 'b' AND ls <= 'x'");
        assertPushed("bin = X'00ff' OR bin IS NULL");
        assertPushed("CAST(i8 AS bigint) > 5");
    }

    @Test
    void testDatesAndTimes()
    {
        assertPushed("d32 >= DATE '2020-02-29'");
        for (String unit : List.of("s", "ms", "us", "ns")) {
            assertPushed("ts_%s > TIMESTAMP '1970-01-01 00:00:00'".formatted(unit));
            assertPushed("tz_%s <= TIMESTAMP '1970-01-01 00:00:01 UTC'".formatted(unit));
            assertPushed("time_%s < TIME '01:00:00'".formatted(unit));
        }
        assertPushed("ts_ns = TIMESTAMP '1970-01-01 00:00:00.000000005'");
        assertPushed("berlin = TIMESTAMP '1970-01-01 00:00:01 UTC'");
        assertPushed("dur_ns > 1");
    }

    @Test
    void testText()
    {
        assertPushed("s LIKE 'a%'");
        assertPushed("s LIKE '%!%%' ESCAPE '!'");
        assertPushed("s NOT LIKE '%\\%'");
        assertPushed("starts_with(ls, 'it''s')");
        assertPushed("s = '😀 smile'");
        assertPushed("s IN ('😀 smile', 'a')");
    }

    @Test
    void testNested()
    {
        assertPushed("st.x = 1");
        assertPushed("st.\"Y z\" LIKE 'ü%'");
        assertPushed("st.\"in\".q > 1e0");
        assertPushed("st IS NULL");
        assertPushed("st.\"in\" IS NOT NULL");
        assertPushed("contains(l, 1)");
        assertPushed("contains(lst, 'it''s')");
    }

    @Test
    void testNames()
    {
        assertPushed("\"na me\" = 1");
        assertPushed("\"größe\" = 1");
        assertPushed("\"select\" = 1");
        assertPushed("\"q\"\"uo\" = 1");
        assertPushed("\"qu'o\" = 1");
    }

    @Test
    void testCombinations()
    {
        assertPushed("i32 = 1 OR s = 'a'");
        assertPushed("NOT (i32 = 1 AND (s LIKE 'a%' OR f64 > 0e0))");
        assertPushed("(i32 = 1 OR s IS NULL) AND (st.x IN (1, 2) OR NOT starts_with(s, 'b'))");
        assertPushed(IntStream.range(0, 300).mapToObj(value -> "(i32 = %s AND s LIKE '%s%%')".formatted(value, value)).collect(joining(" OR ")));
    }

    @Test
    void testLeftToTrino()
    {
        assertNotPushed("f16 = REAL '1.5'");
        assertNotPushed("d64 = DATE '1970-01-01'");
        assertNotPushed("dic = 'a'");
        assertNotPushed("u8 > 300 OR u8 = -1");
        assertNotPushed("NOT contains(l, 1)");
        assertNotPushed("contains(fl, 0e0)");
        assertNotPushed("s LIKE '😀%'");
        // Lance needs seconds to compile it, or cannot
        assertNotPushed("s LIKE '%s'".formatted("_".repeat(50_000)));
        // Lance selects both zeros, and Trino the one it means
        assertNotPushed("f64 IN (0e0, 1.5e0)");
        assertNotPushed("f32 NOT IN (REAL '-0.0', REAL '1.5')");
        assertNotPushed("i32 = i64");
        assertNotPushed("i32 % 2 = 0");
        // what can be pushed is
        assertThat((String) computeScalar("EXPLAIN SELECT id FROM types WHERE i32 = 1 AND i32 % 2 = 1")).contains("predicate=i32 = 1");
    }

    /// The engine multiplies such a condition out whenever the connector hands it back in another form.
    @Test
    void testConditionThatGrows()
    {
        String sql =
                """
                SELECT count(*) FROM types WHERE
                    (NOT (st."in".q IN (1.5e0, DOUBLE '-0.0') OR ls NOT LIKE '%a%'))
                    OR ((contains(l, 99) OR u64 BETWEEN DECIMAL '18446744073709551615' AND DECIMAL '9999999999999999999999999999.9999999999')
                        AND (dic IN ('a', 'b') OR st."Y z" LIKE 'a_c'))""";
        assertThat(query(sql)).matches(withProperty(getSession(), "filter_pushdown_enabled", "false"), sql);
    }

    @Test
    void testNotANumberInList()
    {
        // NaN equals nothing, so the engine pushes the list without it
        assertPushed("f64 IN (nan(), 1.5e0)");
        assertThat(query("SELECT id FROM types WHERE f64 IN (nan(), 1.5e0)")).matches("SELECT id FROM types WHERE f64 = 1.5e0");
        assertNotPushed("f64 IN (nan(), 1.5e0) OR i32 = i64");
    }

    @Test
    void testSessionProperty()
    {
        Session session = withProperty(getSession(), "filter_pushdown_enabled", "false");
        assertThat(query(session, "SELECT id FROM types WHERE i32 = 1")).isNotFullyPushedDown(FilterNode.class);
    }

    @Test
    void testManyValues()
    {
        String values = LongStream.range(0, 10_000).mapToObj(value -> String.valueOf(value * 2)).collect(joining(", "));
        assertThat(query("SELECT plain FROM indexed WHERE plain IN (%s)".formatted(values))).isFullyPushedDown();
        assertQuery("SELECT count(*), sum(plain) FROM indexed WHERE plain IN (%s)".formatted(values), "VALUES (10000, 99990000)");
        assertQuery("SELECT count(*), sum(id) FROM indexed WHERE id IN (%s)".formatted(values), "VALUES (10000, 99990000)");
        // beyond the bound Lance gets the range of the values, and Trino compares
        String more = LongStream.range(0, 11_000).mapToObj(value -> String.valueOf(value * 2 + 1)).collect(joining(", "));
        String sql = "SELECT count(*), sum(plain) FROM indexed WHERE plain IN (%s)".formatted(more);
        assertThat((String) computeScalar("EXPLAIN " + sql)).contains("plain >= 1 AND plain <= 21999");
        assertQuery(sql, "VALUES (10000, 100000000)");
    }

    @Test
    void testCountReadsOnlyTheFilter()
    {
        assertThat(query("SELECT count(*) FROM indexed WHERE plain < 777")).matches("VALUES BIGINT '777'");
        assertThat(query("SELECT count(*) FROM indexed WHERE id BETWEEN 100 AND 199")).matches("VALUES BIGINT '100'");
        assertThat(query("SELECT count(*) FROM indexed WHERE plain < 0")).matches("VALUES BIGINT '0'");
        assertThat(query("SELECT count(*) FROM indexed WHERE id = 5 AND id = 6")).matches("VALUES BIGINT '0'");
        // neither a page nor a batch with columns is made
        assertThat(metrics(scan(getDistributedQueryRunner(), getSession(), "SELECT count(*) FROM indexed WHERE plain < 777")))
                .containsEntry("lanceBatches", 0L)
                .containsEntry("lanceRows", 777L);
    }

    @Test
    void testLimitAboveFilter()
    {
        for (String splitRows : List.of("1000000", "500")) {
            Session session = withProperty(getSession(), "split_target_rows", splitRows);
            assertThat(computeActual(session, "SELECT id FROM indexed WHERE plain % 2 = 0 AND plain >= 10000 LIMIT 100").getRowCount()).isEqualTo(100);
            assertThat(computeActual(session, "SELECT id FROM indexed WHERE plain >= 19990 LIMIT 100").getRowCount()).isEqualTo(10);
            assertThat(computeActual(session, "SELECT id FROM indexed WHERE id >= 19990 AND id <= 30000 LIMIT 5").getRowCount()).isEqualTo(5);
            // the index knows of more rows than pass the other condition
            assertThat(computeActual(session, "SELECT id FROM indexed WHERE id BETWEEN 100 AND 299 AND plain >= 250 LIMIT 20").getRowCount()).isEqualTo(20);
            assertThat(query(session, "SELECT count(*) FROM (SELECT 1 FROM indexed WHERE plain >= 10 LIMIT 30)")).matches("VALUES BIGINT '30'");
            assertThat(query(session, "SELECT count(*) FROM (SELECT 1 FROM indexed WHERE id = 10 LIMIT 30)")).matches("VALUES BIGINT '1'");
            // the filter must not select among other rows than the limit has
            assertThat(query(session, "SELECT count(*) FROM (SELECT plain FROM indexed LIMIT 10) WHERE plain >= 0")).matches("VALUES BIGINT '10'");
        }
        assertThat((long) metrics(scan(getDistributedQueryRunner(), getSession(), "SELECT id FROM indexed WHERE plain >= 10 LIMIT 3")).get("lanceRows")).isEqualTo(3);
    }

    @Test
    void testIndexFindsRows()
    {
        Session manySplits = withProperty(getSession(), "split_target_rows", "1000");
        OperatorStats point = scan(getDistributedQueryRunner(), manySplits, "SELECT name FROM indexed WHERE id = 12345");
        assertThat(point.getTotalDrivers()).isEqualTo(1);
        assertThat(metrics(point)).containsEntry("lanceRows", 1L);
        assertThat(metrics(point).get("lanceIndexComparisons")).isPositive();
        assertThat(metrics(point).get("lanceStorageBytes")).isLessThan(100_000);

        String sixty = IntStream.range(0, 60).mapToObj(value -> String.valueOf(value * 300)).collect(joining(", "));
        OperatorStats in = scan(getDistributedQueryRunner(), manySplits, "SELECT name FROM indexed WHERE id IN (%s)".formatted(sixty));
        assertThat(in.getTotalDrivers()).isEqualTo(1);
        assertThat(metrics(in)).containsEntry("lanceRows", 60L);

        OperatorStats range = scan(getDistributedQueryRunner(), manySplits, "SELECT name FROM indexed WHERE id BETWEEN 500 AND 600 AND name LIKE '%9'");
        assertThat(range.getTotalDrivers()).isEqualTo(1);
        assertThat(metrics(range)).containsEntry("lanceRows", 10L);
    }

    @Test
    void testIndexIsLeftAloneWhereItIsSlow()
    {
        Session manySplits = withProperty(getSession(), "split_target_rows", "1000");
        for (String predicate : List.of("id > 5", "id BETWEEN 5 AND 15000", "id <> 5", "id = 5 OR plain = 6")) {
            OperatorStats stats = scan(getDistributedQueryRunner(), manySplits, "SELECT name FROM indexed WHERE " + predicate);
            assertThat(stats.getTotalDrivers()).as(predicate).isEqualTo(20);
            assertThat(metrics(stats)).as(predicate).containsEntry("lanceIndexComparisons", 0L);
        }
        assertThat(scan(getDistributedQueryRunner(), manySplits, "SELECT name FROM indexed WHERE plain = 12345").getTotalDrivers()).isEqualTo(20);
    }

    @Test
    void testDynamicFilter()
    {
        Session session = Session.builder(getSession())
                .setSystemProperty("join_distribution_type", "BROADCAST")
                .setSystemProperty("join_reordering_strategy", "NONE")
                .setCatalogSessionProperty("lance", "dynamic_filtering_wait_timeout", "20s")
                .setCatalogSessionProperty("lance", "split_target_rows", "1000")
                .build();
        // the build side selects keys that the planner does not see
        String join = "SELECT p.name FROM indexed p JOIN (SELECT plain * 7 AS key FROM indexed WHERE plain %% 200 = 0 AND plain < 20000) b ON p.%s = b.key";
        // the build side reads all of its rows
        List<Map<String, Long>> indexed = scans(getDistributedQueryRunner(), session, join.formatted("id")).stream().map(ScanStatistics::metrics).toList();
        assertThat(indexed).extracting(metrics -> metrics.get("lanceRows")).containsExactlyInAnyOrder(15L, (long) ROWS);
        assertThat(indexed).anyMatch(metrics -> metrics.get("lanceIndexComparisons") > 0);
        List<Map<String, Long>> plain = scans(getDistributedQueryRunner(), session, join.formatted("plain")).stream().map(ScanStatistics::metrics).toList();
        assertThat(plain).extracting(metrics -> metrics.get("lanceRows")).containsExactlyInAnyOrder(15L, (long) ROWS);
        assertQuery(session, "SELECT count(*), sum(p.plain) FROM indexed p JOIN (SELECT plain * 7 AS key FROM indexed WHERE plain % 200 = 0) b ON p.id = b.key", "VALUES (15, 147000)");
        assertQuery(session, "SELECT count(*) FROM (SELECT id FROM indexed LIMIT 20000) p JOIN (SELECT plain * 7 AS key FROM indexed WHERE plain % 200 = 0) b ON p.id = b.key", "VALUES 15");
    }

    @Test
    void testEarlyFormat()
    {
        assertThat(query("SELECT count(*) FROM early_format WHERE x IS NULL")).matches("VALUES BIGINT '0'");
        assertThat(query("SELECT DISTINCT x FROM early_format WHERE x = (SELECT min(x) FROM early_format)")).matches("SELECT min(x) FROM early_format");
    }

    private void assertPushed(String predicate)
    {
        assertThat(query("SELECT id FROM types WHERE " + predicate)).isFullyPushedDown();
    }

    private void assertNotPushed(String predicate)
    {
        assertThat(query("SELECT id FROM types WHERE " + predicate)).isNotFullyPushedDown(FilterNode.class);
    }

    private static void fill(List<Long> ids, VectorSchemaRoot root)
    {
        for (int i = 0; i < ids.size(); i++) {
            ((BigIntVector) root.getVector("id")).setSafe(i, ids.get(i));
            ((BigIntVector) root.getVector("plain")).setSafe(i, ids.get(i));
            ((VarCharVector) root.getVector("name")).setSafe(i, ("name-" + ids.get(i)).getBytes(UTF_8));
        }
        root.setRowCount(ids.size());
    }
}
