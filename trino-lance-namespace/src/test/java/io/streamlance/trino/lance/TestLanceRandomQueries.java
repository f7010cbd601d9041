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

import com.google.common.collect.ImmutableList;
import io.trino.Session;
import io.trino.plugin.memory.MemoryPlugin;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.MaterializedRow;
import io.trino.testing.QueryFailedException;
import io.trino.testing.QueryRunner;
import org.assertj.core.description.LazyTextDescription;
import org.junit.jupiter.api.Test;
import org.lance.Dataset;
import org.lance.index.IndexOptions;
import org.lance.index.IndexParams;
import org.lance.index.IndexType;
import org.lance.index.scalar.BTreeIndexParams;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import static java.lang.Math.min;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Random queries whose filters Lance evaluates, whose filters Trino evaluates, and over the same rows
 * in Trino's memory must agree: on datasets that pylance wrote in three formats, and on one of the
 * Java library. See {@code src/test/python/make_random_rows.py} for the rows.
 */
final class TestLanceRandomQueries
        extends AbstractTestQueryFramework
{
    private static final int QUERIES = Integer.getInteger("streamlance.random-queries", 300);
    private static final long SEED = Long.getLong("streamlance.random-seed", 1);
    private static final List<String> TABLES = ImmutableList.of("v2_0", "v2_1", "v2_2", "java");

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog()
                .setWorkerCount(0)
                .build();
        Path root = TestResources.copyDirectory("random-rows", queryRunner.getCoordinator().getBaseDataDir().resolve("random-rows"));
        try (LanceTestData data = new LanceTestData(root)) {
            writeWithJava(data, root);
        }
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString(), "lance.split.target-rows", "100"));
        queryRunner.installPlugin(new MemoryPlugin());
        queryRunner.createCatalog("memory", "memory");
        for (String table : TABLES) {
            queryRunner.execute("CREATE TABLE memory.default.%s AS SELECT * FROM %s".formatted(table, table));
        }
        return queryRunner;
    }

    private static void writeWithJava(LanceTestData data, Path root)
            throws Exception
    {
        Path source = root.resolve("v2_2.lance");
        try (Dataset dataset = Dataset.open(source.toString())) {
            // the library cannot write dictionaries that it read
            List<String> columns = dataset.getSchema().getFields().stream()
                    .map(field -> field.getName())
                    .filter(name -> !name.equals("dic"))
                    .toList();
            data.copyTable(source, columns, List.of("java"), 90);
        }
        assertThat(Files.exists(root.resolve("java.lance"))).isTrue();
        data.changeTable(List.of("java"), dataset -> dataset.createIndex(IndexOptions.builder(
                        List.of("key"),
                        IndexType.BTREE,
                        IndexParams.builder().setScalarIndexParams(BTreeIndexParams.builder().build()).build())
                .build()));
        data.changeTable(List.of("java"), dataset -> dataset.delete("id % 13 = 0"));
    }

    @Test
    void testRandomQueries()
    {
        AtomicInteger invalid = new AtomicInteger();
        for (int i = 0; i < QUERIES; i++) {
            Random random = new Random(SEED * 1_000_003 + i);
            String table = TABLES.get(random.nextInt(TABLES.size()));
            String predicate = RandomPredicate.create(random, random.nextInt(4));
            if (!verify(random, table, predicate)) {
                invalid.incrementAndGet();
            }
        }
        // queries that Trino refuses say nothing
        assertThat(invalid.get()).isLessThan(QUERIES / 10 + 1);
    }

    private boolean verify(Random random, String table, String predicate)
    {
        List<MaterializedRow> expected;
        try {
            expected = rows(getSession(), "SELECT id, key, s FROM memory.default.%s WHERE %s ORDER BY id".formatted(table, predicate));
        }
        catch (QueryFailedException e) {
            assertThat(e).as(predicate).hasMessageMatching("(?s).*(line \\d+:\\d+:|cannot|Cannot|Division|out of range|escape|'dic').*");
            return false;
        }
        String from = "FROM %s WHERE %s".formatted(table, predicate);
        Session withoutPushdown = Session.builder(getSession()).setCatalogSessionProperty("lance", "filter_pushdown_enabled", "false").build();
        assertRows(getSession(), "SELECT id, key, s %s ORDER BY id".formatted(from), expected);
        switch (random.nextInt(4)) {
            case 0 -> assertRows(withoutPushdown, "SELECT id, key, s %s ORDER BY id".formatted(from), expected);
            case 1 -> assertThat(only(rows(getSession(), "SELECT count(*) " + from))).as(from).isEqualTo((long) expected.size());
            case 2 -> {
                int limit = random.nextInt(1, 40);
                List<MaterializedRow> limited = rows(getSession(), "SELECT id, key, s %s LIMIT %s".formatted(from, limit));
                assertThat(limited).as(from).hasSize(min(limit, expected.size()));
                assertThat(expected).as(from).containsAll(limited);
            }
            default -> assertThat(only(rows(getSession(), "SELECT sum(key) " + from))).as(from)
                    .isEqualTo(expected.isEmpty() ? null : expected.stream().mapToLong(row -> (long) row.getField(1)).sum());
        }
        return true;
    }

    private void assertRows(Session session, String sql, List<MaterializedRow> expected)
    {
        List<MaterializedRow> actual;
        try {
            actual = rows(session, sql);
        }
        catch (QueryFailedException e) {
            fail(sql, e);
            return;
        }
        assertThat(actual).as(new LazyTextDescription(() -> sql + "\n" + computeScalar(session, "EXPLAIN " + sql))).isEqualTo(expected);
    }

    private List<MaterializedRow> rows(Session session, String sql)
    {
        return computeActual(session, sql).getMaterializedRows();
    }

    private static Object only(List<MaterializedRow> rows)
    {
        assertThat(rows).hasSize(1);
        return rows.getFirst().getField(0);
    }
}
