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

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Messages on their way from a reader to the driver, and the future that the driver waits for. Guarded by the reader.
final class Arrivals
{
    /// To wake the driver costs more than to decode some messages.
    private static final int ENOUGH_MESSAGES = 1000;
    private static final long ENOUGH_BYTES = 128 * 1024;

    private final SubjectCache subjects = new SubjectCache();
    /// Two take turns: one is filled while the driver works on the other one.
    private MessageBatch filling;
    private MessageBatch drained;
    private CompletableFuture<Void> arrival = new CompletableFuture<>();
    private boolean announced;

    Arrivals(MessageParts parts)
    {
        filling = new MessageBatch(parts);
        drained = new MessageBatch(parts);
    }

    void add(StreamMessage message)
    {
        filling.add(message, subjects.get(message.subject()));
    }

    void add(Frame frame, long sequence, long timestampNanos)
    {
        filling.add(frame, subjects.get(frame.buffer, frame.subjectOffset, frame.subjectLength), sequence, timestampNanos);
    }

    /// There is something to see for the driver, also without a message.
    void announce()
    {
        announced = true;
    }

    void announceIfWorthwhile()
    {
        if (filling.count() >= ENOUGH_MESSAGES || filling.bytes() >= ENOUGH_BYTES) {
            announced = true;
        }
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

    /// The messages are valid until the next call.
    MessageBatch drain()
    {
        MessageBatch result = filling;
        drained.clear();
        filling = drained;
        drained = result;
        if (arrival.isDone()) {
            arrival = new CompletableFuture<>();
        }
        return result;
    }

    int size()
    {
        return filling.count();
    }

    long bytes()
    {
        return filling.bytes();
    }

    long retainedBytes()
    {
        return filling.retainedBytes() + drained.retainedBytes();
    }
}
