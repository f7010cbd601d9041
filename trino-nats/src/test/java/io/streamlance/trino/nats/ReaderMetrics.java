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
package io.streamlance.trino.nats;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import java.lang.management.ManagementFactory;

/// Sums of what the readers of all catalogs in this JVM export over JMX.
final class ReaderMetrics
{
    private ReaderMetrics() {}

    static long openReaders()
    {
        return sum("OpenReaders");
    }

    static long messages()
    {
        return sum("Messages");
    }

    static long recoveries()
    {
        return sum("Recoveries");
    }

    private static long sum(String attribute)
    {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            long sum = 0;
            for (ObjectName name : server.queryNames(new ObjectName("trino.plugin.nats*:*"), null)) {
                sum += (long) server.getAttribute(name, attribute);
            }
            return sum;
        }
        catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }
}
