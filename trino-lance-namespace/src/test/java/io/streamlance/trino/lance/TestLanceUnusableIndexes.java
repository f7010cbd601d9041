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

import com.google.common.collect.ImmutableMap;
import io.trino.Session;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

import static io.streamlance.trino.lance.LanceQueryRunner.withProperty;

/// Indexes by which Lance 7.0.0 loses rows: zone maps and bloom filters on tables with stable row ids, and all indexes of tables
/// that were compacted with deferred index remap. The tables are made by `src/test/python/make_unusable_indexes.py`.
final class TestLanceUnusableIndexes
        extends AbstractTestQueryFramework
{
    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog().build();
        Path root = TestResources.unzip("unusable-indexes.zip", queryRunner.getCoordinator().getBaseDataDir().resolve("unusable-indexes"));
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", ImmutableMap.of("lance.namespace.root", root.toString()));
        return queryRunner;
    }

    @Test
    void testStableRowIds()
    {
        assertCount("stable_zone", "x = 7", 276);
        assertCount("stable_zone", "x BETWEEN 54 AND 59", 57);
        assertCount("stable_zone", "x >= 0", 3_000);
        assertQuery("SELECT id FROM stable_zone WHERE x = 7 ORDER BY id LIMIT 3", "VALUES 3, 14, 25");
    }

    /// A B-tree of 140 rows over which pylance 7 has merged, updated, restored and optimized. Lance does not search it.
    @Test
    void testRowIdsOutOfOrder()
    {
        assertCount("unsorted_btree", "id = 2", 1);
        assertCount("unsorted_btree", "id IN (56, 139, 140)", 2);
        assertCount("unsorted_btree", "id BETWEEN 2 AND 70", 69);
        assertCount("unsorted_btree", "id >= 0", 140);
        assertCount("unsorted_btree", "id IS NULL", 0);
        assertQuery("SELECT id FROM unsorted_btree WHERE id > 5 ORDER BY id LIMIT 3", "VALUES 6, 7, 8");
        assertQuery("SELECT count(*) FROM unsorted_btree JOIN (VALUES BIGINT '7') v (id) ON unsorted_btree.id = v.id", "VALUES 1");
    }

    /// A B-tree that pylance 0.17 wrote over 100 rows, of which every tenth was deleted. Its column of row ids has another name.
    @Test
    void testEarlyWriter()
    {
        assertCount("early_btree", "id = 7", 1);
        assertCount("early_btree", "id = 3", 0);
        assertCount("early_btree", "id BETWEEN 2 AND 70", 62);
        assertQuery("SELECT id FROM early_btree WHERE id > 2 ORDER BY id LIMIT 2", "VALUES 4, 5");
    }

    @Test
    void testReusedFragments()
    {
        assertCount("bloom", "s = 'name 0007 zz'", 25);
        assertCount("bloom", "s IN ('name 0007 zz', 'updated 0007 zz')", 1_025);
        assertCount("zone", "id = 19998", 1);
        assertCount("zone", "id BETWEEN 5000 AND 5100", 68);
        assertQuery("SELECT id FROM zone WHERE id BETWEEN 5000 AND 5100 ORDER BY x DESC LIMIT 3", "VALUES 5100, 5099, 5097");
    }

    @Test
    void testDynamicFilters()
    {
        for (String wait : List.of("0s", "10s")) {
            Session session = withProperty(getSession(), "dynamic_filtering_wait_timeout", wait);
            assertQuery(session, "SELECT count(*) FROM stable_zone JOIN (VALUES DOUBLE '7') v (x) ON stable_zone.x = v.x", "VALUES 276");
            assertQuery(session, "SELECT count(*) FROM bloom JOIN (VALUES 'name 0007 zz') v (s) ON bloom.s = v.s", "VALUES 25");
            assertQuery(session, "SELECT count(*) FROM zone JOIN (VALUES BIGINT '19998') v (id) ON zone.id = v.id", "VALUES 1");
        }
    }

    @Test
    void testStatistics()
    {
        // those of the zone maps are not told
        assertQuery("SHOW STATS FOR zone", "VALUES ('id', null, null, null, null, null, null), ('b', null, null, null, null, null, null), ('s', 44762.625, null, 0.1, null, null, null), ('x', null, null, null, null, null, null), (null, null, null, null, 13833.0, null, null)");
    }

    @Test
    void testIndexes()
    {
        assertIndexes("stable_zone", "'x_idx', 'ZoneMap', false, 'Lance loses rows by an index of type ZoneMap if the row ids of the table are stable; build a BTREE or BITMAP index instead'");
        assertIndexes("bloom", "'s_idx', 'BloomFilter', false, 'Lance loses rows by indexes after a compaction that has deferred the index remap; drop the index __lance_frag_reuse and build the others again'");
        assertIndexes("zone", "'id_idx', 'ZoneMap', false, 'Lance loses rows by indexes after a compaction that has deferred the index remap; drop the index __lance_frag_reuse and build the others again'");
    }

    private void assertIndexes(String table, String expected)
    {
        assertQuery("SELECT name, index_type, used, unused_reason FROM \"%s$indexes\"".formatted(table), "VALUES (%s)".formatted(expected));
    }

    private void assertCount(String table, String condition, int rows)
    {
        assertQuery("SELECT count(*) FROM %s WHERE %s".formatted(table, condition), "VALUES " + rows);
        assertQuery("SELECT count(id), count(DISTINCT id) FROM %s WHERE %s".formatted(table, condition), "VALUES (%s, %s)".formatted(rows, rows));
    }
}
