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

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Sets;
import io.airlift.log.Logger;
import io.trino.Session;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.MaterializedRow;
import io.trino.testing.QueryFailedException;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.assertj.core.api.Assertions.assertThat;

/// Queries on indexed columns of datasets with random histories find the rows of the writer's model: see
/// `src/test/python/make_histories.py`. With a Python that has pylance the datasets are written anew.
final class TestLanceHistories
        extends AbstractTestQueryFramework
{
    private static final Logger log = Logger.get(TestLanceHistories.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int HISTORIES = Integer.getInteger("streamlance.histories", 14);
    private static final long SEED = Long.getLong("streamlance.random-seed", 1);
    private static final int QUERIES_PER_HISTORY = 10;

    private Path root;

    private record Query(String condition, List<Long> ids) {}

    private record History(List<String> history, List<Query> queries) {}

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog()
                .setWorkerCount(0)
                .build();
        root = queryRunner.getCoordinator().getBaseDataDir().resolve("histories");
        write(root);
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", ImmutableMap.of("lance.namespace.root", root.toString()));
        return queryRunner;
    }

    private static void write(Path root)
            throws IOException, URISyntaxException, InterruptedException
    {
        String python = System.getenv("PYLANCE_PYTHON");
        if (python == null) {
            TestResources.unzip("histories.zip", root);
            return;
        }
        Process process = new ProcessBuilder(
                python,
                "src/test/python/make_histories.py",
                Files.createDirectories(root).toString(),
                String.valueOf(HISTORIES),
                String.valueOf(SEED),
                String.valueOf(QUERIES_PER_HISTORY))
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void testQueries()
            throws IOException
    {
        List<String> differences = new ArrayList<>();
        int statements = 0;
        int queries = 0;
        for (int number = 0; Files.exists(file(number)); number++) {
            History history = JSON.readValue(file(number).toFile(), History.class);
            Random random = new Random(SEED * 1_000_003 + number);
            for (Query query : history.queries()) {
                queries++;
                for (Map.Entry<String, List<Long>> statement : statements("h" + number, query, random).entrySet()) {
                    statements++;
                    verify(session(random), statement.getKey(), statement.getValue())
                            .map(difference -> "%s\n%s\n%s".formatted(statement.getKey(), difference, history.history()))
                            .ifPresent(differences::add);
                }
            }
        }
        log.info("%s queries as %s statements, seed %s, differences: %s", queries, statements, SEED, differences.size());
        assertThat(queries).isGreaterThanOrEqualTo(100);
        assertThat(differences).isEmpty();
    }

    /// There are indexes of every kind, and those that lose rows are in some of the histories.
    @Test
    void testKindsOfIndexes()
    {
        Set<String> used = new TreeSet<>();
        Set<String> unused = new TreeSet<>();
        for (int number = 0; Files.exists(file(number)); number++) {
            for (MaterializedRow row : computeActual("SELECT index_type, used FROM \"h%s$indexes\"".formatted(number)).getMaterializedRows()) {
                ((boolean) row.getField(1) ? used : unused).add((String) row.getField(0));
            }
        }
        assertThat(Sets.union(used, unused)).containsExactlyInAnyOrder("BTree", "Bitmap", "BloomFilter", "Inverted", "LabelList", "NGram", "ZoneMap");
        assertThat(used).contains("BTree", "Bitmap", "LabelList").containsAnyOf("BloomFilter", "ZoneMap");
        assertThat(unused).contains("Inverted", "NGram").containsAnyOf("BloomFilter", "ZoneMap");
    }

    private Path file(int number)
    {
        return root.resolve("h%s.json".formatted(number));
    }

    private static Map<String, List<Long>> statements(String table, Query query, Random random)
    {
        String rows = "FROM %s WHERE %s".formatted(table, query.condition());
        List<Long> ids = query.ids().stream().sorted().collect(toImmutableList());
        Map<String, List<Long>> statements = new TreeMap<>();
        statements.put("SELECT id " + rows, ids);
        statements.put("SELECT count(*) " + rows, List.of((long) ids.size()));
        if (random.nextInt(3) > 0) {
            return statements;
        }
        int limit = 1 + random.nextInt(20);
        List<Long> last = ids.stream().sorted(Collections.reverseOrder()).limit(limit).sorted().collect(toImmutableList());
        // reads more columns than it orders by
        statements.put("SELECT id FROM (SELECT * %s ORDER BY id DESC LIMIT %s) WHERE n IS NULL OR id >= 0".formatted(rows, limit), last);
        return statements;
    }

    private Optional<String> verify(Session session, String sql, List<Long> expected)
    {
        try {
            List<Long> actual = computeActual(session, sql).getMaterializedRows().stream()
                    .map(TestLanceHistories::value)
                    .sorted()
                    .collect(toImmutableList());
            return actual.equals(expected) ? Optional.empty() : Optional.of("found %s, expected %s: %s".formatted(actual.size(), expected.size(), expected.size() > 20 ? "" : expected));
        }
        catch (QueryFailedException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static Long value(MaterializedRow row)
    {
        return (Long) row.getField(0);
    }

    // few and many splits, and dynamic filters that scans wait for or not
    private Session session(Random random)
    {
        return Session.builder(getSession())
                .setCatalogSessionProperty("lance", "split_target_rows", String.valueOf(random.nextBoolean() ? 1_000_000 : 10 + random.nextInt(300)))
                .setCatalogSessionProperty("lance", "dynamic_filtering_wait_timeout", random.nextBoolean() ? "0s" : "2s")
                .build();
    }
}
