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

import io.trino.spi.TrinoException;
import io.trino.spi.catalog.CatalogName;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import static io.trino.spi.StandardErrorCode.CATALOG_UNAVAILABLE;

/// Threads of a catalog, which end when it is dropped.
public final class CatalogThreads
{
    private CatalogThreads() {}

    /// @throws TrinoException if the catalog was dropped
    public static void execute(Executor executor, CatalogName catalogName, Runnable task)
    {
        try {
            executor.execute(task);
        }
        catch (RejectedExecutionException e) {
            throw new TrinoException(CATALOG_UNAVAILABLE, "Catalog '%s' was dropped while a query was using it".formatted(catalogName), e);
        }
    }
}
