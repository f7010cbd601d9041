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

import io.trino.Session;
import io.trino.sql.planner.plan.ProjectNode;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static io.streamlance.trino.lance.LanceQueryRunner.withProperty;
import static io.streamlance.trino.lance.ScanStatistics.metrics;
import static io.streamlance.trino.lance.ScanStatistics.scan;
import static org.assertj.core.api.Assertions.assertThat;

/// Fields of structs that are read without the rest of their column, from datasets that pylance wrote in three formats.
/// See `src/test/python/make_nested_fields.py` for the values, which follow from the ids.
final class TestLanceNestedFields
        extends AbstractTestQueryFramework
{
    private static final List<String> TABLES = List.of("v2_0", "v2_1", "v2_2");
    // every fifth struct is null, and the last fragment has no structs at all
    private static final String NULL_STRUCT = "id % 5 = 0 OR id >= 200";

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog().build();
        Path root = TestResources.copyDirectory("nested-fields", queryRunner.getCoordinator().getBaseDataDir().resolve("nested-fields"));
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString()));
        return queryRunner;
    }

    @Test
    void testNullsOfParents()
    {
        for (String table : TABLES) {
            assertField(table, "s.x", "IF(%s OR id %% 3 = 0, NULL, CAST(id AS integer))".formatted(NULL_STRUCT));
            assertField(table, "s.y.z", "IF(%s OR id %% 7 = 0 OR id %% 4 = 0, NULL, 't' || CAST(id AS varchar))".formatted(NULL_STRUCT));
            assertField(table, "s.y.w", "IF(%s OR id %% 7 = 0, NULL, ARRAY[id, id + 1])".formatted(NULL_STRUCT));
            assertField(table, "s.dic", "IF(%s, NULL, 'v' || CAST(id %% 3 AS varchar))".formatted(NULL_STRUCT));
            // a struct that is read as a whole below another one
            assertField(table, "s.y", "s.y", withoutPushdown());
        }
    }

    @Test
    void testNames()
    {
        for (String table : TABLES) {
            assertField(table, "s.\"a.b\"", "IF(%s, NULL, id)".formatted(NULL_STRUCT));
            assertField(table, "s.\"sp ace\"", "IF(%s, NULL, 's' || CAST(id AS varchar))".formatted(NULL_STRUCT));
            assertField(table, "s.\"q\"\"uo\"", "IF(%s, NULL, id + 1)".formatted(NULL_STRUCT));
            assertField(table, "s.\"qu'o\"", "IF(%s, NULL, id + 2)".formatted(NULL_STRUCT));
            assertField(table, "s.\"größe\"", "IF(%s, NULL, id + 3)".formatted(NULL_STRUCT));
            assertField(table, "s.\"SELECT\"", "IF(%s, NULL, id + 4)".formatted(NULL_STRUCT));
            assertField(table, "\"na me\".\"IN\"", "IF(id >= 200, NULL, -id)");
        }
    }

    @Test
    void testFieldsThatLanceCannotName()
    {
        for (String table : TABLES) {
            // two that differ by case, one with a backtick, one beyond the basic plane: of these the whole column is read
            for (int field = 9; field <= 12; field++) {
                assertThat(query("SELECT id, s[%s] FROM %s".formatted(field, table)))
                        .matches("SELECT id, IF(%s, NULL, id + %s) FROM %s".formatted(NULL_STRUCT, field - 4, table))
                        .isNotFullyPushedDown(ProjectNode.class);
            }
            assertThat(explain("SELECT s[9], s.x FROM " + table)).contains("s:row(").doesNotContain("s.x:integer");
            // elements of a list are not fields of its column
            assertThat(query("SELECT id, l[1].k FROM %s WHERE id < 200".formatted(table))).matches("SELECT id, id FROM %s WHERE id < 200".formatted(table));
        }
    }

    @Test
    void testBelowFilters()
    {
        for (String table : TABLES) {
            assertThat(query("SELECT s.x FROM %s WHERE s.y.z LIKE 't1%%' AND s.x > 10".formatted(table)))
                    .matches("SELECT CAST(id AS integer) FROM %s WHERE id >= 10 AND id < 200 AND id %% 3 > 0 AND id %% 4 > 0 AND id %% 5 > 0 AND id %% 7 > 0 AND CAST(id AS varchar) LIKE '1%%'".formatted(table))
                    .isFullyPushedDown();
            // filters that Lance does not know
            String sql = "SELECT id, s.x FROM %s WHERE upper(s.y.z) = 'T2' OR s.x %% 50 = 2".formatted(table);
            assertThat(explain(sql)).contains("s.x:integer").contains("s.y.z:varchar").doesNotContain("s:row(");
            assertThat(query(sql)).matches("VALUES (BIGINT '2', 2), (52, 52), (152, 152)");
            assertThat(query("SELECT id FROM %s WHERE s.y.z = 't2' AND s IS NOT NULL".formatted(table))).matches("VALUES BIGINT '2'");
            assertThat(query("SELECT count(*) FROM %s WHERE s.x IS NULL".formatted(table)))
                    .matches("SELECT count(*) FROM %s WHERE %s OR id %% 3 = 0".formatted(table, NULL_STRUCT));
            // nothing is read of rows that a limit leaves out, or that are only counted
            assertThat(query("SELECT s.y.z FROM %s LIMIT 3".formatted(table))).skipResultsCorrectnessCheckForPushdown().isFullyPushedDown();
        }
    }

    @Test
    void testNullStructsBelowFilters()
    {
        for (String table : List.of("v2_1", "v2_2")) {
            assertThat(query("SELECT s IS NULL, s FROM %s WHERE id = 10".formatted(table))).matches(withoutPushdown(), "SELECT true, s FROM %s WHERE s IS NULL AND id = 10".formatted(table));
            assertThat(query("SELECT count(*), count(s), count(s.y) FROM (SELECT s FROM %s WHERE id IN (10, 15, 202))".formatted(table))).matches("VALUES (BIGINT '3', BIGINT '0', BIGINT '0')");
            assertThat(query("SELECT s.y FROM %s WHERE id = 14".formatted(table))).matches("SELECT CAST(NULL AS row(z varchar, w array(bigint)))");
        }
    }

    @Test
    void testColumnsThatAreReadAnyway()
    {
        for (String table : TABLES) {
            String sql = "SELECT id, s, s.x, s.y.z FROM " + table;
            assertThat(explain(sql)).contains("s:row(").doesNotContain("s.x:integer").doesNotContain("s.y.z:varchar");
            assertThat(query(sql)).matches(withoutPushdown(), sql);
            String nested = "SELECT s.y, s.y.z, s.x FROM " + table;
            assertThat(explain(nested)).contains("s.y:row(").contains("s.x:integer").doesNotContain("s.y.z:varchar");
            assertThat(query(nested)).matches(withoutPushdown(), nested);
            assertThat(query("SELECT s.x, s.x + 1, \"_rowid\" >= 0 FROM %s WHERE id = 2".formatted(table))).matches("VALUES (2, 3, true)");
            // of the argument of a lambda nothing can be projected
            assertThat(query("SELECT transform(l, e -> e.k + s.x) FROM %s WHERE id = 2".formatted(table))).matches("VALUES ARRAY[BIGINT '4', NULL]");
        }
    }

    @Test
    void testReadsLess()
    {
        for (String table : TABLES) {
            String sql = "SELECT sum(s.x), count(s.y.z) FROM " + table;
            assertThat(storageBytes(getSession(), sql)).isPositive().isLessThan(storageBytes(withoutPushdown(), sql) / 10);
            assertThat(query(withoutPushdown(), "SELECT s.x FROM " + table)).isNotFullyPushedDown(ProjectNode.class);
        }
    }

    @Test
    void testJoins()
    {
        for (String table : TABLES) {
            assertThat(query("SELECT a.s.y.z FROM %s a JOIN %s b ON a.s.x = b.s.\"a.b\" WHERE b.id = 2".formatted(table, table))).matches("VALUES VARCHAR 't2'");
            // rows are found by the values of a field when they come from the other side of a join
            Session session = withProperty(getSession(), "dynamic_filtering_wait_timeout", "10s");
            String join = "SELECT a.id FROM %s a JOIN (VALUES 2, 4, 6, 8) b(x) ON a.s.x = b.x".formatted(table);
            assertThat(query(session, join)).matches("VALUES BIGINT '2', 4, 8");
            assertThat(metrics(scan(getDistributedQueryRunner(), session, join))).containsEntry("lanceRows", 3L);
        }
    }

    @Test
    void testChangesHaveWholeColumns()
    {
        assertThat(query("SELECT id, s.x FROM TABLE(system.table_changes('default', 'v2_2', 0, 1)) WHERE id < 3 AND _change_type = 'insert'"))
                .matches("VALUES (BIGINT '0', CAST(NULL AS integer)), (1, 1), (2, 2)");
    }

    private void assertField(String table, String field, String expected)
    {
        assertField(table, field, expected, getSession());
    }

    private void assertField(String table, String field, String expected, Session expectedSession)
    {
        assertThat(query("SELECT id, %s FROM %s".formatted(field, table)))
                .matches(expectedSession, "SELECT id, %s FROM %s".formatted(expected, table))
                .isFullyPushedDown();
    }

    private Session withoutPushdown()
    {
        return withProperty(getSession(), "projection_pushdown_enabled", "false");
    }

    private long storageBytes(Session session, String sql)
    {
        return metrics(scan(getDistributedQueryRunner(), session, sql)).get("lanceStorageBytes");
    }

    private String explain(String sql)
    {
        return (String) computeScalar("EXPLAIN " + sql);
    }
}
