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

import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;

import static io.trino.testing.TestingSession.testSessionBuilder;
import static org.assertj.core.api.Assertions.assertThat;

/// Columns with names or types that Lance or Trino cannot take as they are, as pylance writes them: all others can be read, and
/// the comment of the table names these.
final class TestLanceColumnNames
        extends AbstractTestQueryFramework
{
    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = DistributedQueryRunner.builder(testSessionBuilder().setCatalog("lance").setSchema("default").build()).build();
        queryRunner.installPlugin(new LancePlugin());
        Path root = TestResources.copyDirectory("names", queryRunner.getCoordinator().getBaseDataDir().resolve("names"));
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString()));
        return queryRunner;
    }

    @Test
    void testCase()
    {
        assertQuery("SELECT * FROM casedup", "VALUES 1");
        assertQuery("SELECT id FROM casedup WHERE id = 1", "VALUES 1");
        assertQueryReturnsEmptyResult("SELECT id FROM casedup WHERE id = 2");
        assertThat(comment("casedup")).endsWith(": ID (differs from id only by case)");
        // without a spelling in lower case none is better than the others
        assertQuery("SELECT * FROM mixedcase", "VALUES (3, 4)");
        assertThat(comment("mixedcase")).endsWith(": Ab (name differs from another only by case), aB (name differs from another only by case)");
    }

    @Test
    void testCharacters()
    {
        assertQuery("SELECT * FROM backtick", "VALUES 1");
        assertThat(comment("backtick")).endsWith(": back`tick (name contains a backtick)");
        assertQuery("SELECT * FROM nameless", "VALUES 1, 2");
        assertThat(comment("nameless")).endsWith(":  (the name is empty)");
        assertQuery("SELECT * FROM emoji WHERE id > 1", "VALUES 2");
        assertThat(comment("emoji")).endsWith(": 😀 (name contains a character that does not reach Lance, such as an emoji), x😀 (name contains a character that does not reach Lance, such as an emoji)");
        assertQuery("SELECT * FROM unusual", "VALUES (1, 3, 4, 5, 6, 7, 8, 9)");
        assertQuery("SELECT id FROM unusual WHERE \"a b\" = 3 AND \"q\"\"t\" = 4 AND \"it's\" = 5 AND \"nl\nx\" = 6 AND \"ctl\u0001\" = 7 AND \"ü\" = 8 AND \"#?%41\" = 9", "VALUES 1");
        assertThat(comment("unusual")).endsWith(": * (stands for all columns in Lance)");
    }

    @Test
    void testNestedFields()
    {
        assertQuery("SELECT st.a, st.\"😀\", st.\"b`t\", st.\"*\" FROM nested", "VALUES (1, 2, 3, 5)");
        // a field without a name is found by its position
        assertQuery("SELECT st[4] FROM nested", "VALUES 4");
        assertQuery("SELECT id FROM nested WHERE st.a = 1 AND st.\"😀\" = 2 AND st.\"b`t\" = 3 AND st.\"*\" = 5", "VALUES 1");
        assertThat(query("SELECT st FROM nested WHERE id = 1")).matches("VALUES ROW(CAST(ROW(1, 2, 3, 4, 5) AS row(\"a\" bigint, \"😀\" bigint, \"b`t\" bigint, bigint, \"*\" bigint)))");
    }

    @Test
    void testDecimalsOfNegativeScale()
    {
        assertThat(query("SELECT d FROM negscale")).matches("VALUES CAST(1000 AS decimal(8, 0)), CAST(-12000 AS decimal(8, 0)), NULL");
        assertThat(query("SELECT d, wide FROM negscales")).matches("VALUES (CAST(1000 AS decimal(8, 0)), CAST(1000 AS decimal(8, 0))), (CAST(-12000 AS decimal(8, 0)), CAST(-12000 AS decimal(8, 0))), (NULL, NULL)");
        assertThat(query("SELECT long FROM negscales")).matches("VALUES DECIMAL '999999999999999999999999999999000', CAST(-1000 AS decimal(33, 0)), NULL");
        assertThat(query("SELECT longest FROM negscales")).matches("VALUES DECIMAL '-99999999999999999999999999999999999000', NULL, CAST(0 AS decimal(38, 0))");
        assertThat(query("SELECT list, st.d FROM negscales")).matches("VALUES (ARRAY[CAST(1000 AS decimal(8, 0)), NULL], CAST(1000 AS decimal(8, 0))), (NULL, CAST(-12000 AS decimal(8, 0))), (ARRAY[], NULL)");
        assertThat(comment("negscales")).endsWith(": toolong (type Decimal(36, -3, 128))");
    }

    @Test
    void testFiltersOnDecimalsOfNegativeScale()
    {
        for (String column : new String[] {"d", "wide", "st.d"}) {
            assertThat(query("SELECT %s FROM negscales WHERE %1$s = 1000".formatted(column))).matches("VALUES CAST(1000 AS decimal(8, 0))");
            assertThat(query("SELECT %s FROM negscales WHERE %1$s < 0".formatted(column))).matches("VALUES CAST(-12000 AS decimal(8, 0))");
            assertThat(query("SELECT %s FROM negscales WHERE %1$s IN (1, -12, -12000)".formatted(column))).matches("VALUES CAST(-12000 AS decimal(8, 0))");
            assertThat(query("SELECT %s FROM negscales WHERE %1$s IS NULL".formatted(column))).matches("VALUES CAST(NULL AS decimal(8, 0))");
            assertThat(query("SELECT %s FROM negscales ORDER BY 1 DESC NULLS LAST LIMIT 1".formatted(column))).matches("VALUES CAST(1000 AS decimal(8, 0))");
            assertThat(query("SELECT max(%s), min(%1$s), sum(%1$s) FROM negscales".formatted(column))).matches("VALUES (CAST(1000 AS decimal(8, 0)), CAST(-12000 AS decimal(8, 0)), CAST(-11000 AS decimal(38, 0)))");
        }
    }

    @Test
    void testDeepJson()
    {
        assertQuery("SELECT id, length(json_format(j)) FROM deepjson", "VALUES (1, 2200), (2, 6601)");
    }

    private String comment(String table)
    {
        return (String) computeScalar("SELECT comment FROM system.metadata.table_comments WHERE catalog_name = 'lance' AND schema_name = 'default' AND table_name = '%s'".formatted(table));
    }
}
