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
import org.lance.Dataset;
import org.lance.FragmentMetadata;
import org.lance.Ref;
import org.lance.Version;
import org.lance.index.IndexType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.lance.LanceHistory.range;
import static io.streamlance.trino.lance.LanceTestData.createIndex;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

/// The tables named `table$name`, against what Lance says.
final class TestLanceMetadataTables
        extends AbstractTestQueryFramework
{
    private LanceHistory history;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = LanceQueryRunner.builderWithoutCatalog().build();
        Path root = Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve("metadata"));
        history = closeAfterClass(new LanceHistory(root.resolve("history.lance"), true, 5));
        history.create(range(0, 10))
                .delete("id IN (1, 2, 7)")
                .change(dataset -> createIndex(dataset, "id", IndexType.BTREE, "by_id"))
                .append(range(10, 12))
                .change(dataset -> dataset.tags().create("start", Ref.ofMain(1)))
                .change(dataset -> dataset.tags().replaceMetadata("start", Map.of("by", "a test")))
                .change(dataset -> {
                    try (Dataset branch = dataset.createBranch("dev", Ref.ofMain(2))) {
                        dataset.tags().create("on-branch", Ref.ofBranch("dev", branch.version()));
                    }
                })
                .change(dataset -> dataset.updateConfig(Map.of("lance.auto_cleanup.interval", "20")));
        TestResources.copyDirectory("old-format/test_table2.lance", root.resolve("early_format.lance"));
        TestResources.copyDirectory("crm-retail/33e6367c_retail$sales$customers", root.resolve("dictionary.lance"));
        try (LanceHistory dictionary = new LanceHistory(root.resolve("dictionary.lance"), false, 5)) {
            dictionary.change(dataset -> createIndex(dataset, "customer_id", IndexType.BTREE, "by_id"));
        }
        queryRunner.installPlugin(new LancePlugin());
        queryRunner.createCatalog("lance", "lance", Map.of("lance.namespace.root", root.toString()));
        return queryRunner;
    }

    @Test
    void testNames()
    {
        assertThat(query("SHOW TABLES")).matches("VALUES VARCHAR 'dictionary', 'early_format', 'history'");
        assertThat(query("SELECT table_name FROM information_schema.tables WHERE table_name LIKE '%$%'")).returnsEmptyResult();
        assertQueryFails("SELECT * FROM \"nothing$versions\"", ".*Table 'lance.default.\"nothing\\$versions\"' does not exist");
        assertQueryFails("SELECT * FROM \"history$nothing\"", "Table 'default.history\\$nothing' does not exist. The metadata tables of history are \"history\\$versions\", .*");
        assertQueryFails("SELECT * FROM \"$versions\"", ".*Table 'lance.default.\"\\$versions\"' does not exist");
        assertQueryFails("SELECT * FROM \"history$versions\" FOR VERSION AS OF 1", ".*This connector does not support versioned tables");
    }

    @Test
    void testDescribe()
    {
        assertThat(query("DESCRIBE \"history$versions\""))
                .matches("VALUES (VARCHAR 'version', VARCHAR 'bigint', VARCHAR '', VARCHAR ''), ('timestamp', 'timestamp(9) with time zone', '', ''), ('metadata', 'map(varchar, varchar)', '', '')");
        for (String table : List.of("fragments", "indexes", "tags", "branches", "properties")) {
            assertThat(computeActual("DESCRIBE \"history$%s\"".formatted(table)).getRowCount()).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void testVersions()
    {
        List<Version> versions = history.compute(Dataset::listVersions);
        String expected = versions.stream()
                .map(version -> "(BIGINT '%s', TIMESTAMP '%s UTC', VARCHAR '%s')".formatted(
                        version.getId(),
                        version.getDataTime().toLocalDateTime().toString().replace('T', ' '),
                        version.getMetadata().get("total_rows")))
                .collect(joining(", ", "VALUES ", ""));
        assertThat(query("SELECT version, CAST(timestamp AS timestamp(9) with time zone), metadata['total_rows'] FROM \"history$versions\"")).matches(expected);
        assertThat(query("SELECT version FROM \"history$versions\" WHERE version > 1 ORDER BY timestamp LIMIT 2")).matches("VALUES BIGINT '2', 3");
        assertThat(query("SELECT count(*) FROM \"history$versions\"")).matches("VALUES BIGINT '%s'".formatted(versions.size()));
    }

    @Test
    void testFragments()
    {
        List<FragmentMetadata> fragments = history.compute(dataset -> dataset.getFragments().stream().map(fragment -> fragment.metadata()).collect(toImmutableList()));
        String expected = fragments.stream()
                .map(fragment -> "(BIGINT '%s', BIGINT '%s', BIGINT '%s', BIGINT '%s', VARCHAR '%s', BIGINT '%s', %s)".formatted(
                        fragment.getId(),
                        fragment.getNumRows(),
                        fragment.getPhysicalRows(),
                        fragment.getNumDeletions(),
                        fragment.getFiles().getFirst().getPath(),
                        fragment.getFiles().getFirst().getFileSizeBytes(),
                        Optional.ofNullable(fragment.getDeletionFile()).map(file -> "VARCHAR '%s'".formatted(file.getFileType())).orElse("CAST(NULL AS varchar)")))
                .collect(joining(", ", "VALUES ", ""));
        assertThat(query("SELECT id, num_rows, physical_rows, num_deletions, files[1].path, files[1].file_size_bytes, deletion_file.file_type FROM \"history$fragments\"")).matches(expected);
        assertThat(query("SELECT sum(num_rows), sum(num_deletions) FROM \"history$fragments\"")).matches("VALUES (BIGINT '9', BIGINT '3')");
        assertThat(query("SELECT DISTINCT cardinality(files), files[1].fields, files[1].column_indices FROM \"history$fragments\"")).matches("VALUES (BIGINT '1', ARRAY[0, 1], ARRAY[0, 1])");
    }

    @Test
    void testIndexes()
    {
        assertThat(query("SELECT name, index_type, fields, field_names, num_rows_indexed, segments[1].dataset_version, segments[1].fragment_ids FROM \"history$indexes\""))
                .matches("VALUES (VARCHAR 'by_id', VARCHAR 'BTree', ARRAY[0], ARRAY[VARCHAR 'id'], BIGINT '7', BIGINT '2', ARRAY[0, 1])");
        assertThat(query("SELECT count(*) FROM \"history$indexes\" WHERE segments[1].created_at > TIMESTAMP '2020-01-01 00:00:00 UTC'")).matches("VALUES BIGINT '1'");
        // Lance does not tell the names of the fields
        assertThat(query("SELECT name, field_names FROM \"dictionary$indexes\"")).matches("VALUES (VARCHAR 'by_id', CAST(NULL AS array(varchar)))");
        assertThat(query("SELECT * FROM \"early_format$indexes\"")).returnsEmptyResult();
    }

    @Test
    void testTagsAndBranches()
    {
        assertThat(query("SELECT name, branch, version, metadata FROM \"history$tags\""))
                .matches("VALUES (VARCHAR 'start', CAST(NULL AS varchar), BIGINT '1', MAP(ARRAY[VARCHAR 'by'], ARRAY[VARCHAR 'a test'])), ('on-branch', 'dev', 2, MAP())");
        assertThat(query("SELECT count(*) FROM \"history$tags\" WHERE created_at > TIMESTAMP '2020-01-01 00:00:00 UTC' AND manifest_size > 0")).matches("VALUES BIGINT '2'");
        assertThat(query("SELECT name, parent_branch, parent_version, create_at > TIMESTAMP '2020-01-01 00:00:00 UTC', create_at <= current_timestamp FROM \"history$branches\""))
                .matches("VALUES (VARCHAR 'dev', CAST(NULL AS varchar), BIGINT '2', true, true)");
        assertThat(query("SELECT * FROM \"early_format$tags\"")).returnsEmptyResult();
        assertThat(query("SELECT * FROM \"early_format$branches\"")).returnsEmptyResult();
    }

    @Test
    void testProperties()
    {
        assertThat(query("SELECT source, key, value FROM \"history$properties\" WHERE key <> 'uri'"))
                .matches("VALUES (VARCHAR 'dataset', VARCHAR 'data_storage_version', VARCHAR '2.1'), ('dataset', 'has_stable_row_ids', 'true'), ('config', 'lance.auto_cleanup.interval', '20')");
        assertThat((String) computeScalar("SELECT value FROM \"history$properties\" WHERE key = 'uri'")).endsWith(history.uri());
        assertThat(query("SELECT value FROM \"early_format$properties\" WHERE key = 'data_storage_version'")).matches("VALUES VARCHAR '0.1'");
    }

    @Test
    void testEarlyFormat()
    {
        // Lance would end the JVM
        assertThat(query("SELECT * FROM \"early_format$fragments\"")).failure()
                .hasErrorCode(NOT_SUPPORTED)
                .hasMessageContaining("in the file format 0.1. Rewrite it in format 2.0 or later");
        assertThat(query("SELECT version FROM \"early_format$versions\"")).matches("VALUES BIGINT '1', 2");
    }
}
