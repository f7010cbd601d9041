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
package io.streamlance.trino.lance.namespace;

import com.google.inject.Inject;
import com.google.inject.Provider;
import com.google.inject.ProvisionException;
import io.streamlance.trino.lance.planning.PlanningThreads;
import io.trino.spi.TrinoException;
import io.trino.spi.catalog.CatalogName;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;

import static com.google.common.base.Throwables.throwIfUnchecked;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_NAMESPACE_ERROR;
import static java.util.Objects.requireNonNull;

/// The namespace of a catalog, which is mounted when it is first needed. A failure is not final: the next query tries
/// again, so that a catalog comes back when its namespace does.
public class NamespaceMount
{
    private final CatalogName catalogName;
    private final boolean required;
    private final Provider<NamespaceMapping> mappings;
    private final PlanningThreads planning;

    // shared by concurrent queries, which would otherwise wait for one timeout after the other
    private final AtomicReference<FutureTask<NamespaceMapping>> attempt = new AtomicReference<>();

    @Inject
    public NamespaceMount(CatalogName catalogName, NamespaceMountConfig config, Provider<NamespaceMapping> mappings, PlanningThreads planning)
    {
        this.catalogName = requireNonNull(catalogName, "catalogName is null");
        this.required = config.isRequired();
        this.mappings = requireNonNull(mappings, "mappings is null");
        this.planning = requireNonNull(planning, "planning is null");
    }

    /// Whether the catalog must not start without its namespace.
    public boolean isRequired()
    {
        return required;
    }

    /// The mount is on a thread of the connector, so that it does not end with the query that began it.
    ///
    /// @throws TrinoException that names the catalog and what is wrong with its namespace
    public NamespaceMapping namespaces()
    {
        FutureTask<NamespaceMapping> mine = new FutureTask<>(mappings::get);
        FutureTask<NamespaceMapping> current = attempt.compareAndExchange(null, mine);
        if (current == null) {
            current = mine;
            execute(mine);
        }
        try {
            return current.get();
        }
        catch (ExecutionException e) {
            attempt.compareAndSet(current, null);
            if (rootCause(e.getCause()) instanceof TrinoException cause) {
                throw new TrinoException(cause::getErrorCode, "Catalog '%s' cannot be used: %s".formatted(catalogName, cause.getMessage()), cause);
            }
            throwIfUnchecked(e.getCause());
            throw new IllegalStateException(e);
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrinoException(LANCE_NAMESPACE_ERROR, "Interrupted while the namespace of catalog '%s' was mounted. Run the query again".formatted(catalogName), e);
        }
    }

    private void execute(FutureTask<NamespaceMapping> mount)
    {
        try {
            planning.execute(mount);
        }
        catch (TrinoException e) {
            attempt.compareAndSet(mount, null);
            throw e;
        }
    }

    /// What went wrong, without Guice's description of whom it was made for.
    public static Throwable rootCause(Throwable failure)
    {
        Throwable cause = failure;
        while (cause instanceof ProvisionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
