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

import org.lance.namespace.RestAdapter;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/// Lance's own REST server on a directory namespace.
final class RestNamespaceServer
        implements AutoCloseable
{
    private final RestAdapter adapter;

    RestNamespaceServer(Path root)
    {
        this(Map.of("root", root.toString()));
    }

    /// @param properties of the directory namespace behind the server
    RestNamespaceServer(Map<String, String> properties)
    {
        JavaNioAccess.ensureOpen();
        adapter = new RestAdapter("dir", properties, "127.0.0.1", 0);
        adapter.start();
    }

    URI uri()
    {
        return URI.create("http://127.0.0.1:" + adapter.getPort());
    }

    @Override
    public void close()
    {
        adapter.close();
    }
}
