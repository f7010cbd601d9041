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

/**
 * Data and namespaces written by pylance, see {@code src/test/python/make_crm_retail.py}: two
 * catalogs mount two top-level namespaces of the same root.
 */
final class TestPylanceNamespace
        extends AbstractTestQueryFramework
{
    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = DistributedQueryRunner.builder(testSessionBuilder().setCatalog("retail").setSchema("sales").build()).build();
        Path root = TestResources.copyDirectory("crm-retail", queryRunner.getCoordinator().getBaseDataDir().resolve("crm-retail"));
        queryRunner.installPlugin(new LancePlugin());
        for (String catalog : new String[] {"retail", "crm"}) {
            queryRunner.createCatalog(catalog, "lance", Map.of(
                    "lance.namespace.root", root.toString(),
                    "lance.namespace.parent", catalog));
        }
        return queryRunner;
    }

    @Test
    void testJoinOfTwoCatalogs()
    {
        assertThat(query(
                """
                SELECT c.customer_id, c.name, dim.segment
                FROM retail.sales.customers c
                JOIN crm.dim.customers_dim dim ON c.customer_id = dim.customer_id
                """))
                .matches("VALUES (BIGINT '1', VARCHAR 'Ada', VARCHAR 'consumer'), (3, 'Edsger', NULL), (5, 'Barbara', 'enterprise')");
    }

    @Test
    void testSchemasAndTables()
    {
        assertQuery("SHOW SCHEMAS FROM retail", "VALUES 'default', 'information_schema', 'sales'");
        assertQuery("SHOW SCHEMAS FROM crm", "VALUES 'default', 'dim', 'dim.emea', 'information_schema'");
        assertQuery("SHOW TABLES FROM retail.sales", "VALUES 'customers'");
        assertQuery("SHOW TABLES FROM crm.\"default\"", "VALUES 'owners'");
        assertThat(query("SELECT * FROM crm.\"default\".owners")).matches("VALUES VARCHAR 'sales team'");
        assertThat(query("SELECT * FROM crm.\"dim.emea\".countries")).matches("VALUES (VARCHAR 'NO', BIGINT '5600000'), ('IT', NULL)");
    }

    @Test
    void testTypes()
    {
        assertThat(query("SELECT * FROM retail.sales.customers WHERE customer_id <= 3"))
                .matches(
                        """
                        VALUES
                            (
                                BIGINT '1', VARCHAR 'Ada', CAST(10.50 AS decimal(12, 2)), true, DATE '2020-02-29',
                                TIMESTAMP '2026-01-02 03:04:05.678901 UTC',
                                ARRAY[VARCHAR 'vip', 'eu'],
                                CAST(ROW('London', 1) AS row("city" varchar, "zip" bigint)),
                                VARCHAR 'gold',
                                ARRAY[REAL '0.5', REAL '1.0'],
                                MAP(ARRAY[VARCHAR 'a', 'b'], ARRAY[BIGINT '1', 2])
                            ),
                            (2, 'Grace', -3.25, false, DATE '1969-12-31', NULL, ARRAY[], NULL, 'silver', NULL, MAP()),
                            (3, 'Edsger', NULL, NULL, NULL, NULL, NULL, CAST(ROW(NULL, 3) AS row("city" varchar, "zip" bigint)), 'gold', ARRAY[REAL '1.5', REAL '2.0'], NULL)
                        """);
        // the column is called "Balance" in the dataset
        assertThat(query("SELECT sum(balance), count(*), count(name) FROM retail.sales.customers"))
                .matches("VALUES (CAST(100007.24 AS decimal(38, 2)), BIGINT '5', BIGINT '4')");
    }
}
