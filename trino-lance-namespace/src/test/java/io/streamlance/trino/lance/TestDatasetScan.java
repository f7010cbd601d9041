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
import io.airlift.units.Duration;
import io.streamlance.trino.lance.dataset.BatchPlan;
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
import io.trino.spi.TrinoException;
import io.trino.spi.catalog.CatalogName;
import io.trino.spi.connector.SchemaTableName;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
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
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_OPEN_ERROR;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static io.trino.testing.assertions.Assert.assertEventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Scans of which one may be open at a time.
@Timeout(60)
final class TestDatasetScan
{
    private static final SchemaTableName TABLE = new SchemaTableName("default", "t");
    private static final int ROWS = 20_000;
    private static final int FRAGMENT_ROWS = 5_000;
    private static final int BATCH_ROWS = 1_000;
    // several times as much as a scan reads ahead
    private static final int VALUE_BYTES = 1_000;

    private static final long IDLE_MILLIS = 100;
    private static final LanceColumnHandle ID = new LanceColumnHandle("id", BIGINT, StorageType.scalar("Int64"));
    private static final LanceColumnHandle VALUE = new LanceColumnHandle("value", VARCHAR, StorageType.scalar("Utf8"));

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
            Schema schema = new Schema(List.of(Field.nullable("id", new ArrowType.Int(64, true)), Field.nullable("value", ArrowType.Utf8.INSTANCE)));
            data.writeTable(List.of("t"), schema, batches.iterator(), options -> options.maxRowsPerFile(FRAGMENT_ROWS));
        }
        LanceConfig config = new LanceConfig().setScanMaxConcurrent(1);
        runtime = new LanceRuntime(new CatalogName("test"), config);
        datasets = new DatasetCache(runtime, StorageOptions.fromCatalogProperties(Map.of()), config);
    }

    @AfterEach
    void tearDown()
    {
        assertNoOpenScans();
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
                idle.ready().get();
                append(ids, idle.nextPage().orElseThrow());
                assertThat(runtime.scanSlots().getOpenScans()).isEqualTo(1);
                // as the probe side of a join, which nobody reads before the build side has ended
                assertThat(readAll(other)).isEqualTo(expected(filter));
                ids.addAll(readAll(idle));
                assertThat(ids).isEqualTo(expected(filter));
                // what was read before it gave way was kept
                assertThat(idle.progress().rows()).isEqualTo(ids.size());
            }
        }
        assertThat(runtime.scanSlots().getSuspensions()).isPositive();
    }

    @Test
    void testScansThatAreReadSlowlyProgress()
            throws Exception
    {
        try (DatasetScan first = scan(LanceFilter.ALL); DatasetScan second = scan(LanceFilter.ALL)) {
            List<Long> ids = new ArrayList<>();
            List<Long> others = new ArrayList<>();
            // slower than the time after which a scan counts as idle, as on a node that is busy
            for (int i = 0; i < 6; i++) {
                Thread.sleep(2 * IDLE_MILLIS);
                first.nextPage().ifPresent(page -> append(ids, page));
                second.nextPage().ifPresent(page -> append(others, page));
            }
            assertThat(ids).isNotEmpty();
            assertThat(others).isNotEmpty();
        }
    }

    @Test
    void testReadsAheadOfTheEngine()
            throws Exception
    {
        try (DatasetScan scan = scan(LanceFilter.ALL)) {
            scan.ready().get();
            while (runtime.scanSlots().getOpenScans() != 1 || scan.progress().rows() < 4_000) {
                Thread.sleep(1);
            }
            // and not further
            Thread.sleep(50);
            assertThat(scan.progress().rows()).isLessThan(ROWS / 2);
            assertThat(readAll(scan)).hasSize(ROWS);
        }
    }

    @Test
    void testBatchesShrinkToTheirSize()
    {
        for (LanceFilter filter : List.of(LanceFilter.ALL, secondHalf())) {
            // with indexes Lance cannot be told how many rows to skip
            for (boolean scalarIndex : List.of(true, false)) {
                // as if the values were stored in a few bytes
                BatchPlan batches = new BatchPlan(BATCH_ROWS, 2, 100 * VALUE_BYTES);
                try (DatasetScan scan = scan(request(new ScanFilter(filter, scalarIndex, OptionalLong.empty()), ImmutableList.of(ID, VALUE), batches))) {
                    assertThat(readAll(scan)).isEqualTo(expected(filter));
                    assertThat(scan.progress().batches()).isGreaterThan(5L * expected(filter).size() / BATCH_ROWS);
                }
            }
        }
    }

    @Test
    void testLimit()
    {
        for (boolean scalarIndex : List.of(true, false)) {
            try (DatasetScan scan = scan(request(new ScanFilter(secondHalf(), scalarIndex, OptionalLong.of(1_500)), ImmutableList.of(ID, VALUE), new BatchPlan(BATCH_ROWS, 2, BATCH_ROWS * VALUE_BYTES)))) {
                assertThat(readAll(scan)).hasSizeBetween(1_500, 2_500).startsWith(ROWS / 2L);
                if (!scalarIndex) {
                    // Lance has stopped by itself, and tells what it read
                    assertThat(scan.progress().stats()).isPresent();
                }
            }
        }
    }

    @Test
    void testFailureReturnsItsSlot()
            throws Exception
    {
        ScanRequest request = request(LanceFilter.ALL, ImmutableList.of(ID));
        DatasetScan scan = new DatasetScan(
                () -> {
                    throw new TrinoException(LANCE_OPEN_ERROR, "gone");
                },
                runtime,
                request);
        scan.ready().get();
        assertThatThrownBy(scan::nextPage).isInstanceOf(TrinoException.class).hasMessage("gone");
        assertNoOpenScans();
        scan.close();
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
            open.ready().get();
            for (DatasetScan waiting : List.of(scan(LanceFilter.ALL), count())) {
                CompletableFuture<Void> ready = waiting.ready();
                assertThat(ready).isNotDone();
                assertThat(runtime.scanSlots().getWaitingScans()).isEqualTo(1);
                waiting.close();
                assertThat(ready).isDone();
                assertThat(waiting.nextPage()).isEmpty();
                assertThat(runtime.scanSlots().getWaitingScans()).isZero();
            }
            assertThat(readAll(open)).hasSize(ROWS);
        }
    }

    @Test
    void testCancelWhileReading()
            throws Exception
    {
        for (int i = 0; i < 50; i++) {
            DatasetScan scan = scan(i % 2 == 0 ? LanceFilter.ALL : secondHalf());
            CompletableFuture<Void> ready = scan.ready();
            scan.close();
            ready.get();
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
        try (DatasetScan count = count()) {
            long rows = 0;
            while (!count.isEnded()) {
                count.ready().get();
                rows += count.nextPage().map(Page::getPositionCount).orElse(0);
            }
            assertThat(rows).isEqualTo(ROWS / 2);
            assertNoOpenScans();
        }
    }

    @Test
    void testFailureNamesExpiredCredentials()
    {
        new DatasetFiles(root.resolve("t.lance")).list("data").forEach(file -> assertThat(file.toFile().delete()).isTrue());
        for (boolean expired : List.of(true, false)) {
            long expiry = System.currentTimeMillis() + (expired ? -1_000 : 60_000);
            VendedOptions vended = new VendedOptions(Map.of("secret_access_key", "secret-" + expired, "expires_at_millis", String.valueOf(expiry)));
            ScanRequest request = request(LanceFilter.ALL, ImmutableList.of(ID, VALUE));
            try (DatasetScan scan = new DatasetScan(() -> datasets.open(TABLE, request.version(), vended), runtime, request)) {
                scan.ready().join();
                assertThatThrownBy(scan::nextPage)
                        .hasMessageStartingWith("Cannot read table default.t version 1 at ")
                        .matches(failure -> expired == failure.getMessage().contains("The credentials that the namespace vended for the table have expired; run the query again"));
            }
        }
    }

    private DatasetScan scan(LanceFilter filter)
    {
        return scan(request(filter, ImmutableList.of(ID, VALUE)));
    }

    private DatasetScan count()
    {
        return scan(request(secondHalf(), ImmutableList.of()));
    }

    private DatasetScan scan(ScanRequest request)
    {
        return new DatasetScan(() -> datasets.open(TABLE, request.version(), VendedOptions.NONE), runtime, request);
    }

    private ScanRequest request(LanceFilter filter, List<LanceColumnHandle> columns)
    {
        return request(new ScanFilter(filter, false, OptionalLong.empty()), columns, new BatchPlan(BATCH_ROWS, 2, BATCH_ROWS * VALUE_BYTES));
    }

    private ScanRequest request(ScanFilter filter, List<LanceColumnHandle> columns, BatchPlan batches)
    {
        try (DatasetLease latest = datasets.openLatest(TABLE, root + "/t.lance", VendedOptions.NONE)) {
            return new ScanRequest(
                    TABLE,
                    latest.version(),
                    new ScanRange(ImmutableList.of(), Optional.empty(), Optional.empty(), ROWS, 0),
                    filter,
                    Optional.empty(),
                    columns,
                    batches);
        }
    }

    // a scan gives its slot back on its own thread, after the last page
    private void assertNoOpenScans()
    {
        assertEventually(new Duration(10, SECONDS), () -> assertThat(runtime.scanSlots().getOpenScans()).isZero());
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
            scan.ready().join();
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
        VarCharVector values = (VarCharVector) rows.getVector("value");
        for (int i = 0; i < FRAGMENT_ROWS; i++) {
            ids.setSafe(i, first + i);
            values.setSafe(i, "%d".formatted(first + i).repeat(VALUE_BYTES / 5).getBytes(UTF_8));
        }
        rows.setRowCount(FRAGMENT_ROWS);
    }
}
