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
import io.airlift.log.Logger;
import io.trino.Session;
import io.trino.plugin.memory.MemoryPlugin;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.MaterializedResult;
import io.trino.testing.MaterializedRow;
import io.trino.testing.QueryFailedException;
import io.trino.testing.QueryRunner;
import org.assertj.core.description.LazyTextDescription;
import org.junit.jupiter.api.Test;
import org.lance.Dataset;
import org.lance.index.IndexType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

import static io.streamlance.trino.lance.LanceTestData.createIndex;
import static java.lang.Math.min;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/// Random queries whose filters and projections Lance evaluates, or Trino does, find what the same queries find in Trino's
/// memory, where the rows come from their writer: see [ReferenceTable]. The datasets are of pylance, in three formats, and
/// one of the Java library. With a Python that has pylance they are written anew, so that another seed has other rows too.
final class TestLanceRandomQueries
        extends AbstractTestQueryFramework
{
    private static final Logger log = Logger.get(TestLanceRandomQueries.class);
    private static final int QUERIES = Integer.getInteger("streamlance.random-queries", 300);
    private static final long SEED = Long.getLong("streamlance.random-seed", 1);
    private static final List<String> PYLANCE_TABLES = ImmutableList.of("v2_0", "v2_1", "v2_2");
    private static final List<String> TABLES = ImmutableList.<String>builder().addAll(PYLANCE_TABLES).add("java").build();

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog()
                .setWorkerCount(0)
                .build();
        Path root = queryRunner.getCoordinator().getBaseDataDir().resolve("random-rows");
        writeWithPylance(root);
        try (LanceTestData data = new LanceTestData(root)) {
            writeWithJava(data, root);
        }
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString(), "lance.split.target-rows", "100"));
        queryRunner.installPlugin(new MemoryPlugin());
        queryRunner.createCatalog("memory", "memory");
        for (String table : PYLANCE_TABLES) {
            ReferenceTable.create(queryRunner, "memory.default." + table, root.resolve(table + ".rows"));
        }
        queryRunner.execute("CREATE TABLE memory.default.java AS SELECT %s FROM memory.default.v2_2 WHERE id %% 13 <> 0".formatted(columns(queryRunner, "v2_2").stream()
                .filter(column -> !column.equals("\"dic\""))
                .collect(joining(", "))));
        return queryRunner;
    }

    private static void writeWithPylance(Path root)
            throws Exception
    {
        String python = System.getenv("PYLANCE_PYTHON");
        if (python == null) {
            TestResources.copyDirectory("random-rows", root);
            return;
        }
        Process process = new ProcessBuilder(python, "src/test/python/make_random_rows.py", Files.createDirectories(root).toString(), String.valueOf(SEED))
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
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
        data.changeTable(List.of("java"), dataset -> createIndex(dataset, "key", IndexType.BTREE));
        data.changeTable(List.of("java"), dataset -> dataset.delete("id % 13 = 0"));
    }

    @Test
    void testAllRows()
    {
        for (String table : TABLES) {
            MaterializedResult actual = computeActual("SELECT * FROM lance.default.%s ORDER BY id".formatted(table));
            MaterializedResult expected = computeActual("SELECT * FROM memory.default.%s ORDER BY id".formatted(table));
            assertThat(actual.getColumnNames()).isEqualTo(expected.getColumnNames());
            assertThat(actual.getTypes()).isEqualTo(expected.getTypes());
            // arrays of bytes are not equal
            String values = columns(getQueryRunner(), table).stream()
                    .map(column -> column.endsWith("bin\"") ? "to_hex(%s)".formatted(column) : column)
                    .collect(joining(", "));
            assertRows(getSession(), "SELECT %s FROM lance.default.%s ORDER BY id".formatted(values, table), rows(getSession(), "SELECT %s FROM memory.default.%s ORDER BY id".formatted(values, table)));
            assertThat(expected.getRowCount()).isGreaterThan(300);
        }
    }

    /// Lance counts the rows that an index has found before it drops those that do not pass the rest of the filter.
    @Test
    void testLimitsBesideAnIndex()
    {
        for (String table : TABLES) {
            for (String condition : List.of("ls <> 'abc' AND contains(l, 1)", "key < 200 AND key > 3 AND ls <> 'abc'", "f32 > 0 AND ls <> 'abc'")) {
                int matching = rows(getSession(), "SELECT id FROM memory.default.%s WHERE %s".formatted(table, condition)).size();
                for (int limit : List.of(1, 5, 20, 60)) {
                    String sql = "SELECT id FROM lance.default.%s WHERE %s LIMIT %s".formatted(table, condition, limit);
                    assertThat(rows(getSession(), sql)).as(sql).hasSize(min(limit, matching));
                }
            }
        }
    }

    @Test
    void testRandomQueries()
    {
        Map<String, Integer> refused = new TreeMap<>();
        for (int i = 0; i < QUERIES; i++) {
            Random random = new Random(SEED * 1_000_003 + i);
            String table = TABLES.get(random.nextInt(TABLES.size()));
            RandomQuery query = RandomQuery.create(random);
            while (table.equals("java") && query.sql().contains("dic")) {
                // the column that this table has not
                query = RandomQuery.create(random);
            }
            verify(random, table, query)
                    .ifPresent(error -> refused.merge(error, 1, Integer::sum));
        }
        // queries that Trino refuses say nothing
        log.info("%s random queries with seed %s, refused by Trino: %s", QUERIES, SEED, refused);
        assertThat(refused.values().stream().mapToInt(Integer::intValue).sum()).isLessThan(QUERIES / 10 + 1);
    }

    /// @return why Trino refuses the query
    private Optional<String> verify(Random random, String table, RandomQuery query)
    {
        String reference = query.on("memory.default." + table);
        List<MaterializedRow> expected;
        try {
            expected = rows(getSession(), reference);
        }
        catch (QueryFailedException e) {
            // the last is what Trino's optimizer says of times that are compared with bounds of nanoseconds
            assertThat(e).as(reference).hasMessageMatching("(?s).*(line \\d+:\\d+:|cannot|Cannot|Division|out of range|escape|Improper Java type \\(java.lang.Integer\\) for type 'time).*");
            // without places and values
            return Optional.of(e.getMessage().replaceAll("\\d+|'[^']*'|\"[^\"]*\"", "?"));
        }
        String sql = query.on("lance.default." + table);
        for (Session session : List.of(withPushdown(random), withoutPushdown())) {
            query.limit().ifPresentOrElse(
                    limit -> assertSomeRows(session, sql, limit, expected),
                    () -> assertRows(session, sql, expected));
        }
        return Optional.empty();
    }

    // few and many splits and batches, and dynamic filters that scans wait for or not
    private Session withPushdown(Random random)
    {
        return Session.builder(getSession())
                .setCatalogSessionProperty("lance", "split_target_rows", String.valueOf(1 + random.nextInt(400)))
                .setCatalogSessionProperty("lance", "scan_batch_rows", String.valueOf(1 + random.nextInt(200)))
                .setCatalogSessionProperty("lance", "dynamic_filtering_wait_timeout", random.nextBoolean() ? "0s" : "2s")
                .build();
    }

    private Session withoutPushdown()
    {
        return Session.builder(getSession())
                .setSystemProperty("enable_dynamic_filtering", "false")
                .setCatalogSessionProperty("lance", "filter_pushdown_enabled", "false")
                .setCatalogSessionProperty("lance", "projection_pushdown_enabled", "false")
                .setCatalogSessionProperty("lance", "topn_pushdown_enabled", "false")
                .setCatalogSessionProperty("lance", "statistics_enabled", "false")
                .build();
    }

    private void assertSomeRows(Session session, String sql, int limit, List<MaterializedRow> allRows)
    {
        List<MaterializedRow> actual = rows(session, sql + " LIMIT " + limit);
        assertThat(actual).as(sql).hasSize(min(limit, allRows.size())).doesNotHaveDuplicates();
        assertThat(allRows).as(sql).containsAll(actual);
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

    private static List<String> columns(QueryRunner queryRunner, String table)
    {
        return queryRunner.execute("SELECT * FROM memory.default.%s LIMIT 0".formatted(table)).getColumnNames().stream()
                .map(name -> "\"%s\"".formatted(name.replace("\"", "\"\"")))
                .toList();
    }
}
