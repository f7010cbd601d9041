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

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.trino.testing.DistributedQueryRunner;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static com.google.common.collect.Lists.reverse;

/// Namespaces behind Lance's REST server, with a proxy before it, and their catalogs.
final class RestCatalogs
        implements AutoCloseable
{
    private static final Schema ID_SCHEMA = new Schema(List.of(Field.nullable("id", new ArrowType.Int(64, true))));

    private final DistributedQueryRunner queryRunner;
    private final List<AutoCloseable> resources = new ArrayList<>();

    RestCatalogs(DistributedQueryRunner queryRunner)
    {
        this.queryRunner = queryRunner;
    }

    Path createRoot(String name)
            throws IOException
    {
        return Files.createDirectories(queryRunner.getCoordinator().getBaseDataDir().resolve(name));
    }

    /// @return the proxy between the catalog and the server
    @CanIgnoreReturnValue
    RestProxy create(String name, Path root, Map<String, String> properties)
            throws IOException
    {
        RestNamespaceServer server = new RestNamespaceServer(root);
        resources.add(server);
        return create(name, server.uri(), properties);
    }

    @CanIgnoreReturnValue
    RestProxy create(String name, URI server, Map<String, String> properties)
            throws IOException
    {
        RestProxy proxy = new RestProxy(server);
        resources.add(proxy);
        queryRunner.createCatalog(name, "lance", ImmutableMap.<String, String>builder()
                .put("lance.namespace.type", "rest")
                .put("lance.namespace.uri", proxy.uri().toString())
                .putAll(properties)
                .buildOrThrow());
        proxy.takeRequests();
        return proxy;
    }

    /// A table of one row that tells which table it is.
    static void write(LanceTestData data, long id, String... path)
    {
        data.writeTable(List.of(path), ID_SCHEMA, List.of(batch -> {
            ((BigIntVector) batch.getVector("id")).setSafe(0, id);
            batch.setRowCount(1);
        }));
    }

    @Override
    public void close()
            throws Exception
    {
        for (AutoCloseable resource : reverse(resources)) {
            resource.close();
        }
    }
}
