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

import java.util.Random;

import static java.util.Locale.ENGLISH;

/// Readings of devices at several sites, nested and with fields that only some devices send. No table describes them:
/// their columns are inferred.
final class TelemetryFeed
{
    private static final long SEED = 484;
    private static final int READINGS = 60_000;
    private static final long START_MILLIS = 1_784_500_000_000L;

    private TelemetryFeed() {}

    static void publish(Connection connection)
            throws Exception
    {
        Random random = new Random(SEED);
        try (Publisher publisher = new Publisher(connection, "TELEMETRY", "Readings of devices", "telemetry.>")) {
            for (int i = 0; i < READINGS; i++) {
                int device = random.nextInt(Device.COUNT);
                String gps = device % 3 == 0 ? ",\"position\":{\"lat\":%s,\"lon\":%s}".formatted(decimal(random, 47, 1), decimal(random, 8, 1)) : "";
                publisher.publish(
                        "telemetry.%s.%s".formatted(Device.site(device), Device.name(device)),
                        "{\"device\":\"%s\",\"ts\":%d,\"reading\":{\"temperature\":%s,\"humidity\":%d,\"alarms\":[%s]},\"firmware\":\"2.%d\"%s}".formatted(
                                Device.name(device),
                                START_MILLIS + i * 500L,
                                decimal(random, 15, 15),
                                random.nextInt(20, 90),
                                random.nextInt(50) == 0 ? "\"overheat\",\"fan\"" : "",
                                device % 4,
                                gps));
            }
        }
    }

    private static String decimal(Random random, double from, double width)
    {
        return String.format(ENGLISH, "%.2f", from + random.nextDouble() * width);
    }
}
