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

import com.google.common.base.Splitter;
import com.google.common.collect.HashBasedTable;
import com.google.common.collect.Table;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.lang.ProcessBuilder.Redirect.INHERIT;
import static org.assertj.core.api.Assertions.assertThat;

/// A dataset with versions, tags and a branch that pylance wrote, against what pylance reads. Needs a Python with pylance.
@EnabledIfEnvironmentVariable(named = "PYLANCE_PYTHON", matches = ".+")
final class TestPylanceHistory
        extends AbstractTestQueryFramework
{
    // rows by row id, of what was checked out: its kind, and its number or name
    private final Table<String, String, Map<Long, List<Object>>> expected = HashBasedTable.create();

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog().build();
        Path root = Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve("pylance"));
        write(root.resolve("history.lance"));
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString()));
        return queryRunner;
    }

    @Test
    void testVersionsTagsAndBranches()
    {
        assertThat(expected.row("version")).hasSizeGreaterThanOrEqualTo(6);
        assertThat(expected.row("tag")).containsOnlyKeys("first", "updated", "tried");
        expected.row("version").forEach((version, rows) -> assertRows("FOR VERSION AS OF " + version, rows));
        expected.row("tag").forEach((tag, rows) -> assertRows("FOR VERSION AS OF '%s'".formatted(tag), rows));
        expected.row("branch").forEach((branch, rows) -> assertRows("FOR VERSION AS OF '%s'".formatted(branch), rows));
    }

    @Test
    void testMetadataTables()
    {
        assertThat(query("SELECT CAST(version AS varchar) FROM \"history$versions\"")).matches("VALUES " + String.join(", ", expected.row("version").keySet().stream().map("VARCHAR '%s'"::formatted).toList()));
        assertThat(query("SELECT name, branch, version FROM \"history$tags\""))
                .matches("VALUES (VARCHAR 'first', CAST(NULL AS varchar), BIGINT '1'), ('updated', NULL, 3), ('tried', 'experiment', 3)");
        assertThat(query("SELECT name, parent_version FROM \"history$branches\"")).matches("VALUES (VARCHAR 'experiment', BIGINT '2')");
    }

    @Test
    void testChanges()
    {
        long newest = expected.row("version").keySet().stream().mapToLong(Long::parseLong).max().orElseThrow();
        Set<List<Object>> changes = new HashSet<>();
        for (long version = 1; version <= newest; version++) {
            addChanges(version, changes);
        }
        assertThat(rows("SELECT _change_version_id, _change_type, id, name FROM TABLE(system.table_changes('default', 'history', 0, %s))".formatted(newest))).isEqualTo(changes);
        assertThat(changes).anyMatch(change -> change.get(1).equals("delete")).anyMatch(change -> change.get(1).equals("update_postimage"));
    }

    private void addChanges(long version, Set<List<Object>> changes)
    {
        Map<Long, List<Object>> before = version == 1 ? Map.of() : expected.get("version", String.valueOf(version - 1));
        Map<Long, List<Object>> after = expected.get("version", String.valueOf(version));
        before.forEach((id, row) -> {
            if (!row.equals(after.get(id))) {
                changes.add(List.of(version, after.containsKey(id) ? "update_preimage" : "delete", row.get(0), row.get(1)));
            }
        });
        after.forEach((id, row) -> {
            if (!row.equals(before.get(id))) {
                changes.add(List.of(version, before.containsKey(id) ? "update_postimage" : "insert", row.get(0), row.get(1)));
            }
        });
    }

    private void assertRows(String version, Map<Long, List<Object>> expectedRows)
    {
        assertThat(rows("SELECT _rowid, id, name FROM history " + version)).as(version).isEqualTo(expectedRows.entrySet().stream()
                .map(row -> List.of(row.getKey(), row.getValue().get(0), row.getValue().get(1)))
                .collect(toImmutableSet()));
    }

    private Set<List<Object>> rows(String sql)
    {
        return getQueryRunner().execute(sql).getMaterializedRows().stream()
                .map(row -> row.getFields())
                .collect(toImmutableSet());
    }

    private void write(Path uri)
            throws IOException, InterruptedException
    {
        Process process = new ProcessBuilder(System.getenv("PYLANCE_PYTHON"), "src/test/python/write_history.py", uri.toString())
                .redirectError(INHERIT)
                .start();
        process.inputReader().lines()
                .map(line -> Splitter.on('\t').splitToList(line))
                .forEach(row -> {
                    if (!expected.contains(row.get(0), row.get(1))) {
                        expected.put(row.get(0), row.get(1), new HashMap<>());
                    }
                    expected.get(row.get(0), row.get(1)).put(Long.valueOf(row.get(2)), List.of(Long.valueOf(row.get(3)), row.get(4)));
                });
        assertThat(process.waitFor()).isZero();
    }
}
