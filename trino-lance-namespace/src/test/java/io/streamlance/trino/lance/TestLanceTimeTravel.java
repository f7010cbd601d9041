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
import io.trino.spi.type.TimeZoneKey;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;
import org.lance.Dataset;
import org.lance.Ref;
import org.lance.cleanup.CleanupPolicy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static io.streamlance.trino.lance.LanceHistory.range;
import static io.trino.spi.StandardErrorCode.INVALID_ARGUMENTS;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
import static org.assertj.core.api.Assertions.assertThat;

/// Versions, tags, branches and times, against what Lance reads at the same version.
final class TestLanceTimeTravel
        extends AbstractTestQueryFramework
{
    private LanceHistory history;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog().build();
        Path root = Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve("travel"));
        history = closeAfterClass(new LanceHistory(root.resolve("history.lance"), false, 5));
        history.create(range(0, 10))
                .append(range(10, 15))
                .delete("id % 3 = 0")
                .upsert("changed", 1, 2, 100)
                .change(dataset -> dataset.tags().create("start", Ref.ofMain(1)))
                .change(dataset -> dataset.tags().create("both", Ref.ofMain(2)))
                .change(dataset -> dataset.createBranch("both", Ref.ofMain(1)).close())
                .change(dataset -> {
                    try (var branch = dataset.createBranch("dev/x", Ref.ofMain(2))) {
                        branch.delete("id >= 5");
                        dataset.tags().create("on-branch", Ref.ofBranch("dev/x", branch.version()));
                        branch.delete("id = 0");
                    }
                });
        try (LanceHistory cleaned = new LanceHistory(root.resolve("cleaned.lance"), false, 5)) {
            cleaned.create(1).append(2).append(3).append(4)
                    .change(dataset -> dataset.cleanupWithPolicy(CleanupPolicy.builder().withBeforeVersion(3).build()));
        }
        TestResources.copyDirectory("offset-zone/events.lance", root.resolve("offset_zone.lance"));
        TestResources.copyDirectory("old-format/test_table2.lance", root.resolve("early_format.lance"));
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString()));
        return queryRunner;
    }

    @Test
    void testEveryVersion()
    {
        assertThat(history.newestVersion()).isEqualTo(4);
        for (long version = 1; version <= 4; version++) {
            assertThat(rows("FOR VERSION AS OF " + version)).isEqualTo(expected(version));
        }
        assertThat(rows("")).isEqualTo(expected(4));
        assertThat(rows("FOR VERSION AS OF BIGINT '2'")).isEqualTo(expected(2));
        assertThat(rows("FOR VERSION AS OF TINYINT '3'")).isEqualTo(expected(3));
    }

    @Test
    void testTagsAndBranches()
    {
        assertThat(rows("FOR VERSION AS OF 'start'")).isEqualTo(expected(1));
        assertThat(rows("FOR VERSION AS OF 'main'")).isEqualTo(expected(4));
        // a tag comes before a branch of the same name
        assertThat(rows("FOR VERSION AS OF 'both'")).isEqualTo(expected(2));
        assertThat(query("SELECT id FROM history FOR VERSION AS OF 'dev/x'")).matches("VALUES BIGINT '1', 2, 3, 4");
        assertThat(query("SELECT id FROM history FOR VERSION AS OF 'on-branch'")).matches("VALUES BIGINT '0', 1, 2, 3, 4");
        assertThat(query("SELECT count(*) FROM history FOR VERSION AS OF 'dev/x' WHERE id > 1")).matches("VALUES BIGINT '3'");
    }

    @Test
    void testMovedTag()
    {
        LanceHistory moving = sibling("moving").create(1).append(2).change(dataset -> dataset.tags().create("tag", Ref.ofMain(1)));
        assertThat(query("SELECT id FROM moving FOR VERSION AS OF 'tag'")).matches("VALUES BIGINT '1'");
        moving.change(dataset -> dataset.tags().update("tag", Ref.ofMain(2)));
        assertThat(query("SELECT id FROM moving FOR VERSION AS OF 'tag'")).matches("VALUES BIGINT '1', 2");
        assertThat(query("SELECT version FROM \"moving$tags\"")).matches("VALUES BIGINT '2'");
        moving.change(dataset -> dataset.tags().delete("tag"));
        assertThat(query("SELECT * FROM moving FOR VERSION AS OF 'tag'")).failure().hasErrorCode(INVALID_ARGUMENTS);
    }

    @Test
    void testVersionIsPinnedInTheTransaction()
    {
        LanceHistory changing = sibling("changing").create(1).change(dataset -> dataset.tags().create("tag", Ref.ofMain(1)));
        inTransaction(session -> {
            assertThat(computeActual(session, "SELECT id FROM changing").getRowCount()).isEqualTo(1);
            assertThat(computeActual(session, "SELECT id FROM changing FOR VERSION AS OF 'tag'").getRowCount()).isEqualTo(1);
            changing.append(2, 3).change(dataset -> dataset.tags().update("tag", Ref.ofMain(2)));
            assertThat(computeActual(session, "SELECT id FROM changing").getRowCount()).isEqualTo(1);
            assertThat(computeActual(session, "SELECT id FROM changing FOR VERSION AS OF 'tag'").getRowCount()).isEqualTo(1);
            assertThat(computeActual(session, "SELECT id FROM changing FOR VERSION AS OF 2").getRowCount()).isEqualTo(3);
        });
        assertThat(query("SELECT id FROM changing FOR VERSION AS OF 'tag'")).matches("VALUES BIGINT '1', 2, 3");
    }

    @Test
    void testTimestamps()
    {
        List<Object> times = getQueryRunner().execute("SELECT CAST(timestamp AS varchar) FROM \"history$versions\" ORDER BY version").getOnlyColumnAsSet().stream().sorted().toList();
        assertThat(times).hasSize(4);
        for (int i = 0; i < 4; i++) {
            String time = "TIMESTAMP '%s'".formatted(times.get(i));
            // its own time, one nanosecond before, and one after
            assertThat(rows("FOR TIMESTAMP AS OF " + time)).isEqualTo(expected(i + 1));
            String after = ((String) times.get(i)).replaceFirst("\\.\\d+", "." + nanos(times.get(i), 1));
            assertThat(rows("FOR TIMESTAMP AS OF TIMESTAMP '%s'".formatted(after))).isEqualTo(expected(i + 1));
            if (i > 0) {
                String before = ((String) times.get(i)).replaceFirst("\\.\\d+", "." + nanos(times.get(i), -1));
                assertThat(rows("FOR TIMESTAMP AS OF TIMESTAMP '%s'".formatted(before))).isEqualTo(expected(i));
            }
        }
        assertThat(query("SELECT * FROM history FOR TIMESTAMP AS OF DATE '2000-01-01'")).failure()
                .hasErrorCode(INVALID_ARGUMENTS)
                .hasMessageMatching(".*Table default.history has no version of 2000-01-01T.* or before: the oldest one that is kept is version 1 of .*");
    }

    @Test
    void testTimestampWithoutZoneIsOfTheSession()
    {
        Instant committed = Instant.parse((String) computeScalar("SELECT to_iso8601(CAST(timestamp AS timestamp(9) with time zone)) FROM \"history$versions\" WHERE version = 3"));
        for (String zone : List.of("UTC", "America/New_York", "Asia/Kathmandu")) {
            Session session = Session.builder(getSession()).setTimeZoneKey(TimeZoneKey.getTimeZoneKey(zone)).build();
            String local = LocalDateTime.ofInstant(committed, ZoneId.of(zone)).toString().replace('T', ' ');
            assertThat(query(session, "SELECT count(*) FROM history FOR TIMESTAMP AS OF TIMESTAMP '%s'".formatted(local))).matches("VALUES BIGINT '%s'".formatted(expected(3).size()));
        }
    }

    @Test
    void testTwoVersionsInOneQuery()
    {
        assertThat(query("SELECT a.id FROM history FOR VERSION AS OF 1 a LEFT JOIN history b ON a.id = b.id WHERE b.id IS NULL"))
                .matches("VALUES BIGINT '0', 3, 6, 9");
        assertThat(query(
                """
                SELECT (SELECT count(*) FROM history FOR VERSION AS OF 1), (SELECT count(*) FROM history FOR VERSION AS OF 'dev/x'), (SELECT count(*) FROM history), count(*)
                FROM history FOR VERSION AS OF 2 a JOIN history FOR VERSION AS OF 3 b USING (id)
                """))
                .matches("VALUES (BIGINT '10', BIGINT '4', BIGINT '%s', BIGINT '10')".formatted(expected(4).size()));
    }

    @Test
    void testUnknownVersions()
    {
        assertThat(query("SELECT * FROM history FOR VERSION AS OF 99")).failure()
                .hasErrorCode(INVALID_ARGUMENTS)
                .hasMessageMatching(".*Table default.history has no version 99: it was never committed, or removed when old versions were cleaned up. Of the versions 1 to 4 those in \"history\\$versions\" can be read");
        for (String version : List.of("0", "-1", "9223372036854775807")) {
            assertThat(query("SELECT * FROM history FOR VERSION AS OF " + version)).failure().hasErrorCode(INVALID_ARGUMENTS).hasMessageContaining("has no version " + version);
        }
        assertThat(query("SELECT * FROM history FOR VERSION AS OF 'nothing'")).failure()
                .hasErrorCode(INVALID_ARGUMENTS)
                .hasMessageContaining("Table default.history has no tag and no branch 'nothing'. It has the tags [both, on-branch, start] and, besides main, the branches [both, dev/x]");
        assertThat(query("SELECT * FROM history FOR VERSION AS OF DOUBLE '1'")).failure().hasErrorCode(NOT_SUPPORTED);
        assertQueryFails("SELECT * FROM nothing FOR VERSION AS OF 1", ".*Table 'lance.default.nothing' does not exist");
    }

    @Test
    void testCleanedUpVersion()
    {
        assertThat(query("SELECT id FROM cleaned FOR VERSION AS OF 3")).matches("VALUES BIGINT '1', 2, 3");
        assertThat(query("SELECT id FROM cleaned FOR VERSION AS OF 2")).failure()
                .hasErrorCode(INVALID_ARGUMENTS)
                .hasMessageContaining("Table default.cleaned has no version 2: it was never committed, or removed when old versions were cleaned up. Of the versions 3 to 4 those");
    }

    @Test
    void testTagOfAVersionThatIsGone()
            throws IOException
    {
        LanceHistory gone = sibling("gone").create(1, 2, 3).change(dataset -> {
            try (Dataset branch = dataset.createBranch("dev", Ref.ofMain(1))) {
                branch.delete("id = 1");
                dataset.tags().create("kept", Ref.ofBranch("dev", branch.version()));
                branch.delete("id = 2");
            }
        });
        long tagged = (long) computeScalar("SELECT version FROM \"gone$tags\"");
        Path versions = Path.of(gone.uri()).resolve("tree/dev/_versions");
        Files.delete(versions.resolve("%s.manifest".formatted(Long.toUnsignedString(-1 - tagged))));
        assertThat(query("SELECT id FROM gone FOR VERSION AS OF 'kept'")).failure()
                .hasErrorCode(INVALID_ARGUMENTS)
                .hasMessageContaining("Table default.gone has no version %s on its branch 'dev': it was never committed, or removed when old versions were cleaned up. The newest version of the branch can be read FOR VERSION AS OF 'dev'".formatted(tagged));
        assertThat(query("SELECT id FROM gone FOR VERSION AS OF 'dev'")).matches("VALUES BIGINT '3'");
    }

    @Test
    void testOldDatasets()
    {
        assertThat(query("SELECT count(*) FROM early_format FOR VERSION AS OF 2")).matches("VALUES BIGINT '90'");
        assertQueryFails("SELECT id FROM offset_zone FOR VERSION AS OF 1", "Table default.offset_zone cannot be read, because Lance does not know the type of .*");
    }

    @Test
    void testExplain()
    {
        assertThat((String) computeScalar("EXPLAIN SELECT id FROM history FOR VERSION AS OF 2")).contains("default.history@v2");
    }

    private LanceHistory sibling(String table)
    {
        return closeAfterClass(new LanceHistory(Path.of(history.uri()).resolveSibling(table + ".lance"), false, 5));
    }

    private static String nanos(Object time, int difference)
    {
        String text = (String) time;
        long nanos = Long.parseLong(text.substring(text.indexOf('.') + 1, text.indexOf(' ', text.indexOf('.')))) + difference;
        assertThat(nanos).as("crossing a second is not supported by this test").isBetween(0L, 999_999_999L);
        return "%09d".formatted(nanos);
    }

    private Set<List<Object>> rows(String version)
    {
        return getQueryRunner().execute("SELECT id, name FROM history " + version).getMaterializedRows().stream()
                .map(row -> row.getFields())
                .collect(toImmutableSet());
    }

    private Set<List<Object>> expected(long version)
    {
        return history.read(version, "id", "name").entrySet().stream()
                .map(row -> List.<Object>of(row.getKey(), row.getValue().getFirst()))
                .collect(toImmutableSet());
    }
}
