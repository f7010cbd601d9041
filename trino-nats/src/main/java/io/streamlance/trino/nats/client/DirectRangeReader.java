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
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import io.nats.client.support.Encoding;
import io.nats.client.support.Status;
import io.streamlance.trino.nats.client.NatsConnection.Channel;

import java.util.Optional;
import java.util.function.Function;

import static java.lang.Math.clamp;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

/// Reads with batches of direct get, which needs no consumer: for work-queue and interest streams, where a consumer
/// would be refused or would hold messages back.
final class DirectRangeReader
        extends AbstractRangeReader
{
    private static final String PENDING = "Nats-Num-Pending";
    private static final String LAST_SEQUENCE = "Nats-Last-Sequence";

    private final BufferLimit limit;

    /// Answers that there is no more, from replicas that were behind, before the leader is asked for the messages instead.
    private static final int MAX_LAGGARDS = 3;

    private final Function<SubjectRange, RangeReader> leaderAccess;

    @GuardedBy("this")
    private Batch batch;
    @GuardedBy("this")
    private int laggards;

    /// @param leaderAccess reads what is left of a range from the leader
    DirectRangeReader(NatsConnection connection, ReaderStats stats, String stream, SubjectRange range, MessageParts parts, BufferLimit limit, Function<SubjectRange, RangeReader> leaderAccess)
    {
        super(connection, stats, stream, range, parts);
        this.limit = requireNonNull(limit, "limit is null");
        this.leaderAccess = requireNonNull(leaderAccess, "leaderAccess is null");
    }

    @Override
    protected void begin(Channel channel)
    {
        batch = new Batch(channel);
        request();
    }

    @GuardedBy("this")
    private void request()
    {
        Batch current = batch;
        current.startedNanos = System.nanoTime();
        String filter = Encoding.jsonEncode(range.filter().orElse(">"));
        String request = "{\"seq\":%d,\"batch\":%d,\"max_bytes\":%d,\"next_by_subj\":\"%s\"}".formatted(
                progress.next(),
                clamp(progress.remaining(), 1, limit.messages()),
                limit.requestBytes(),
                filter);
        try {
            current.subscribe();
            current.channel.connection().publish("$JS.API.DIRECT.GET." + stream, current.inbox, request.getBytes(UTF_8));
        }
        catch (IllegalStateException e) {
            recover("the connection is closed: " + e.getMessage());
        }
    }

    @Override
    protected void advance()
    {
        Batch current = batch;
        if (current == null) {
            return;
        }
        if (!current.complete) {
            if (System.nanoTime() - current.startedNanos > stall.patience(connection.requestTimeout()).toNanos()) {
                recover("no answer to direct get");
            }
            return;
        }
        if (progress.remaining() <= 0) {
            if (isDue()) {
                confirmEnd();
            }
            return;
        }
        if (!isConfirming() && limit.hasRoom(arrivals)) {
            batch = new Batch(current.channel);
            current.close();
            request();
        }
    }

    @GuardedBy("this")
    private void onMessage(Batch current, Message message)
    {
        if (batch != current) {
            return;
        }
        current.startedNanos = System.nanoTime();
        if (!message.isStatusMessage()) {
            MessageInfo info = new MessageInfo(message, stream, true);
            if (!stream.equals(info.getStream())) {
                // mirrors answer for their origin, too: they may lack messages, or have what the origin dropped
                handOver(leaderAccess);
                return;
            }
            if (info.getLastSeq() != current.lastSequence) {
                recover("messages before %s were lost in delivery".formatted(info.getSeq()));
                return;
            }
            current.lastSequence = info.getSeq();
            accept(StreamMessage.create(info));
            return;
        }
        switch (message.getStatus().getCode()) {
            case Status.EOB_CODE -> endBatch(current, message.getHeaders());
            case Status.NOT_FOUND_CODE -> {
                current.complete = true;
                current.exhausted = true;
                confirmEnd();
            }
            default -> recover(message.getStatus().getMessageWithCode());
        }
    }

    @GuardedBy("this")
    private void endBatch(Batch current, Headers headers)
    {
        if (!String.valueOf(current.lastSequence).equals(headers.getFirst(LAST_SEQUENCE))) {
            recover("messages after %s were lost in delivery".formatted(current.lastSequence));
            return;
        }
        current.complete = true;
        if ("0".equals(headers.getFirst(PENDING))) {
            current.exhausted = true;
            confirmEnd();
        }
        else {
            advance();
        }
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
        if (batch.exhausted) {
            // any replica answers a direct get, also one that lags
            laggards++;
            if (laggards < MAX_LAGGARDS) {
                recover("a replica is behind");
            }
            else {
                handOver(leaderAccess);
            }
        }
        else {
            advance();
        }
    }

    @Override
    protected void release()
    {
        if (batch != null) {
            batch.close();
            batch = null;
        }
    }

    /// One request and the inbox for its answers; guarded by the reader.
    private final class Batch
    {
        private final Channel channel;
        private final String inbox;
        private Optional<Subscription> subscription = Optional.empty();
        private boolean complete;
        /// Whether the replica that answered has no more.
        private boolean exhausted;
        private long startedNanos;
        /// Each message names the one before it in its batch, the first one names zero: what a lost connection swallowed is noticed.
        private long lastSequence;

        private Batch(Channel channel)
        {
            this.channel = channel;
            this.inbox = channel.connection().createInbox();
        }

        private void subscribe()
        {
            subscription = Optional.of(channel.dispatcher().subscribe(inbox, message -> update(() -> onMessage(this, message))));
        }

        /// Soon: the thread of a cancelled query is interrupted.
        private void close()
        {
            subscription.ifPresent(value -> connection.execute(() -> unsubscribe(value)));
        }

        private void unsubscribe(Subscription subscription)
        {
            try {
                channel.dispatcher().unsubscribe(subscription);
            }
            catch (IllegalStateException e) {
                // the connection is closed and its subscriptions with it
            }
        }
    }
}
