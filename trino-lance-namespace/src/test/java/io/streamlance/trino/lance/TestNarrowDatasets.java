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

import io.streamlance.trino.lance.dataset.DatasetCache;
import io.streamlance.trino.lance.dataset.DatasetLease;
import io.streamlance.trino.lance.dataset.DatasetVersion;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.streamlance.trino.lance.namespace.StorageOptions;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.catalog.CatalogName;
import io.trino.spi.connector.SchemaTableName;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lance.index.IndexType;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

final class TestNarrowDatasets
{
    private static final SchemaTableName TABLE = new SchemaTableName("default", "t");
    private static final int COLUMNS = 600;

    @TempDir
    private Path root;

    private LanceRuntime runtime;
    private DatasetCache datasets;

    @BeforeEach
    void setUp()
    {
        try (LanceTestData data = new LanceTestData(root)) {
            List<Field> fields = IntStream.range(0, COLUMNS)
                    .mapToObj(column -> Field.nullable("c" + column, new ArrowType.Int(64, true)))
                    .toList();
            data.writeTable(List.of("t"), new Schema(fields), List.of(TestNarrowDatasets::fill));
            data.changeTable(List.of("t"), dataset -> LanceTestData.createIndex(dataset, "c7", IndexType.BTREE));
        }
        LanceConfig config = new LanceConfig();
        runtime = new LanceRuntime(new CatalogName("test"), config);
        datasets = new DatasetCache(runtime, StorageOptions.fromCatalogProperties(Map.of()), config);
    }

    @AfterEach
    void tearDown()
    {
        assertThat(datasets.openLeases()).isZero();
        datasets.close();
        runtime.shutdown();
    }

    @Test
    void testColumns()
    {
        DatasetVersion version = version();
        try (DatasetLease whole = datasets.open(TABLE, version, VendedOptions.NONE);
                DatasetLease narrow = datasets.open(TABLE, version, VendedOptions.NONE, Set.of("c1", "c599", "_rowid"))) {
            assertThat(columns(whole)).hasSize(COLUMNS);
            // Lance looks up the columns of its indexes
            assertThat(columns(narrow)).containsExactly("c1", "c7", "c599");
            assertThat(narrow.dataset().countRows("c7 = 7")).isEqualTo(1);
            assertThat(narrow.dataset().countRows("c599 = 0")).isEqualTo(0);
            assertThat(narrow.dataset().describeIndices()).hasSize(1);
            // what the one reads of the indexes is not taken for what the other has
            assertThat(whole.dataset().countRows("c7 = 7")).isEqualTo(1);
        }
    }

    @Test
    void testShared()
    {
        DatasetVersion version = version();
        try (DatasetLease one = datasets.open(TABLE, version, VendedOptions.NONE, Set.of("c1", "c2"));
                DatasetLease same = datasets.open(TABLE, version, VendedOptions.NONE, Set.of("c2", "c1"));
                DatasetLease other = datasets.open(TABLE, version, VendedOptions.NONE, Set.of("c1", "c3"))) {
            assertThat(same.dataset()).isSameAs(one.dataset());
            assertThat(other.dataset()).isNotSameAs(one.dataset());
        }
    }

    @Test
    void testNotWorthwhile()
    {
        DatasetVersion version = version();
        try (DatasetLease whole = datasets.open(TABLE, version, VendedOptions.NONE);
                DatasetLease one = datasets.open(TABLE, version, VendedOptions.NONE, Set.of("c1"));
                DatasetLease none = datasets.open(TABLE, version, VendedOptions.NONE, Set.of());
                DatasetLease all = datasets.open(TABLE, version, VendedOptions.NONE, Set.copyOf(columns(whole)))) {
            assertThat(List.of(one.dataset(), none.dataset(), all.dataset())).containsOnly(whole.dataset());
        }
    }

    private DatasetVersion version()
    {
        try (DatasetLease lease = datasets.openLatest(TABLE, root + "/t.lance", VendedOptions.NONE)) {
            return lease.version();
        }
    }

    private static List<String> columns(DatasetLease lease)
    {
        return lease.dataset().getSchema().getFields().stream().map(Field::getName).toList();
    }

    private static void fill(VectorSchemaRoot rows)
    {
        rows.allocateNew();
        for (int column = 0; column < COLUMNS; column++) {
            ((BigIntVector) rows.getVector(column)).setSafe(0, column);
        }
        rows.setRowCount(1);
    }
}
