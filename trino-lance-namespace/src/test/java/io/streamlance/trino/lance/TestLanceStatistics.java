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
import io.trino.Session;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.MaterializedRow;
import io.trino.testing.QueryRunner;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
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
import java.util.stream.LongStream;

import static io.streamlance.trino.lance.LanceQueryRunner.withProperty;
import static io.streamlance.trino.lance.LanceTestData.createIndex;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * What the optimizer is told about tables, and what it makes of it.
 */
final class TestLanceStatistics
        extends AbstractTestQueryFramework
{
    private static final int FACTS = 50_000;
    private static final Schema SCHEMA = new Schema(List.of(
            Field.nullable("id", new ArrowType.Int(64, true)),
            Field.nullable("dimension", new ArrowType.Int(64, true)),
            Field.nullable("price", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
            Field.nullable("at", new ArrowType.Timestamp(TimeUnit.SECOND, null)),
            Field.nullable("kind", ArrowType.Utf8.INSTANCE)));

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog().build();
        Path root = Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve("statistics"));
        try (LanceTestData data = new LanceTestData(root)) {
            write(data, "facts", FACTS);
            data.changeTable(List.of("facts"), dataset -> {
                createIndex(dataset, "id", IndexType.BTREE);
                createIndex(dataset, "dimension", IndexType.ZONEMAP);
                createIndex(dataset, "price", IndexType.ZONEMAP);
                createIndex(dataset, "at", IndexType.BTREE);
                createIndex(dataset, "kind", IndexType.BITMAP);
            });
            write(data, "dimensions", 1_000);
            data.changeTable(List.of("dimensions"), dataset -> createIndex(dataset, "id", IndexType.BTREE));
            write(data, "plain_facts", FACTS);
            write(data, "plain_dimensions", 1_000);
            write(data, "appended", 100);
            data.changeTable(List.of("appended"), dataset -> createIndex(dataset, "id", IndexType.BTREE));
        }
        try (BufferAllocator allocator = new RootAllocator()) {
            LanceTestData.append(allocator, root.resolve("appended.lance").toString(), SCHEMA, List.of(vectors -> fill(List.of(1_000_000L), vectors)));
        }
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString()));
        return queryRunner;
    }

    @Test
    void testIndexes()
    {
        assertThat(statistics("facts", "id")).containsExactly(null, 50_000.0, 0.0, null, "0", "49999");
        assertThat(statistics("facts", "dimension")).containsExactly(null, 1_000.0, 0.1, null, "0", "999");
        assertThat(statistics("facts", "price")).containsExactly(null, null, 0.0, null, "0.0", "499.99");
        assertThat(statistics("facts", "at")).containsExactly(null, null, 0.0, null, "1970-01-01 00:00:00", "1970-01-01 13:53:19");
        assertThat(statistics("facts", "kind").get(1)).isEqualTo(7.0);
        assertThat(rowCount("SELECT * FROM facts")).isEqualTo(FACTS);
    }

    @Test
    void testWithoutIndexes()
    {
        assertThat(statistics("plain_facts", "id")).containsOnlyNulls();
        assertThat((double) statistics("plain_facts", "kind").getFirst()).isBetween(50_000.0, 2_000_000.0);
        // an index that does not cover all rows says nothing about the others
        assertThat(statistics("appended", "id")).containsOnlyNulls();
    }

    @Test
    void testFilters()
    {
        assertThat(rowCount("SELECT * FROM facts WHERE id = 77")).isEqualTo(1);
        assertThat(rowCount("SELECT * FROM facts WHERE id IN (1, 2, 3)")).isCloseTo(3, within(0.001));
        assertThat(rowCount("SELECT * FROM facts WHERE id < 5000")).isCloseTo(5_000, within(2.0));
        assertThat(rowCount("SELECT * FROM facts WHERE id BETWEEN 10000 AND 20000")).isCloseTo(10_000, within(2.0));
        assertThat(rowCount("SELECT * FROM facts WHERE id > 1000000")).isEqualTo(1);
        assertThat(rowCount("SELECT * FROM facts WHERE dimension = 5")).isCloseTo(45, within(1.0));
        assertThat(rowCount("SELECT * FROM facts WHERE dimension IS NULL")).isCloseTo(5_000, within(1.0));
        assertThat(rowCount("SELECT * FROM facts WHERE at >= TIMESTAMP '1970-01-01 06:56:40'")).isCloseTo(25_000, within(2.0));
        assertThat(rowCount("SELECT * FROM facts WHERE kind = 'kind 1'")).isCloseTo(FACTS / 7.0, within(1.0));
        assertThat(rowCount("SELECT * FROM facts WHERE id < 5000 OR dimension = 5")).isBetween(5_000.0, 5_046.0);
        assertThat(rowCount("SELECT * FROM facts LIMIT 10")).isEqualTo(10);
        // guesses, but not the whole table
        for (String predicate : List.of("id = 5", "id > 5", "kind LIKE 'a%'", "id IS NULL", "id = 5 AND dimension > 7", "id IN (1, 2)", "NOT (kind LIKE 'a%')")) {
            assertThat(rowCount("SELECT * FROM plain_facts WHERE " + predicate)).as(predicate).isBetween(1.0, FACTS * 0.95);
        }
    }

    @Test
    void testJoinBuildsOnTheSmallSide()
    {
        // the test server joins in the order of the query unless it is told otherwise
        Session session = Session.builder(getSession())
                .setSystemProperty("join_distribution_type", "AUTOMATIC")
                .setSystemProperty("join_reordering_strategy", "AUTOMATIC")
                .build();
        for (String prefix : List.of("", "plain_")) {
            for (String from : List.of(
                    "%1$sfacts f JOIN %1$sdimensions d ON f.dimension = d.id",
                    "%1$sdimensions d JOIN %1$sfacts f ON f.dimension = d.id")) {
                String plan = (String) computeScalar(session, "EXPLAIN SELECT count(*), max(f.kind) FROM " + from.formatted(prefix) + " WHERE d.kind = 'kind 1'");
                // the probe side comes first
                assertThat(plan.indexOf("default." + prefix + "facts@")).as(plan).isPositive().isLessThan(plan.indexOf("default." + prefix + "dimensions@"));
            }
        }
    }

    @Test
    void testStarJoin()
    {
        String plan = (String) computeScalar(
                """
                EXPLAIN SELECT count(*)
                FROM dimensions a
                JOIN dimensions b ON a.id = b.id
                JOIN facts f ON f.dimension = a.id AND f.dimension = b.id
                WHERE b.id < 10 AND a.kind LIKE 'kind%'
                """);
        assertThat(plan.indexOf("default.facts@")).as(plan).isPositive().isLessThan(plan.indexOf("default.dimensions@"));
    }

    @Test
    void testDisabled()
    {
        Session session = withProperty(getSession(), "statistics_enabled", "false");
        assertThat(computeActual(session, "SHOW STATS FOR facts").getMaterializedRows()).allSatisfy(row -> assertThat(row.getFields().subList(1, 7)).containsOnlyNulls());
    }

    // data size, distinct values, share of nulls, rows, low, high
    private List<Object> statistics(String table, String column)
    {
        return computeActual("SHOW STATS FOR " + table).getMaterializedRows().stream()
                .filter(row -> column.equals(row.getField(0)))
                .map(row -> row.getFields().subList(1, 7))
                .findFirst()
                .orElseThrow();
    }

    private double rowCount(String sql)
    {
        MaterializedRow summary = computeActual("SHOW STATS FOR (%s)".formatted(sql)).getMaterializedRows().getLast();
        return (double) summary.getField(4);
    }

    private static void write(LanceTestData data, String table, int rows)
    {
        List<Long> ids = LongStream.range(0, rows).boxed().toList();
        List<Consumer<VectorSchemaRoot>> batches = Lists.transform(Lists.partition(ids, 5_000), batch -> vectors -> fill(batch, vectors));
        data.writeTable(List.of(table), SCHEMA, batches.iterator(), options -> options.maxRowsPerFile(20_000));
    }

    private static void fill(List<Long> ids, VectorSchemaRoot root)
    {
        for (int i = 0; i < ids.size(); i++) {
            long id = ids.get(i);
            ((BigIntVector) root.getVector("id")).setSafe(i, id);
            if (id % 10 == 0) {
                ((BigIntVector) root.getVector("dimension")).setNull(i);
            }
            else {
                ((BigIntVector) root.getVector("dimension")).setSafe(i, (id / 10) % 1000);
            }
            ((Float8Vector) root.getVector("price")).setSafe(i, id / 100.0);
            ((TimeStampVector) root.getVector("at")).setSafe(i, id);
            ((VarCharVector) root.getVector("kind")).setSafe(i, ("kind " + id % 7).getBytes(UTF_8));
        }
        root.setRowCount(ids.size());
    }
}
