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
package io.streamlance.trino.lance.planning;

import io.airlift.log.Logger;
import io.trino.spi.TrinoException;
import io.trino.spi.catalog.CatalogName;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;

import static com.google.common.base.Throwables.throwIfUnchecked;
import static com.google.common.util.concurrent.MoreExecutors.shutdownAndAwaitTermination;
import static io.airlift.concurrent.Threads.daemonThreadsNamed;
import static io.trino.spi.StandardErrorCode.USER_CANCELED;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.Executors.newCachedThreadPool;
import static java.util.concurrent.TimeUnit.SECONDS;

/// Threads on which planning calls Lance and the namespace. Lance cannot be interrupted, so the thread of a query only waits
/// here: a query that is cancelled ends at once, and the call ends on its own.
///
/// There is a thread for each call, as many as queries are planned at once: a call that never returns must not keep others
/// from beginning.
public final class PlanningThreads
{
    private static final Logger log = Logger.get(PlanningThreads.class);

    private final CatalogName catalogName;
    private final ExecutorService executor;

    public PlanningThreads(CatalogName catalogName)
    {
        this.catalogName = requireNonNull(catalogName, "catalogName is null");
        executor = newCachedThreadPool(daemonThreadsNamed("lance-planning-" + catalogName + "-%s"));
    }

    /// Waits for a call.
    ///
    /// @throws TrinoException also if the query was cancelled
    public <T> T call(Callable<T> call)
    {
        FutureTask<T> task = new FutureTask<>(call);
        execute(task);
        try {
            return task.get();
        }
        catch (InterruptedException e) {
            task.cancel(false);
            Thread.currentThread().interrupt();
            throw new TrinoException(USER_CANCELED, "The query was cancelled while catalog '%s' was planning it".formatted(catalogName), e);
        }
        catch (ExecutionException e) {
            throwIfUnchecked(e.getCause());
            throw new IllegalStateException("planning throws no checked exceptions", e);
        }
    }

    /// @throws TrinoException if the catalog was dropped
    public void execute(Runnable task)
    {
        CatalogThreads.execute(executor, catalogName, task);
    }

    /// @return false if calls have not ended in time
    public boolean shutdown()
    {
        if (!shutdownAndAwaitTermination(executor, 20, SECONDS)) {
            log.warn("Lance has not answered for 20 s; the memory of catalog '%s' is left to the end of the process", catalogName);
            return false;
        }
        return true;
    }
}
