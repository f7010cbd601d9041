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
package io.streamlance.trino.nats.client;

import com.google.errorprone.annotations.ThreadSafe;
import io.airlift.log.Logger;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Streams for which no consumer could be had lately. An election takes four to nine seconds, and without this each split
/// of a scan would find out on its own; so it would when the server refuses consumers.
@ThreadSafe
final class ConsumerOutages
{
    private static final Logger log = Logger.get(ConsumerOutages.class);
    private static final long MEMORY_NANOS = Duration.ofSeconds(9).toNanos();

    private final Map<String, Long> lastOutageNanos = new ConcurrentHashMap<>();

    void add(String stream, String reason)
    {
        if (!isRecent(stream)) {
            log.warn("Stream %s is read without a consumer, which takes longer: %s", stream, reason);
        }
        lastOutageNanos.put(stream, System.nanoTime());
    }

    boolean isRecent(String stream)
    {
        Long outage = lastOutageNanos.get(stream);
        if (outage == null) {
            return false;
        }
        if (System.nanoTime() - outage < MEMORY_NANOS) {
            return true;
        }
        lastOutageNanos.remove(stream, outage);
        return false;
    }
}
