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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lance.Dataset;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;

final class TestDatasetCache
{
    private static final SchemaTableName TABLE = new SchemaTableName("default", "t");

    @TempDir
    private Path root;
    private LanceRuntime runtime;
    private DatasetCache datasets;

    @BeforeEach
    void setUp()
    {
        try (LanceTestData data = new LanceTestData(root)) {
            RestCatalogs.write(data, 1, "t");
        }
        LanceConfig config = new LanceConfig();
        runtime = new LanceRuntime(new CatalogName("test"), config);
        datasets = new DatasetCache(runtime, StorageOptions.fromCatalogProperties(Map.of()), config);
    }

    @AfterEach
    void tearDown()
    {
        datasets.close();
        runtime.shutdown();
    }

    @Test
    void testSharedBySameCredentials()
    {
        VendedOptions early = options("secret", Instant.now().plusSeconds(60));
        VendedOptions late = options("secret", Instant.now().plusSeconds(120));
        assertThat(open(early)).isSameAs(open(late));
        assertThat(open(VendedOptions.NONE)).isSameAs(open(VendedOptions.NONE));
    }

    @Test
    void testNotSharedByOtherCredentials()
    {
        Dataset dataset = open(options("secret", Instant.now().plusSeconds(60)));
        assertThat(open(options("other", Instant.now().plusSeconds(60)))).isNotSameAs(dataset);
        assertThat(open(VendedOptions.NONE)).isNotSameAs(dataset);
    }

    @Test
    void testNewVersionIsAnotherDataset()
    {
        Dataset first = open(VendedOptions.NONE);
        assertThat(first.countRows()).isEqualTo(1);
        try (DatasetLease lease = datasets.openLatest(TABLE, root + "/t.lance", VendedOptions.NONE)) {
            DatasetVersion pinned = lease.version();
            try (LanceTestData data = new LanceTestData(root)) {
                data.changeTable(List.of("t"), dataset -> dataset.delete("true"));
            }
            Dataset second = open(VendedOptions.NONE);
            assertThat(second).isNotSameAs(first);
            assertThat(second.countRows()).isEqualTo(0);
            // what a query has pinned stays open for it
            try (DatasetLease reader = datasets.open(TABLE, pinned, VendedOptions.NONE)) {
                assertThat(reader.dataset()).isSameAs(first);
            }
        }
    }

    @Test
    void testExpiredAreClosed()
    {
        Dataset expired = open(options("expired", Instant.now().minusSeconds(1)));
        Dataset valid = open(options("valid", Instant.now().plusSeconds(60)));
        open(options("another", Instant.now().plusSeconds(60)));
        assertThat(expired.closed()).isTrue();
        assertThat(valid.closed()).isFalse();
    }

    @Test
    void testReadersOutliveExpiry()
    {
        try (DatasetLease lease = datasets.openLatest(TABLE, root + "/t.lance", options("expired", Instant.now().minusSeconds(1)))) {
            open(options("valid", Instant.now().plusSeconds(60)));
            assertThat(lease.dataset().closed()).isFalse();
            assertThat(lease.dataset().countRows()).isEqualTo(1);
        }
    }

    @Test
    void testCachesOfTheirOwnAreBounded()
    {
        writeTenVersions();
        List<Dataset> unused = LongStream.rangeClosed(1, 10)
                .mapToObj(version -> {
                    try (DatasetLease lease = openVersion(version)) {
                        return lease.dataset();
                    }
                })
                .toList();
        // each could fill an eighth of the memory
        assertThat(unused.stream().map(Dataset::closed)).containsExactly(true, true, false, false, false, false, false, false, false, false);
        try (DatasetLease first = openVersion(1); DatasetLease fourth = openVersion(4)) {
            assertThat(first.dataset()).isNotSameAs(unused.getFirst());
            assertThat(fourth.dataset()).isSameAs(unused.get(3));
        }
        assertThat(unused.get(2).closed()).isTrue();
    }

    @Test
    void testMoreAreReadThanHaveCachesOfTheirOwn()
    {
        writeTenVersions();
        List<DatasetLease> leases = LongStream.rangeClosed(1, 10).mapToObj(this::openVersion).toList();
        for (DatasetLease lease : leases) {
            assertThat(lease.dataset().countRows()).isEqualTo(lease.version().version());
            try (DatasetLease other = openVersion(lease.version().version())) {
                assertThat(other.dataset()).isSameAs(lease.dataset());
            }
        }
        leases.forEach(DatasetLease::close);
        // those that found all of the memory taken
        assertThat(leases.stream().map(lease -> lease.dataset().closed())).containsExactly(false, false, false, false, false, false, false, false, true, true);
        try (DatasetLease last = openVersion(10)) {
            assertThat(last.dataset().countRows()).isEqualTo(10);
        }
        assertThat(leases.getFirst().dataset().closed()).isTrue();
    }

    private void writeTenVersions()
    {
        try (LanceHistory history = new LanceHistory(root.resolve("history.lance"), true, 10)) {
            history.create(1);
            for (int version = 2; version <= 10; version++) {
                history.append(version);
            }
        }
    }

    private DatasetLease openVersion(long version)
    {
        return datasets.openVersion(TABLE, root + "/history.lance", version, VendedOptions.NONE);
    }

    private Dataset open(VendedOptions vended)
    {
        try (DatasetLease latest = datasets.openLatest(TABLE, root + "/t.lance", vended);
                DatasetLease pinned = datasets.open(TABLE, latest.version(), vended)) {
            assertThat(pinned.dataset()).isSameAs(latest.dataset());
            return pinned.dataset();
        }
    }

    private static VendedOptions options(String secret, Instant expiry)
    {
        return new VendedOptions(Map.of("secret_access_key", secret, "expires_at_millis", String.valueOf(expiry.toEpochMilli())));
    }
}
