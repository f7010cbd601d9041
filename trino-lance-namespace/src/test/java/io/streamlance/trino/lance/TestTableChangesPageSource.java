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
import io.streamlance.trino.lance.arrow.ArrowTypes;
import io.streamlance.trino.lance.blob.BlobConfig;
import io.streamlance.trino.lance.blob.BlobLocations;
import io.streamlance.trino.lance.blob.BlobScans;
import io.streamlance.trino.lance.changes.TableChangesHandle;
import io.streamlance.trino.lance.changes.TableChangesPageSources;
import io.streamlance.trino.lance.changes.TableChangesSplit;
import io.streamlance.trino.lance.dataset.DatasetCache;
import io.streamlance.trino.lance.dataset.DatasetLease;
import io.streamlance.trino.lance.dataset.DatasetVersion;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.streamlance.trino.lance.filter.StorageType;
import io.streamlance.trino.lance.namespace.StorageOptions;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.catalog.CatalogName;
import io.trino.spi.connector.ConnectorPageSource;
import io.trino.spi.connector.MemoryContext;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.connector.SourcePage;
import io.trino.testing.TestingConnectorSession;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;

import static io.streamlance.trino.lance.LanceHistory.range;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.type.InternalTypeManager.TESTING_TYPE_MANAGER;
import static org.assertj.core.api.Assertions.assertThat;

/// Readers of changes on a node with one thread and one scan.
@Timeout(60)
final class TestTableChangesPageSource
{
    private static final SchemaTableName TABLE = new SchemaTableName("default", "t");
    // the ids of so many are more than a scan reads ahead
    private static final int ROWS = 400_000;
    private static final int CHANGED_ROWS = 20_000;

    @TempDir
    private Path root;
    private LanceConfig config;
    private LanceRuntime runtime;
    private DatasetCache datasets;

    @BeforeEach
    void setUp()
    {
        try (LanceHistory history = new LanceHistory(root.resolve("t.lance"), true, ROWS)) {
            history.create(range(0, ROWS)).upsert("changed", range(0, CHANGED_ROWS));
        }
        config = new LanceConfig()
                .setScanMaxConcurrent(1)
                .setScanMaxThreads(1)
                .setScanBatchRows(2_000);
        runtime = new LanceRuntime(new CatalogName("test"), config);
        datasets = new DatasetCache(runtime, StorageOptions.fromCatalogProperties(Map.of()), config);
    }

    @AfterEach
    void tearDown()
    {
        assertThat(runtime.scanSlots().getOpenScans()).isZero();
        assertThat(runtime.scanSlots().getWaitingScans()).isZero();
        assertThat(datasets.openLeases()).isZero();
        datasets.close();
        // fails if memory of Arrow is left
        runtime.shutdown();
    }

    @Test
    void testScansTakeTurns()
            throws Exception
    {
        List<Long> expected = LongStream.concat(LongStream.range(0, CHANGED_ROWS), LongStream.range(0, CHANGED_ROWS)).boxed().toList();
        try (ConnectorPageSource first = create(); ConnectorPageSource second = create()) {
            beginScan(first);
            // nobody reads from the first meanwhile
            assertThat(readAll(second)).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(readAll(first)).containsExactlyInAnyOrderElementsOf(expected);
        }
        assertThat(runtime.scanSlots().getSuspensions()).isPositive();
    }

    @Test
    void testCancelledWhileItWaitsForASlot()
            throws Exception
    {
        try (ConnectorPageSource first = create()) {
            beginScan(first);
            ConnectorPageSource second = create();
            while (runtime.scanSlots().getWaitingScans() == 0) {
                second.getNextSourcePage();
                Thread.yield();
            }
            second.close();
            assertThat(runtime.scanSlots().getWaitingScans()).isZero();
            assertThat(readAll(first)).hasSize(2 * CHANGED_ROWS);
        }
    }

    @Test
    void testCancelledBeforeItBegins()
            throws Exception
    {
        CountDownLatch busy = new CountDownLatch(1);
        runtime.scanThreads().execute(() -> {
            try {
                busy.await();
            }
            catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        ConnectorPageSource source = create();
        assertThat(source.getNextSourcePage()).isNull();
        source.close();
        busy.countDown();
        // behind what the source has left to do
        CompletableFuture.runAsync(() -> {}, runtime.scanThreads()).get();
        assertThat(source.getReadTimeNanos()).isZero();
    }

    private ConnectorPageSource create()
    {
        DatasetVersion first = version(1);
        DatasetVersion second = version(2);
        LanceColumnHandle id = new LanceColumnHandle("id", BIGINT, StorageType.scalar("Int64"));
        return new TableChangesPageSources(datasets, runtime, new BlobScans(runtime, new BlobLocations(config, new BlobConfig())), new ArrowTypes(TESTING_TYPE_MANAGER)).create(
                TestingConnectorSession.builder().setPropertyMetadata(new LanceSessionProperties(config, new BlobConfig()).getSessionProperties()).build(),
                new TableChangesHandle(TABLE, Optional.of(first), second, ImmutableList.of(id)),
                new TableChangesSplit(Optional.of(first), second, 0),
                VendedOptions.NONE,
                ImmutableList.of(id),
                MemoryContext.NO_LIMIT);
    }

    private DatasetVersion version(long number)
    {
        try (DatasetLease lease = datasets.openVersion(TABLE, root + "/t.lance", number, VendedOptions.NONE)) {
            return lease.version();
        }
    }

    private void beginScan(ConnectorPageSource source)
    {
        while (runtime.scanSlots().getOpenScans() == 0) {
            assertThat(source.getNextSourcePage()).isNull();
            Thread.yield();
        }
    }

    private static List<Long> readAll(ConnectorPageSource source)
            throws Exception
    {
        List<Long> ids = new ArrayList<>();
        while (!source.isFinished()) {
            readPage(source, ids);
        }
        return ids;
    }

    private static void readPage(ConnectorPageSource source, List<Long> ids)
            throws Exception
    {
        source.isBlocked().get();
        SourcePage page = source.getNextSourcePage();
        if (page == null) {
            return;
        }
        for (int i = 0; i < page.getPositionCount(); i++) {
            ids.add(BIGINT.getLong(page.getBlock(0), i));
        }
    }
}
