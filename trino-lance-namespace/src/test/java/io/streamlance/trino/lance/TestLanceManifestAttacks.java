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
import org.lance.Ref;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import static io.streamlance.trino.lance.ProtobufBytes.append;
import static io.streamlance.trino.lance.ProtobufBytes.editManifest;
import static io.streamlance.trino.lance.ProtobufBytes.inField;
import static io.streamlance.trino.lance.ProtobufBytes.number;
import static io.streamlance.trino.lance.ProtobufBytes.prepend;
import static io.streamlance.trino.lance.ProtobufBytes.replaceBy;
import static io.streamlance.trino.lance.ProtobufBytes.text;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Manifests that are written by hand to reach files outside of the root. Every query of these tables that succeeds gives
/// the row of the table inside.
final class TestLanceManifestAttacks
        extends AbstractTestQueryFramework
{
    private static final int FRAGMENTS = 2;
    private static final int FRAGMENT_FILES = 2;
    private static final int FRAGMENT_DELETIONS = 3;
    private static final int FRAGMENT_EXTERNAL_ROW_IDS = 6;
    private static final int FILE_PATH = 1;
    private static final int FILE_SIZE = 6;
    private static final int FILE_BASE = 7;
    private static final int BASES = 18;
    private static final int BASE_ID = 1;
    private static final int BASE_PATH = 4;

    private static final String DAMAGED = "Cannot open the newest version of table default.%s at .*\\.manifest is damaged: %s.*";

    private Path root;
    private Path outside;
    private Path secret;
    private String insideBase;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        DistributedQueryRunner queryRunner = DistributedQueryRunner.builder(testSessionBuilder().setCatalog("lake").setSchema("default").build())
                .setWorkerCount(0)
                .build();
        queryRunner.installPlugin(new LancePlugin());
        Path directory = queryRunner.getCoordinator().getBaseDataDir();
        root = Files.createDirectories(directory.resolve("lake"));
        outside = Files.createDirectories(directory.resolve("private"));
        try (LanceTestData data = new LanceTestData(outside)) {
            RestCatalogs.write(data, 1, "salaries");
        }
        try (LanceTestData data = new LanceTestData(root)) {
            RestCatalogs.write(data, 2, "orders");
        }
        insideBase = root + "/orders.lance";
        secret = new DatasetFiles(outside.resolve("salaries.lance")).list("data").getFirst();
        queryRunner.createCatalog("lake", "lance", Map.of("lance.namespace.root", root.toString()));
        return queryRunner;
    }

    @Test
    void testRepeatedBasePath()
    {
        String outsideBase = outside + "/salaries.lance";
        cloneOf(insideBase, "base_last", inField(BASES, append(text(BASE_PATH, outsideBase))));
        cloneOf(insideBase, "base_first", inField(BASES, prepend(text(BASE_PATH, outsideBase))));
        cloneOf(outsideBase, "base_hidden", inField(BASES, append(text(BASE_PATH, insideBase))));
        for (String table : List.of("base_last", "base_first", "base_hidden")) {
            assertRefused(table, DAMAGED.formatted(table, "a base path has field .* twice, or not in its place"));
        }
    }

    @Test
    void testBasePathOfOtherForm()
    {
        cloneOf(insideBase, "base_number", inField(BASES, append(number(BASE_PATH, 1))));
        assertRefused("base_number", DAMAGED.formatted("base_number", "a base path has field path twice.*"));
        cloneOf(insideBase, "base_wire_type", inField(BASES, prepend(number(BASE_PATH, 1))));
        assertRefused("base_wire_type", DAMAGED.formatted("base_wire_type", "a base path has a field path of wire type 0"));
        cloneOf(insideBase, "base_id_twice", inField(BASES, append(number(BASE_ID, 7))));
        assertRefused("base_id_twice", DAMAGED.formatted("base_id_twice", "a base path has field id twice.*"));
    }

    @Test
    void testParentInBasePath()
    {
        int i = 0;
        for (String parent : List.of("..", "%2e%2E", ".\t.", ".\n.", "x/../..")) {
            for (String scheme : List.of("", "file://")) {
                String table = "parent_" + i++;
                cloneOf(insideBase, table, inField(BASES, inField(BASE_PATH, replaceBy("%s%s/%s/private/salaries.lance".formatted(scheme, root, parent)))));
                assertRefused(table, "(?s)Table default.%s is not read, as a part of its files is outside of the root .*".formatted(table));
            }
        }
    }

    @Test
    void testPathOfDataFile()
            throws IOException
    {
        UnaryOperator<byte[]> sameSize = append(number(FILE_SIZE, Files.size(secret)));
        List<String> paths = List.of(secret.toString(), "../../../private/salaries.lance/data/" + secret.getFileName(), "%2e%2e/%2e%2e/%2e%2e/private/salaries.lance/data/" + secret.getFileName());
        for (int i = 0; i < paths.size(); i++) {
            String table = "data_path_" + i;
            copy(table, inField(FRAGMENTS, inField(FRAGMENT_FILES, inField(FILE_PATH, replaceBy(paths.get(i))))));
            assertRefused(table, DAMAGED.formatted(table, "the path of a data file leaves the directory of data files: .*"));
        }
        copy("data_path_twice", inField(FRAGMENTS, inField(FRAGMENT_FILES, append(text(FILE_PATH, secret.toString())))));
        assertRefused("data_path_twice", DAMAGED.formatted("data_path_twice", "a data file has field path twice.*"));
        copy("data_size_twice", inField(FRAGMENTS, inField(FRAGMENT_FILES, sameSize)));
        assertRefused("data_size_twice", DAMAGED.formatted("data_size_twice", "a data file has field file_size_bytes twice.*"));
    }

    @Test
    void testBaseOfDataFile()
    {
        copy("no_base", inField(FRAGMENTS, inField(FRAGMENT_FILES, append(number(FILE_BASE, 5)))));
        assertRefused("no_base", DAMAGED.formatted("no_base", "a data file is in base 5, which is not there"));
    }

    @Test
    void testExternalRowIds()
    {
        copy("external_row_ids", inField(FRAGMENTS, append(ProtobufBytes.field(FRAGMENT_EXTERNAL_ROW_IDS, text(1, secret.toString())))));
        assertRefused("external_row_ids", DAMAGED.formatted("external_row_ids", "fragment 0 has its row ids in another file.*"));
    }

    @Test
    void testFragmentsTwice()
    {
        copy("deletions_twice", inField(FRAGMENTS, append(ProtobufBytes.field(FRAGMENT_DELETIONS, number(3, 1)))));
        assertRefused("deletions_twice", DAMAGED.formatted("deletions_twice", "a fragment has field deletion_file twice, or not in its place"));
    }

    @Test
    void testTwoManifests()
            throws IOException
    {
        copy("two_manifests", UnaryOperator.identity());
        Path manifest = manifest("two_manifests");
        Files.copy(manifest, manifest.resolveSibling("1.manifest"));
        assertRefused("two_manifests", "Cannot open the newest version of table default.two_manifests at .* are both the manifest of version 1.*");
    }

    @Test
    void testNamespaceManifest()
            throws IOException
    {
        Path lake = Files.createDirectories(root.resolveSibling("lake2"));
        Path other = Files.createDirectories(root.resolveSibling("private2"));
        try (LanceTestData data = new LanceTestData(other)) {
            data.createNamespace("hidden");
        }
        LanceTestData.changeDataset(other.resolve("__manifest").toString(), dataset -> dataset.shallowClone(lake + "/__manifest", Ref.ofMain()).close());
        assertThatThrownBy(() -> getQueryRunner().createCatalog("lake2", "lance", Map.of("lance.namespace.root", lake.toString())))
                .hasStackTraceContaining("The namespace %s is not read, as a part of its files is outside of the root: [%s/__manifest]".formatted(lake, other));
    }

    private void assertRefused(String table, String message)
    {
        assertQueryFails("SELECT id FROM " + table, message);
        assertQueryFails("SELECT count(*) FROM " + table, message);
    }

    private void cloneOf(String dataset, String table, UnaryOperator<byte[]> edit)
    {
        LanceTestData.changeDataset(dataset, source -> source.shallowClone("%s/%s.lance".formatted(root, table), Ref.ofMain()).close());
        editManifest(manifest(table), edit);
    }

    private void copy(String table, UnaryOperator<byte[]> edit)
    {
        try (LanceTestData data = new LanceTestData(root)) {
            RestCatalogs.write(data, 3, table);
        }
        editManifest(manifest(table), edit);
    }

    private Path manifest(String table)
    {
        return new DatasetFiles(root.resolve(table + ".lance")).list("_versions").stream()
                .filter(file -> file.toString().endsWith(".manifest"))
                .findFirst()
                .orElseThrow();
    }
}
