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

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;

import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Writes the data of the demo: streams of trades, quotes and telemetry into NATS, tables of customers, symbols and
/// devices into a Lance namespace. The same arguments make the same data.
public final class DemoData
{
    private DemoData() {}

    public static void main(String[] args)
            throws Exception
    {
        if (args.length != 2) {
            System.err.println("usage: DemoData <NATS URL> <root of the Lance namespace>");
            System.exit(2);
        }
        // Arrow tells which memory allocator it found
        Logger.getLogger("").setLevel(Level.WARNING);
        try (LanceTables tables = new LanceTables(Path.of(args[1]))) {
            tables.write();
        }
        try (Connection connection = Nats.connect(Options.builder().server(args[0]).build())) {
            MarketFeed.publish(connection);
            TelemetryFeed.publish(connection);
        }
    }
}
