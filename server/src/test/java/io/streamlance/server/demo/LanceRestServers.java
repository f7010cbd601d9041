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
package io.streamlance.server.demo;

import org.lance.namespace.RestAdapter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Lance's REST server for each root that is given. Prints their ports, and ends with the process that has started it.
public final class LanceRestServers
{
    private LanceRestServers() {}

    public static void main(String[] roots)
            throws IOException
    {
        List<RestAdapter> servers = new ArrayList<>();
        for (String root : roots) {
            RestAdapter server = new RestAdapter("dir", Map.of("root", root), "127.0.0.1", 0);
            server.start();
            servers.add(server);
            System.out.println(server.getPort());
        }
        // the end of the pipe to the other process
        while (System.in.read() >= 0) {
            continue;
        }
        servers.forEach(RestAdapter::close);
    }
}
