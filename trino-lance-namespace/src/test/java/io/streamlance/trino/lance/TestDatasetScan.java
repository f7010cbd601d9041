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

import com.google.common.collect.ImmutableList;
import io.streamlance.trino.lance.dataset.DatasetCache;
import io.streamlance.trino.lance.dataset.DatasetLease;
import io.streamlance.trino.lance.dataset.DatasetScan;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.streamlance.trino.lance.dataset.ScanFilter;
import io.streamlance.trino.lance.dataset.ScanRange;
import io.streamlance.trino.lance.dataset.ScanRequest;
import io.streamlance.trino.lance.filter.FieldPath;
import io.streamlance.trino.lance.filter.LanceFilter;
import io.streamlance.trino.lance.filter.LanceFilter.Operator;
import io.streamlance.trino.lance.filter.StorageType;
import io.streamlance.trino.lance.namespace.StorageOptions;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.Page;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.airlift.concurrent.MoreFutures.getFutureValue;
import static io.trino.spi.type.BigintType.BIGINT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Scans of which one may be open at a time.
@Timeout(60)
final class TestDatasetScan
{
    private static final SchemaTableName TABLE = new SchemaTableName("default", "t");
    private static final int ROWS = 20_000;
    private static final int FRAGMENT_ROWS = 5_000;
    private static final int BATCH_ROWS = 2_000;

    @TempDir
    private Path root;
    private LanceRuntime runtime;
    private DatasetCache datasets;

    @BeforeEach
    void setUp()
    {
        try (LanceTestData data = new LanceTestData(root)) {
            List<Consumer<VectorSchemaRoot>> batches = IntStream.range(0, ROWS / FRAGMENT_ROWS)
                    .<Consumer<VectorSchemaRoot>>mapToObj(batch -> rows -> fill(rows, batch * FRAGMENT_ROWS))
                    .collect(toImmutableList());
            data.writeTable(List.of("t"), new Schema(List.of(Field.nullable("id", new ArrowType.Int(64, true)))), batches.iterator(), options -> options.maxRowsPerFile(FRAGMENT_ROWS));
        }
        LanceConfig config = new LanceConfig().setScanMaxConcurrent(1);
        runtime = new LanceRuntime(new CatalogName("test"), config);
        datasets = new DatasetCache(runtime, StorageOptions.fromCatalogProperties(Map.of()), config);
    }

    @AfterEach
    void tearDown()
    {
        assertThat(runtime.scanSlots().getOpenScans()).isZero();
        assertThat(runtime.scanSlots().getWaitingScans()).isZero();
        datasets.close();
        // fails if memory of Arrow is left
        runtime.shutdown();
    }

    @Test
    void testIdleScanGivesWay()
            throws Exception
    {
        for (LanceFilter filter : List.of(LanceFilter.ALL, secondHalf())) {
            try (DatasetScan idle = scan(filter); DatasetScan other = scan(filter)) {
                List<Long> ids = new ArrayList<>();
                idle.read().get();
                append(ids, idle.nextPage().orElseThrow());
                assertThat(runtime.scanSlots().getOpenScans()).isEqualTo(1);
                // as the probe side of a join, which nobody reads before the build side has ended
                assertThat(readAll(other)).isEqualTo(expected(filter));
                ids.addAll(readAll(idle));
                assertThat(ids).isEqualTo(expected(filter));
            }
        }
        assertThat(runtime.scanSlots().getSuspensions()).isPositive();
    }

    @Test
    void testManyScansTakeTurns()
            throws Exception
    {
        List<CompletableFuture<List<Long>>> results = IntStream.range(0, 8)
                .mapToObj(_ -> CompletableFuture.supplyAsync(() -> {
                    try (DatasetScan scan = scan(LanceFilter.ALL)) {
                        return readAll(scan);
                    }
                }))
                .collect(toImmutableList());
        for (CompletableFuture<List<Long>> result : results) {
            assertThat(result.get()).isEqualTo(expected(LanceFilter.ALL));
        }
    }

    @Test
    void testCancelWhileWaiting()
            throws Exception
    {
        try (DatasetScan open = scan(LanceFilter.ALL)) {
            open.read().get();
            DatasetScan waiting = scan(LanceFilter.ALL);
            CompletableFuture<Void> read = waiting.read();
            assertThat(runtime.scanSlots().getWaitingScans()).isEqualTo(1);
            waiting.close();
            assertThat(read).isCompletedExceptionally();
            DatasetScan counting = scan(secondHalf());
            CompletableFuture<Long> count = counting.countRows();
            counting.close();
            assertThat(count).isCompletedExceptionally();
            assertThat(runtime.scanSlots().getWaitingScans()).isZero();
            assertThat(readAll(open)).hasSize(ROWS);
        }
    }

    @Test
    void testCancelWhileReading()
            throws Exception
    {
        for (int i = 0; i < 50; i++) {
            DatasetScan scan = scan(i % 2 == 0 ? LanceFilter.ALL : secondHalf());
            CompletableFuture<Void> read = scan.read();
            scan.close();
            read.handle((_, _) -> null).get();
            assertThat(scan.nextPage()).isEmpty();
        }
        try (DatasetScan next = scan(LanceFilter.ALL)) {
            assertThat(readAll(next)).hasSize(ROWS);
        }
    }

    @Test
    void testCountReturnsItsSlot()
            throws Exception
    {
        try (DatasetScan count = scan(secondHalf())) {
            assertThat(count.countRows().get()).isEqualTo(ROWS / 2);
            assertThat(runtime.scanSlots().getOpenScans()).isZero();
        }
    }

    @Test
    void testFailureNamesExpiredCredentials()
    {
        new DatasetFiles(root.resolve("t.lance")).list("data").forEach(file -> assertThat(file.toFile().delete()).isTrue());
        for (boolean expired : List.of(true, false)) {
            long expiry = System.currentTimeMillis() + (expired ? -1_000 : 60_000);
            VendedOptions vended = new VendedOptions(Map.of("secret_access_key", "secret-" + expired, "expires_at_millis", String.valueOf(expiry)));
            try (DatasetScan scan = scan(LanceFilter.ALL, vended)) {
                assertThatThrownBy(() -> getFutureValue(scan.read()))
                        .hasMessageStartingWith("Cannot read table default.t version 1 at ")
                        .matches(failure -> expired == failure.getMessage().contains("The credentials that the namespace vended for the table have expired; run the query again"));
            }
        }
    }

    private DatasetScan scan(LanceFilter filter)
    {
        return scan(filter, VendedOptions.NONE);
    }

    private DatasetScan scan(LanceFilter filter, VendedOptions vended)
    {
        try (DatasetLease latest = datasets.openLatest(TABLE, root + "/t.lance", vended)) {
            ScanRequest request = new ScanRequest(
                    TABLE,
                    latest.version(),
                    new ScanRange(ImmutableList.of(), Optional.empty(), Optional.empty(), ROWS, 0),
                    new ScanFilter(filter, false, OptionalLong.empty()),
                    List.of(new LanceColumnHandle("id", BIGINT, StorageType.scalar("Int64"))),
                    BATCH_ROWS,
                    2);
            return new DatasetScan(() -> datasets.open(TABLE, latest.version(), vended), runtime, request);
        }
    }

    private static List<Long> readAll(DatasetScan scan)
    {
        List<Long> ids = new ArrayList<>();
        while (true) {
            for (Optional<Page> page = scan.nextPage(); page.isPresent(); page = scan.nextPage()) {
                append(ids, page.orElseThrow());
            }
            if (scan.isEnded()) {
                return ids;
            }
            scan.read().join();
        }
    }

    private static LanceFilter secondHalf()
    {
        return new LanceFilter.Comparison(FieldPath.column("id"), Operator.GREATER_THAN_OR_EQUAL, "Int64", String.valueOf(ROWS / 2));
    }

    private static List<Long> expected(LanceFilter filter)
    {
        return LongStream.range(0, ROWS)
                .filter(id -> filter.equals(LanceFilter.ALL) || id >= ROWS / 2)
                .boxed()
                .collect(toImmutableList());
    }

    private static void append(List<Long> ids, Page page)
    {
        for (int i = 0; i < page.getPositionCount(); i++) {
            ids.add(BIGINT.getLong(page.getBlock(0), i));
        }
    }

    private static void fill(VectorSchemaRoot rows, int first)
    {
        BigIntVector ids = (BigIntVector) rows.getVector("id");
        for (int i = 0; i < FRAGMENT_ROWS; i++) {
            ids.setSafe(i, first + i);
        }
        rows.setRowCount(FRAGMENT_ROWS);
    }
}
