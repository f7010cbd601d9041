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

import io.trino.spi.classloader.ThreadContextClassLoader;
import org.apache.arrow.memory.BufferAllocator;
import org.lance.namespace.LanceNamespace;
import org.lance.namespace.errors.InternalException;
import org.lance.namespace.errors.LanceNamespaceException;
import org.lance.namespace.model.DescribeTableRequest;
import org.lance.namespace.model.DescribeTableResponse;
import org.lance.namespace.model.ListNamespacesRequest;
import org.lance.namespace.model.ListNamespacesResponse;
import org.lance.namespace.model.ListTablesRequest;
import org.lance.namespace.model.ListTablesResponse;

import java.io.Closeable;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import static java.util.Objects.requireNonNull;

/// An implementation of Lance Namespace that the operator brought. Whatever it throws, and an answer without what the
/// interface promises, is a failure of this namespace that names its class. It runs with the class loader of the plugin,
/// where libraries that look up their own classes find them.
final class ForeignNamespace
        implements LanceNamespace, Closeable
{
    private final LanceNamespace delegate;

    ForeignNamespace(LanceNamespace delegate)
    {
        this.delegate = requireNonNull(delegate, "delegate is null");
    }

    @Override
    public void initialize(Map<String, String> properties, BufferAllocator allocator)
    {
        call(() -> {
            delegate.initialize(properties, allocator);
            return "initialized";
        });
    }

    @Override
    public String namespaceId()
    {
        return call(delegate::namespaceId);
    }

    @Override
    public ListNamespacesResponse listNamespaces(ListNamespacesRequest request)
    {
        ListNamespacesResponse answer = call(() -> delegate.listNamespaces(request));
        requireNames(answer.getNamespaces());
        return answer;
    }

    @Override
    public ListTablesResponse listTables(ListTablesRequest request)
    {
        ListTablesResponse answer = call(() -> delegate.listTables(request));
        requireNames(answer.getTables());
        return answer;
    }

    @Override
    public DescribeTableResponse describeTable(DescribeTableRequest request)
    {
        DescribeTableResponse answer = call(() -> delegate.describeTable(request));
        if (answer.getLocation() == null || answer.getLocation().isEmpty()) {
            throw new InternalException("%s described the table without its location".formatted(className()));
        }
        return answer;
    }

    @Override
    public void close()
            throws IOException
    {
        if (delegate instanceof Closeable closeable) {
            closeable.close();
        }
    }

    private void requireNames(Collection<String> names)
    {
        if (names == null || names.stream().anyMatch(Objects::isNull)) {
            throw new InternalException("%s answered with no list, or with one that lacks names".formatted(className()));
        }
    }

    private <T> T call(Supplier<T> request)
    {
        try (ThreadContextClassLoader _ = new ThreadContextClassLoader(delegate.getClass().getClassLoader())) {
            T answer = request.get();
            if (answer == null) {
                throw new InternalException("%s gave no answer".formatted(className()));
            }
            return answer;
        }
        catch (LanceNamespaceException e) {
            if (e.getErrorCode() == null) {
                throw new InternalException("%s failed without an error code: %s".formatted(className(), e.getMessage()), e);
            }
            throw e;
        }
        // a class made for another version of the interface, or without all of its jars
        catch (RuntimeException | LinkageError e) {
            throw new InternalException("%s failed with %s: %s".formatted(className(), e.getClass().getName(), e.getMessage()), e);
        }
    }

    private String className()
    {
        return delegate.getClass().getName();
    }
}
