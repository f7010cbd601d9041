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

import org.apache.arrow.memory.BufferAllocator;
import org.lance.namespace.LanceNamespace;
import org.lance.namespace.errors.LanceNamespaceException;
import org.lance.namespace.errors.TableNotFoundException;
import org.lance.namespace.model.DescribeTableRequest;
import org.lance.namespace.model.DescribeTableResponse;
import org.lance.namespace.model.ListNamespacesRequest;
import org.lance.namespace.model.ListNamespacesResponse;
import org.lance.namespace.model.ListTablesRequest;
import org.lance.namespace.model.ListTablesResponse;

import java.util.List;
import java.util.Map;

/// An implementation of Lance Namespace with all the mistakes that one can make.
public class BrokenNamespace
        implements LanceNamespace
{
    @Override
    public void initialize(Map<String, String> properties, BufferAllocator allocator)
    {
        if (!properties.containsKey("metastore")) {
            throw new IllegalStateException("which metastore?");
        }
    }

    @Override
    public String namespaceId()
    {
        return "broken";
    }

    @Override
    public ListNamespacesResponse listNamespaces(ListNamespacesRequest request)
    {
        return null;
    }

    @Override
    public ListTablesResponse listTables(ListTablesRequest request)
    {
        if (request.getId().equals(List.of("no_list"))) {
            return new ListTablesResponse().tables(null);
        }
        throw new IllegalArgumentException("no connection to the metastore");
    }

    @Override
    public DescribeTableResponse describeTable(DescribeTableRequest request)
    {
        return switch (request.getId().getLast()) {
            case "no_location" -> new DescribeTableResponse();
            case "no_code" -> throw new LanceNamespaceException(null, "something is wrong");
            case "old_library" -> throw new NoSuchMethodError("Metastore.table");
            default -> throw new TableNotFoundException("no such table");
        };
    }
}
