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

import com.google.common.collect.ImmutableList;
import com.google.inject.Inject;
import io.trino.spi.TrinoException;
import jakarta.annotation.PreDestroy;
import org.lance.namespace.LanceNamespace;
import org.lance.namespace.errors.LanceNamespaceException;
import org.lance.namespace.model.DescribeTableRequest;
import org.lance.namespace.model.DescribeTableResponse;
import org.lance.namespace.model.ListNamespacesRequest;
import org.lance.namespace.model.ListNamespacesResponse;
import org.lance.namespace.model.ListTablesRequest;
import org.lance.namespace.model.ListTablesResponse;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_NAMESPACE_ERROR;
import static java.util.Objects.requireNonNull;

/**
 * The requests of Lance Namespace that this connector makes, with all pages followed. "Not found" is
 * an empty result; every other failure is an error, so that an outage never looks like a missing table.
 */
public class LanceNamespaceClient
{
    private static final int MAX_PAGES_IN_VAIN = 100;

    private final NamespaceFactory factory;
    private final LanceNamespace namespace;

    @Inject
    public LanceNamespaceClient(NamespaceFactory factory)
    {
        this.factory = requireNonNull(factory, "factory is null");
        namespace = call("open", List.of(), factory::connect).orElseThrow();
    }

    /// Closes what the implementation holds: native handles, connections.
    @PreDestroy
    public void close()
            throws IOException
    {
        if (namespace instanceof Closeable closeable) {
            closeable.close();
        }
    }

    /**
     * Names of the direct children of a namespace, in the case in which they are stored; empty also
     * when there is no such namespace.
     */
    public List<String> listNamespaces(List<String> parent)
    {
        return readPages("list the namespaces of", parent, pageToken -> {
            Optional<ListNamespacesResponse> response = call(
                    "list the namespaces of",
                    parent,
                    () -> namespace.listNamespaces(new ListNamespacesRequest().id(parent).pageToken(pageToken)));
            return response.map(page -> new NamePage(ImmutableList.copyOf(page.getNamespaces()), Optional.ofNullable(page.getPageToken())));
        });
    }

    /**
     * Names of the tables directly in a namespace; empty also when there is no such namespace.
     */
    public List<String> listTables(List<String> parent)
    {
        return readPages("list the tables of", parent, pageToken -> {
            Optional<ListTablesResponse> response = call(
                    "list the tables of",
                    parent,
                    () -> namespace.listTables(new ListTablesRequest().id(parent).pageToken(pageToken)));
            return response.map(page -> new NamePage(ImmutableList.copyOf(page.getTables()), Optional.ofNullable(page.getPageToken())));
        });
    }

    /**
     * Where a table's dataset is, with what it takes to read it, or empty when there is no such table.
     */
    public Optional<NamespaceTable> findTable(List<String> table)
    {
        return describeTable(new DescribeTableRequest().id(table).vendCredentials(true)).map(response -> {
            factory.checkTableLocation(table, response.getLocation());
            return new NamespaceTable(table, response.getLocation(), VendedOptions.of(response.getStorageOptions()), Instant.now());
        });
    }

    /**
     * Whether a table was only declared, so that its location holds no dataset.
     */
    public boolean isOnlyDeclared(List<String> table)
    {
        return describeTable(new DescribeTableRequest().id(table).checkDeclared(true))
                .map(response -> Boolean.TRUE.equals(response.getIsOnlyDeclared()))
                .orElse(false);
    }

    private Optional<DescribeTableResponse> describeTable(DescribeTableRequest request)
    {
        return call("describe the table", request.getId(), () -> namespace.describeTable(request));
    }

    private List<String> readPages(String action, List<String> parent, Function<String, Optional<NamePage>> request)
    {
        Set<String> names = new LinkedHashSet<>();
        Set<String> pageTokens = new HashSet<>();
        int pagesInVain = 0;
        Optional<String> pageToken = Optional.empty();
        while (true) {
            NamePage page = request.apply(pageToken.orElse(null)).orElse(NamePage.NONE);
            boolean progress = names.addAll(page.names());
            pagesInVain = progress ? 0 : pagesInVain + 1;
            pageToken = page.nextPageToken().filter(token -> !token.isEmpty());
            if (pageToken.isEmpty()) {
                return ImmutableList.copyOf(names);
            }
            // following it would never end
            if (!pageTokens.add(pageToken.orElseThrow())) {
                throw endless(action, parent, "gave the same page token twice");
            }
            if (!progress && !page.names().isEmpty()) {
                throw endless(action, parent, "gave a page twice, and a token for the next one");
            }
            // a server may leave out what a user must not see, but not for ever
            if (pagesInVain > MAX_PAGES_IN_VAIN) {
                throw endless(action, parent, "gave %s pages without a name, and a token for the next one".formatted(pagesInVain));
            }
        }
    }

    private TrinoException endless(String action, List<String> parent, String fault)
    {
        return new TrinoException(LANCE_NAMESPACE_ERROR, "Cannot %s %s in the Lance namespace %s: it %s".formatted(action, parent, factory.location(), fault));
    }

    private <T> Optional<T> call(String action, List<String> id, Supplier<T> request)
    {
        try {
            return Optional.of(request.get());
        }
        catch (LanceNamespaceException e) {
            return NamespaceErrors.requireMissing(e, action, id, factory.location());
        }
    }

    private record NamePage(List<String> names, Optional<String> nextPageToken)
    {
        private static final NamePage NONE = new NamePage(ImmutableList.of(), Optional.empty());
    }
}
