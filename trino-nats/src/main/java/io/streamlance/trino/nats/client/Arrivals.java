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

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Messages on their way from a reader to the driver, and the future that the driver waits for. Guarded by the reader.
final class Arrivals
{
    private List<StreamMessage> messages = new ArrayList<>();
    private long bytes;
    private CompletableFuture<Void> arrival = new CompletableFuture<>();
    private boolean announced;

    void add(StreamMessage message)
    {
        messages.add(message);
        bytes += message.retainedBytes();
        announced = true;
    }

    /// There is something to see for the driver, also without a message.
    void announce()
    {
        announced = true;
    }

    /// What is to be completed once the lock of the reader is released: what waits for it must not run under that lock.
    Optional<CompletableFuture<Void>> takeAnnouncement()
    {
        if (!announced) {
            return Optional.empty();
        }
        announced = false;
        return Optional.of(arrival);
    }

    CompletableFuture<Void> next()
    {
        return arrival;
    }

    List<StreamMessage> drain()
    {
        List<StreamMessage> drained = messages;
        messages = new ArrayList<>(drained.size());
        bytes = 0;
        if (arrival.isDone()) {
            arrival = new CompletableFuture<>();
        }
        return drained;
    }

    int size()
    {
        return messages.size();
    }

    long bytes()
    {
        return bytes;
    }
}
