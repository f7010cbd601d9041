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

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.streamlance.trino.nats.client.NatsConnection.Channel;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

import static java.lang.Math.max;
import static java.lang.Math.min;
import static java.util.Objects.requireNonNull;

/// Reads messages one by one from the leader, several at a time: for work-queue and interest streams without direct
/// access, where nothing else leaves the stream as it was.
final class MessageGetRangeReader
        extends AbstractRangeReader
{
    private static final int MAX_IN_FLIGHT = 64;

    private final BufferLimit limit;

    @GuardedBy("this")
    private Channel channel;
    /// In the order of their sequences.
    @GuardedBy("this")
    private final Queue<Request> requests = new ArrayDeque<>();
    @GuardedBy("this")
    private long nextRequest;
    /// Requests to have in flight: many where the sequences follow one another, as each asks for the first message from a sequence on.
    @GuardedBy("this")
    private int window = 1;

    MessageGetRangeReader(NatsConnection connection, ReaderStats stats, String stream, SubjectRange range, MessageParts parts, BufferLimit limit)
    {
        super(connection, stats, stream, range, parts);
        this.limit = requireNonNull(limit, "limit is null");
    }

    @Override
    protected void begin(Channel channel)
    {
        this.channel = channel;
        nextRequest = progress.next();
        advance();
    }

    @Override
    protected void advance()
    {
        while (channel != null && requests.size() < window && limit.hasRoom(arrivals) && progress.contains(nextRequest)) {
            // first, as the answer may be there at once
            long sequence = nextRequest++;
            send(channel, sequence);
        }
    }

    @GuardedBy("this")
    private void send(Channel current, long sequence)
    {
        Request request = new Request(sequence, LeaderGet.next(current, stream, sequence, range.filter(), connection.attemptTimeout()));
        requests.add(request);
        request.answer().whenComplete((_, _) -> update(() -> {
            if (channel == current) {
                takeAnswers();
            }
        }));
    }

    @GuardedBy("this")
    private void takeAnswers()
    {
        while (!requests.isEmpty() && requests.peek().answer().isDone()) {
            Request request = requests.remove();
            if (request.answer().isCompletedExceptionally()) {
                failOrRecover("no answer to message get", request.answer().exceptionNow());
                return;
            }
            Optional<StreamMessage> message = request.answer().join();
            if (message.isEmpty()) {
                endOfRange();
                return;
            }
            take(request, message.orElseThrow());
            if (isDone()) {
                return;
            }
        }
        confirmArrivals();
        advance();
    }

    @GuardedBy("this")
    private void take(Request request, StreamMessage message)
    {
        if (message.sequence() < progress.next()) {
            // the answer to an earlier request has skipped a gap
            return;
        }
        window = message.sequence() == request.sequence() ? min(window + 1, MAX_IN_FLIGHT) : max(window / 2, 1);
        window = (int) max(1, min(window, limit.requestBytes() / max(1, message.length())));
        accept(message);
        nextRequest = max(nextRequest, progress.next());
    }

    @Override
    protected void receive(Frame frame)
    {
        throw new IllegalStateException("not subscribed to frames");
    }

    @Override
    protected void flushed() {}

    @Override
    protected void proceed()
    {
        advance();
    }

    @Override
    protected void release()
    {
        channel = null;
        requests.clear();
    }

    private record Request(long sequence, CompletableFuture<Optional<StreamMessage>> answer) {}
}
