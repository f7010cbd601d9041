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
import io.streamlance.trino.lance.dataset.DatasetScan;
import io.streamlance.trino.lance.dataset.ReaderStage;
import io.streamlance.trino.lance.dataset.ScanRequest;
import io.streamlance.trino.lance.filter.LanceFilter;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.Page;
import io.trino.spi.TrinoException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_OPEN_ERROR;
import static io.streamlance.trino.lance.ScannedTable.ID;
import static io.streamlance.trino.lance.ScannedTable.ROWS;
import static io.streamlance.trino.lance.ScannedTable.VALUE;
import static io.streamlance.trino.lance.ScannedTable.expected;
import static io.streamlance.trino.lance.ScannedTable.readAll;
import static io.streamlance.trino.lance.ScannedTable.secondHalf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What scans leave behind that fail, are cancelled or share one slot.
@Timeout(60)
final class TestDatasetScanSlots
{
    @TempDir
    private Path root;
    private ScannedTable table;

    @BeforeEach
    void setUp()
    {
        table = new ScannedTable(root);
    }

    @AfterEach
    void tearDown()
    {
        table.close();
    }

    @Test
    void testFailureReturnsItsSlot()
            throws Exception
    {
        ScanRequest request = table.request(LanceFilter.Constant.ALL, ImmutableList.of(ID));
        DatasetScan scan = new DatasetScan(
                () -> {
                    throw new TrinoException(LANCE_OPEN_ERROR, "gone");
                },
                table.runtime(),
                request,
                ReaderStage.NONE);
        scan.ready().get();
        assertThatThrownBy(scan::nextPage).isInstanceOf(TrinoException.class).hasMessage("gone");
        table.assertNoOpenScans();
        scan.close();
    }

    @Test
    void testManyScansTakeTurns()
            throws Exception
    {
        List<CompletableFuture<List<Long>>> results = IntStream.range(0, 8)
                .mapToObj(_ -> CompletableFuture.supplyAsync(() -> {
                    try (DatasetScan scan = table.scan(LanceFilter.Constant.ALL)) {
                        return readAll(scan);
                    }
                }))
                .collect(toImmutableList());
        for (CompletableFuture<List<Long>> result : results) {
            assertThat(result.get()).isEqualTo(expected(LanceFilter.Constant.ALL));
        }
    }

    @Test
    void testCancelWhileWaiting()
            throws Exception
    {
        try (DatasetScan open = table.scan(LanceFilter.Constant.ALL)) {
            open.ready().get();
            for (DatasetScan waiting : List.of(table.scan(LanceFilter.Constant.ALL), table.count())) {
                CompletableFuture<Void> ready = waiting.ready();
                assertThat(ready).isNotDone();
                assertThat(table.runtime().scanSlots().getWaitingScans()).isEqualTo(1);
                waiting.close();
                assertThat(ready).isDone();
                assertThat(waiting.nextPage()).isEmpty();
                assertThat(table.runtime().scanSlots().getWaitingScans()).isZero();
            }
            assertThat(readAll(open)).hasSize(ROWS);
        }
    }

    @Test
    void testCancelWhileReading()
            throws Exception
    {
        for (int i = 0; i < 50; i++) {
            DatasetScan scan = table.scan(i % 2 == 0 ? LanceFilter.Constant.ALL : secondHalf());
            CompletableFuture<Void> ready = scan.ready();
            scan.close();
            ready.get();
            assertThat(scan.nextPage()).isEmpty();
        }
        try (DatasetScan next = table.scan(LanceFilter.Constant.ALL)) {
            assertThat(readAll(next)).hasSize(ROWS);
        }
    }

    @Test
    void testCountReturnsItsSlot()
            throws Exception
    {
        try (DatasetScan count = table.count()) {
            long rows = 0;
            while (!count.isEnded()) {
                count.ready().get();
                rows += count.nextPage().map(Page::getPositionCount).orElse(0);
            }
            assertThat(rows).isEqualTo(ROWS / 2);
            table.assertNoOpenScans();
        }
    }

    @Test
    void testFailureNamesExpiredCredentials()
    {
        new DatasetFiles(root.resolve("t.lance")).list("data").forEach(file -> assertThat(file.toFile().delete()).isTrue());
        for (boolean expired : List.of(true, false)) {
            long expiry = System.currentTimeMillis() + (expired ? -1_000 : 60_000);
            VendedOptions vended = new VendedOptions(Map.of("secret_access_key", "secret-" + expired, "expires_at_millis", String.valueOf(expiry)));
            ScanRequest request = table.request(LanceFilter.Constant.ALL, ImmutableList.of(ID, VALUE));
            try (DatasetScan scan = new DatasetScan(() -> table.open(request, vended), table.runtime(), request, ReaderStage.NONE)) {
                scan.ready().join();
                assertThatThrownBy(scan::nextPage)
                        .hasMessageStartingWith("Cannot read table default.t version 1 at ")
                        .matches(failure -> expired == failure.getMessage().contains("The credentials that the namespace vended for the table have expired; run the query again"));
            }
        }
    }
}
