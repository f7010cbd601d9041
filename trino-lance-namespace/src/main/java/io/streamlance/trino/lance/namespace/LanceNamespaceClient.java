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
import com.google.common.collect.ImmutableMap;
import com.google.inject.Inject;
import io.streamlance.trino.lance.LanceConfig;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.trino.spi.TrinoException;
import jakarta.annotation.PreDestroy;
import org.lance.namespace.DirectoryNamespace;
import org.lance.namespace.errors.LanceNamespaceException;
import org.lance.namespace.model.DescribeTableRequest;
import org.lance.namespace.model.DescribeTableResponse;
import org.lance.namespace.model.ListNamespacesRequest;
import org.lance.namespace.model.ListNamespacesResponse;
import org.lance.namespace.model.ListTablesRequest;
import org.lance.namespace.model.ListTablesResponse;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_NAMESPACE_ERROR;
import static org.lance.namespace.errors.ErrorCode.NAMESPACE_NOT_FOUND;
import static org.lance.namespace.errors.ErrorCode.TABLE_NOT_FOUND;

/**
 * The requests of Lance Namespace that this connector makes, with all pages followed. "Not found" is
 * an empty result; every other failure is an error, so that an outage never looks like a missing table.
 */
public class LanceNamespaceClient
{
    private final String root;
    private final DirectoryNamespace namespace;

    @Inject
    public LanceNamespaceClient(LanceConfig config, StorageOptions storageOptions, LanceRuntime runtime)
    {
        root = config.getNamespaceRoot();
        RootDirectory.checkExists(root);

        ImmutableMap.Builder<String, String> properties = ImmutableMap.builder();
        properties.put("root", root);
        storageOptions.asMap().forEach((option, value) -> properties.put("storage." + option, value));
        namespace = new DirectoryNamespace();
        call("open", List.of(), () -> {
            namespace.initialize(properties.buildOrThrow(), runtime.allocator());
            return true;
        });
    }

    @PreDestroy
    public void close()
    {
        namespace.close();
    }

    /**
     * Names of the direct children of a namespace, in the case in which they are stored; empty also
     * when there is no such namespace.
     */
    public List<String> listNamespaces(List<String> parent)
    {
        return readPages(pageToken -> {
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
        return readPages(pageToken -> {
            Optional<ListTablesResponse> response = call(
                    "list the tables of",
                    parent,
                    () -> namespace.listTables(new ListTablesRequest().id(parent).pageToken(pageToken)));
            return response.map(page -> new NamePage(ImmutableList.copyOf(page.getTables()), Optional.ofNullable(page.getPageToken())));
        });
    }

    /**
     * URI of a table's dataset, or empty when there is no such table.
     */
    public Optional<String> findTableLocation(List<String> table)
    {
        return describeTable(new DescribeTableRequest().id(table))
                .map(DescribeTableResponse::getLocation);
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

    private <T> Optional<T> call(String action, List<String> id, Supplier<T> request)
    {
        try {
            return Optional.of(request.get());
        }
        catch (LanceNamespaceException e) {
            if (e.getErrorCode() == NAMESPACE_NOT_FOUND || e.getErrorCode() == TABLE_NOT_FOUND) {
                return Optional.empty();
            }
            throw new TrinoException(LANCE_NAMESPACE_ERROR, "Cannot %s %s in the Lance namespace %s: %s".formatted(action, id, root, e.getMessage()), e);
        }
    }

    private static List<String> readPages(Function<String, Optional<NamePage>> request)
    {
        ImmutableList.Builder<String> names = ImmutableList.builder();
        Optional<String> pageToken = Optional.empty();
        do {
            Optional<NamePage> page = request.apply(pageToken.orElse(null));
            page.ifPresent(value -> names.addAll(value.names()));
            pageToken = page.flatMap(NamePage::nextPageToken).filter(token -> !token.isEmpty());
        }
        while (pageToken.isPresent());
        return names.build();
    }

    private record NamePage(List<String> names, Optional<String> nextPageToken) {}
}
