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
import io.streamlance.trino.lance.dataset.BatchPlan;
import io.streamlance.trino.lance.dataset.DatasetScan;
import io.streamlance.trino.lance.dataset.ScanFilter;
import io.streamlance.trino.lance.dataset.ScanRequest;
import io.streamlance.trino.lance.filter.LanceFilter;
import io.streamlance.trino.lance.topn.TopN;
import io.trino.spi.connector.SortOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

import static io.streamlance.trino.lance.ScannedTable.BATCH_ROWS;
import static io.streamlance.trino.lance.ScannedTable.ID;
import static io.streamlance.trino.lance.ScannedTable.ROWS;
import static io.streamlance.trino.lance.ScannedTable.VALUE;
import static io.streamlance.trino.lance.ScannedTable.VALUE_BYTES;
import static io.streamlance.trino.lance.ScannedTable.append;
import static io.streamlance.trino.lance.ScannedTable.expected;
import static io.streamlance.trino.lance.ScannedTable.readAll;
import static io.streamlance.trino.lance.ScannedTable.secondHalf;
import static org.assertj.core.api.Assertions.assertThat;

/// Scans of which one may be open at a time.
@Timeout(60)
final class TestDatasetScan
{
    private static final long IDLE_MILLIS = 100;

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
    void testIdleScanGivesWay()
            throws Exception
    {
        for (LanceFilter filter : List.of(LanceFilter.Constant.ALL, secondHalf())) {
            try (DatasetScan idle = table.scan(filter); DatasetScan other = table.scan(filter)) {
                List<Long> ids = new ArrayList<>();
                idle.ready().get();
                append(ids, idle.nextPage().orElseThrow());
                assertThat(table.runtime().scanSlots().getOpenScans()).isEqualTo(1);
                // as the probe side of a join, which nobody reads before the build side has ended
                assertThat(readAll(other)).isEqualTo(expected(filter));
                ids.addAll(readAll(idle));
                assertThat(ids).isEqualTo(expected(filter));
                // what was read before it gave way was kept
                assertThat(idle.progress().rows()).isEqualTo(ids.size());
            }
        }
        assertThat(table.runtime().scanSlots().getSuspensions()).isPositive();
    }

    @Test
    void testScansThatAreReadSlowlyProgress()
            throws Exception
    {
        try (DatasetScan first = table.scan(LanceFilter.Constant.ALL); DatasetScan second = table.scan(LanceFilter.Constant.ALL)) {
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
        try (DatasetScan scan = table.scan(LanceFilter.Constant.ALL)) {
            scan.ready().get();
            while (table.runtime().scanSlots().getOpenScans() != 1 || scan.progress().rows() < 4_000) {
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
        for (LanceFilter filter : List.of(LanceFilter.Constant.ALL, secondHalf())) {
            // with indexes Lance cannot be told how many rows to skip
            for (boolean scalarIndex : List.of(true, false)) {
                // as if the values were stored in a few bytes
                BatchPlan batches = new BatchPlan(BATCH_ROWS, 2, 100 * VALUE_BYTES);
                try (DatasetScan scan = table.scan(table.request(new ScanFilter(filter, scalarIndex, OptionalLong.empty()), ImmutableList.of(ID, VALUE), batches))) {
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
            try (DatasetScan scan = table.scan(table.request(new ScanFilter(secondHalf(), scalarIndex, OptionalLong.of(1_500)), ImmutableList.of(ID, VALUE), new BatchPlan(BATCH_ROWS, 2, BATCH_ROWS * VALUE_BYTES)))) {
                assertThat(readAll(scan)).hasSizeBetween(1_500, 2_500).startsWith(ROWS / 2L);
                if (!scalarIndex) {
                    // Lance has stopped by itself, and tells what it read
                    assertThat(scan.progress().stats()).isPresent();
                }
            }
        }
    }

    @Test
    void testTopN()
            throws Exception
    {
        TopN last = new TopN(List.of(new TopN.SortColumn("id", SortOrder.DESC_NULLS_LAST)), 6_000);
        for (LanceFilter filter : List.of(LanceFilter.Constant.ALL, secondHalf())) {
            ScanRequest all = table.request(filter, ImmutableList.of(ID, VALUE));
            ScanRequest request = new ScanRequest(all.table(), all.version(), all.range(), all.filter(), Optional.of(last), all.columns(), all.batches());
            try (DatasetScan scan = table.scan(request); DatasetScan other = table.scan(LanceFilter.Constant.ALL)) {
                List<Long> ids = new ArrayList<>();
                scan.ready().get();
                append(ids, scan.nextPage().orElseThrow());
                // the first rows come in batches that are too large, so that the scan has just closed its reader when it gives way
                assertThat(readAll(other)).hasSize(ROWS);
                ids.addAll(readAll(scan));
                assertThat(ids).containsExactlyInAnyOrderElementsOf(LongStream.range(ROWS - 6_000, ROWS).boxed().toList());
            }
        }
    }
}
