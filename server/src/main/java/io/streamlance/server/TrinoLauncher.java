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

import io.trino.server.Server;

import java.io.IOException;
import java.io.InputStream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

/// Starts the Trino server that is on the class path, configured by the system properties of the stock launcher.
public final class TrinoLauncher
{
    private static final String VERSION_RESOURCE = "io/trino/spi/trino-spi-version.txt";

    private TrinoLauncher() {}

    public static void main(String[] args)
            throws IOException
    {
        new Server().start(version());
    }

    private static String version()
            throws IOException
    {
        try (InputStream resource = requireNonNull(TrinoLauncher.class.getClassLoader().getResourceAsStream(VERSION_RESOURCE), "Trino is not on the class path")) {
            return new String(resource.readAllBytes(), UTF_8).strip();
        }
    }
}
