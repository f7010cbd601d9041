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
package io.streamlance.trino.lance.dataset;

import com.google.inject.Inject;
import io.airlift.log.Logger;
import io.streamlance.trino.lance.LanceConfig;
import io.streamlance.trino.lance.planning.CatalogThreads;
import io.streamlance.trino.lance.planning.PlanningThreads;
import io.trino.spi.catalog.CatalogName;
import jakarta.annotation.PreDestroy;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.lance.Session;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

import static com.google.common.util.concurrent.MoreExecutors.shutdownAndAwaitTermination;
import static io.airlift.concurrent.Threads.daemonThreadsNamed;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.Executors.newFixedThreadPool;
import static java.util.concurrent.Executors.newSingleThreadScheduledExecutor;
import static java.util.concurrent.TimeUnit.SECONDS;
import static java.util.logging.Level.WARNING;

/**
 * What all readers of a catalog share on a node: Arrow memory, Lance's native caches and the threads
 * that wait for Lance.
 */
public class LanceRuntime
{
    private static final Logger log = Logger.get(LanceRuntime.class);
    // kept here, as the logging library forgets the level of a logger that nobody holds
    private static final java.util.logging.Logger SCHEMA_IMPORTER = java.util.logging.Logger.getLogger("org.apache.arrow.c.SchemaImporter");

    private final BufferAllocator allocator = new RootAllocator();
    private final Session session;
    private final CatalogName catalogName;
    private final ExecutorService executor;
    private final PlanningThreads planning;
    private final ScheduledExecutorService timer;
    private final ScanSlots scanSlots;

    static {
        // it reports the extension types of a table in every scan
        SCHEMA_IMPORTER.setLevel(WARNING);
    }

    @Inject
    public LanceRuntime(CatalogName catalogName, LanceConfig config)
    {
        this.catalogName = requireNonNull(catalogName, "catalogName is null");
        session = Session.builder()
                .metadataCacheSizeBytes(config.getCacheMetadataSize().toBytes())
                .indexCacheSizeBytes(config.getCacheIndexSize().toBytes())
                .build();
        executor = newFixedThreadPool(config.getScanMaxThreads(), daemonThreadsNamed("lance-" + catalogName + "-%s"));
        planning = new PlanningThreads(catalogName);
        timer = newSingleThreadScheduledExecutor(daemonThreadsNamed("lance-timer-" + catalogName));
        scanSlots = new ScanSlots(config.getScanMaxConcurrent(), timer);
    }

    public BufferAllocator allocator()
    {
        return allocator;
    }

    public Session session()
    {
        return session;
    }

    /// Threads that read batches; they fail with a [io.trino.spi.TrinoException] when the catalog was dropped.
    public Executor scanThreads()
    {
        return task -> CatalogThreads.execute(executor, catalogName, task);
    }

    public PlanningThreads planning()
    {
        return planning;
    }

    public ScanSlots scanSlots()
    {
        return scanSlots;
    }

    @PreDestroy
    public void shutdown()
    {
        timer.shutdownNow();
        // Lance ignores interrupts: a batch that is being read is waited for, its buffers are in use
        boolean planned = planning.shutdown();
        if (!shutdownAndAwaitTermination(executor, 20, SECONDS)) {
            log.warn("Lance scans are still running after 20 s; their memory is left to the end of the process");
            return;
        }
        if (!planned) {
            return;
        }
        session.close();
        allocator.close();
    }
}
