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
package io.streamlance.server;

import io.streamlance.server.demo.LanceRestServers;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A process with Lance's REST servers.
final class RestServers
        implements AutoCloseable
{
    private final Process process;
    private final List<URI> uris = new ArrayList<>();

    /// @param roots of directory namespaces, one for each server
    RestServers(Path directory, Path... roots)
            throws IOException
    {
        process = new ProcessBuilder(LancePrograms.command(directory, LanceRestServers.class, (Object[]) roots))
                .redirectError(Redirect.to(directory.resolve("rest-servers.log").toFile()))
                .start();
        BufferedReader output = process.inputReader();
        for (Path root : roots) {
            String port = output.readLine();
            if (port == null) {
                close();
                throw new IOException("the REST server of %s did not start, see %s".formatted(root, directory.resolve("rest-servers.log")));
            }
            uris.add(URI.create("http://127.0.0.1:" + port));
        }
    }

    /// @param index of the root
    URI uri(int index)
    {
        return uris.get(index);
    }

    @Override
    public void close()
    {
        process.destroy();
        process.onExit().join();
    }
}
