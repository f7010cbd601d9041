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
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Types that only pylance writes, see {@code src/test/python/make_types.py}, in three file formats.
 */
final class TestPylanceTypes
        extends AbstractTestQueryFramework
{
    private static final List<String> TABLES = List.of("v2_0", "v2_1", "v2_2");

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog()
                .setWorkerCount(0)
                .build();
        Path root = TestResources.copyDirectory("pylance-types", queryRunner.getCoordinator().getBaseDataDir().resolve("pylance-types"));
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString()));
        return queryRunner;
    }

    @Test
    void testDecimal256()
    {
        assertValues("dec38", "VALUES DECIMAL '999999999999999999999999999999999999.99', NULL, CAST(DECIMAL '-0.01' AS decimal(38, 2)), DECIMAL '-999999999999999999999999999999999999.99'");
        assertValues("dec10", "VALUES DECIMAL '99999999.99', NULL, CAST(DECIMAL '-0.01' AS decimal(10, 2)), CAST(0 AS decimal(10, 2))");
        assertValues("decimals", "VALUES ARRAY[CAST(DECIMAL '1.10' AS decimal(38, 2)), NULL], NULL, ARRAY[], ARRAY[CAST(DECIMAL '-1.10' AS decimal(38, 2))]");
        assertIds("dec38 < 0", "3, 4");
        assertIds("dec10 = 99999999.99", "1");
        assertIds("dec38 IS NULL", "2");
    }

    @Test
    void testViews()
    {
        assertValues("text_view", "VALUES VARCHAR 'a', NULL, '', 'a text that is not kept inline'");
        assertValues("to_utf8(text_view)", "VALUES X'61', NULL, X'', to_utf8('a text that is not kept inline')");
        assertValues("bytes_view", "VALUES X'61', NULL, X'', to_utf8('bytes that are not kept inline')");
        assertIds("text_view LIKE 'a%'", "1, 4");
        assertIds("bytes_view > X'61'", "4");
    }

    @Test
    void testJson()
    {
        // Lance keeps numbers as numbers: it was written as 1e3
        assertValues("json", "VALUES JSON '{\"a\": \"ü\\n😀\", \"b\": [1, 2.5, null]}', NULL, JSON '\"text\"', JSON '[1000.0, true, 12345678901234567890]'");
        assertIds("json IS NULL", "2");
        assertIds("json IS NOT NULL", "1, 3, 4");
        assertIds("json = JSON '\"text\"'", "3");
        assertIds("json_extract_scalar(json, '$.b[0]') = '1'", "1");
        // the values are as json_parse makes them, so that they compare
        for (String table : TABLES) {
            assertThat(query("SELECT count(*) FROM %s WHERE json = json_parse(json_format(json))".formatted(table))).matches("VALUES BIGINT '3'");
        }
    }

    @Test
    void testUuid()
    {
        assertValues("uuid", "VALUES UUID '12345678-1234-5678-9abc-def012345678', NULL, UUID '00000000-0000-0000-0000-000000000005', UUID 'ffffffff-ffff-ffff-ffff-ffffffffffff'");
        assertValues("CAST(uuid AS varchar)", "VALUES VARCHAR '12345678-1234-5678-9abc-def012345678', NULL, '00000000-0000-0000-0000-000000000005', 'ffffffff-ffff-ffff-ffff-ffffffffffff'");
        assertIds("uuid = UUID '00000000-0000-0000-0000-000000000005'", "3");
        assertIds("uuid IS NULL", "2");
    }

    @Test
    void testOtherExtensions()
    {
        assertValues("bfloat", "VALUES REAL '1.5', NULL, REAL '-2.0', CAST(infinity() AS real)");
        assertIds("bfloat = REAL '1.5'", "1");
        assertValues("bool8", "VALUES true, NULL, false, true");
        assertIds("bool8", "1, 4");
        assertIds("NOT bool8", "3");
        assertValues("tensor", "VALUES ARRAY[REAL '1.0', REAL '2.0'], NULL, ARRAY[REAL '3.0', REAL '4.0'], ARRAY[REAL '5.0', REAL '6.0']");
    }

    @Test
    void testBlobs()
    {
        assertValues("blob", "VALUES to_utf8(rpad('', 3000, 'abc')), NULL, X'', X'78'");
        assertIds("length(blob) < 10", "3, 4");
    }

    @Test
    void testNestedExtensions()
    {
        for (String table : TABLES) {
            assertThat(query("SELECT nested.u, nested.d FROM %s WHERE id = 1".formatted(table)))
                    .matches("VALUES (UUID '12345678-1234-5678-9abc-def012345678', CAST(1.5 AS decimal(20, 1)))");
            assertThat(query("SELECT id FROM %s WHERE nested.u = UUID '00000000-0000-0000-0000-000000000005' AND nested.d < 0".formatted(table)))
                    .matches("VALUES BIGINT '3'");
        }
        // a scan shows JSON in a struct as the bytes that Lance stores
        assertThat(query("SELECT * FROM nested_json")).matches("VALUES BIGINT '1', 2");
    }

    @Test
    void testLeftOut()
    {
        for (String table : TABLES) {
            assertThat((String) computeScalar("SELECT comment FROM system.metadata.table_comments WHERE catalog_name = 'lance' AND schema_name = 'default' AND table_name = '%s'".formatted(table)))
                    .startsWith("Columns without a Trino type are left out: ")
                    .contains("dec39 (type Decimal(39, 2, 256))", "nothing (type Null)", "nothings (type List)");
        }
    }

    private void assertValues(String expression, String expected)
    {
        for (String table : TABLES) {
            assertThat(query("SELECT %s FROM %s".formatted(expression, table))).as(table).matches(expected);
        }
    }

    private void assertIds(String predicate, String expected)
    {
        for (String table : TABLES) {
            assertQuery("SELECT array_join(array_agg(id ORDER BY id), ', ') FROM %s WHERE %s".formatted(table, predicate), "VALUES '%s'".formatted(expected));
        }
    }
}
