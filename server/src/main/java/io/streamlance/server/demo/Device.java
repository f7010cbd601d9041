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

import java.util.List;

/// The devices that send telemetry, by number.
final class Device
{
    static final int COUNT = 40;

    private static final List<String> SITES = List.of("zurich", "geneva", "basel", "lugano");

    private Device() {}

    static String name(int device)
    {
        return "dev-%03d".formatted(device);
    }

    static String site(int device)
    {
        return SITES.get(device % SITES.size());
    }

    static String model(int device)
    {
        return device % 3 == 0 ? "TX-200 GPS" : "TX-100";
    }

    /// Temperature above which the device is out of its specification, in degrees Celsius.
    static double limit(int device)
    {
        return 24 + device % 5;
    }
}
