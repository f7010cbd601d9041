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

import jakarta.annotation.Nullable;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;

import static java.util.Objects.requireNonNull;

/// Messages on their way from a reader to the driver, and the future that the driver waits for. Guarded by the reader.
final class Arrivals
{
    /// To wake the driver costs more than to decode some messages.
    private static final int ENOUGH_MESSAGES = 1000;
    private static final long ENOUGH_BYTES = 128 * 1024;

    private final SubjectCache subjects = new SubjectCache();
    private final MessageParts parts;
    private MessageBatch filling;
    /// The driver works on it while others are filled.
    private MessageBatch drained;
    private final Queue<MessageBatch> spare = new ArrayDeque<>();
    /// Whether messages wait until it is sure that they are of the stream that was planned.
    private boolean held;
    /// Waits while `filling` takes what comes later.
    @Nullable
    private MessageBatch sealed;
    private final Queue<MessageBatch> confirmed = new ArrayDeque<>();
    private CompletableFuture<Void> arrival = new CompletableFuture<>();
    private boolean announced;

    Arrivals(MessageParts parts)
    {
        this.parts = requireNonNull(parts, "parts is null");
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
        if (!held && (filling.count() >= ENOUGH_MESSAGES || filling.bytes() >= ENOUGH_BYTES)) {
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

    /// From now on messages are drained after they were confirmed.
    void hold()
    {
        held = true;
    }

    /// Sets apart the messages that are confirmed next. False when there are none.
    boolean seal()
    {
        if (sealed == null && filling.count() > 0) {
            sealed = filling;
            filling = emptyBatch();
        }
        return sealed != null;
    }

    void confirmSealed()
    {
        if (sealed != null) {
            confirmed.add(sealed);
            sealed = null;
            announce();
        }
    }

    /// Nothing more comes, and all is confirmed.
    void confirmAll()
    {
        confirmSealed();
        held = false;
    }

    /// The messages are valid until the next call.
    MessageBatch drain()
    {
        drained.clear();
        spare.add(drained);
        if (!confirmed.isEmpty()) {
            drained = confirmed.remove();
        }
        else if (!held) {
            drained = filling;
            filling = emptyBatch();
        }
        else {
            drained = emptyBatch();
        }
        if (arrival.isDone()) {
            arrival = new CompletableFuture<>();
        }
        return drained;
    }

    private MessageBatch emptyBatch()
    {
        return spare.isEmpty() ? new MessageBatch(parts) : spare.remove();
    }

    /// Messages that can be drained.
    boolean isReady()
    {
        return !confirmed.isEmpty() || (!held && filling.count() > 0);
    }

    /// Messages that have not been drained.
    int size()
    {
        return (int) undrained(MessageBatch::count);
    }

    long bytes()
    {
        return undrained(MessageBatch::bytes);
    }

    private long undrained(ToLongFunction<MessageBatch> value)
    {
        long sum = value.applyAsLong(filling);
        if (sealed != null) {
            sum += value.applyAsLong(sealed);
        }
        for (MessageBatch batch : confirmed) {
            sum += value.applyAsLong(batch);
        }
        return sum;
    }

    long retainedBytes()
    {
        long bytes = undrained(MessageBatch::retainedBytes) + drained.retainedBytes();
        for (MessageBatch batch : spare) {
            bytes += batch.retainedBytes();
        }
        return bytes;
    }
}
