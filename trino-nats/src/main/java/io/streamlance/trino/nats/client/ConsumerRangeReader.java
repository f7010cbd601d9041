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
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerCreateRequest;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.support.Status;
import io.streamlance.trino.nats.client.NatsConnection.Channel;

import java.time.Duration;

import static java.lang.Math.max;
import static java.lang.Math.min;
import static java.nio.charset.StandardCharsets.UTF_8;

/// Reads with an ephemeral pull consumer: up to two batches are asked for ahead of the driver. A gap in the deliveries,
/// a missed heartbeat, a deleted consumer or a change of leader make a new consumer at the next sequence.
final class ConsumerRangeReader
        extends AbstractRangeReader
{
    private static final Duration PULL_EXPIRES = Duration.ofSeconds(30);
    private static final Duration HEARTBEAT = Duration.ofMillis(500);
    private static final long MISSED_HEARTBEAT_NANOS = HEARTBEAT.toNanos() * 3;

    private final boolean headersOnly;
    private final int batchSize;

    @GuardedBy("this")
    private Delivery delivery;

    /// @param batchSize messages asked for in one request
    ConsumerRangeReader(NatsConnection connection, ReaderStats stats, String stream, SubjectRange range, boolean headersOnly, int batchSize)
    {
        super(connection, stats, stream, range);
        this.headersOnly = headersOnly;
        this.batchSize = batchSize;
    }

    @Override
    protected void begin(Channel channel)
    {
        ConsumerConfiguration configuration = EphemeralConsumer.configuration(range.filter(), nextSequence, headersOnly);
        Delivery current = new Delivery(channel, configuration.getName());
        delivery = current;
        String filterToken = range.filter().filter(filter -> !filter.equals(">")).map(filter -> "." + filter).orElse("");
        channel.connection()
                .requestWithTimeout(
                        "$JS.API.CONSUMER.CREATE.%s.%s%s".formatted(stream, current.consumer, filterToken),
                        new ConsumerCreateRequest(stream, configuration).toJson().getBytes(UTF_8),
                        connection.attemptTimeout())
                .whenComplete((response, error) -> update(() -> {
                    if (delivery != current) {
                        return;
                    }
                    if (error != null) {
                        recover("no answer to the creation of a consumer");
                    }
                    else {
                        created(current, response);
                    }
                }));
    }

    @GuardedBy("this")
    private void created(Delivery current, Message response)
    {
        if (response.isStatusMessage()) {
            recover("JetStream is not available: " + response.getStatus().getMessageWithCode());
            return;
        }
        ConsumerInfo info = new ConsumerInfo(response);
        if (info.hasError()) {
            if (info.getErrorCode() == Status.NO_RESPONDERS_CODE) {
                recover(info.getError());
                return;
            }
            fail(NatsErrors.apiFailed("scan stream " + stream, info.getApiErrorCode(), info.getDescription(), null));
            return;
        }
        current.subscribe();
        if (info.getNumPending() == 0 || remaining <= 0) {
            confirmEnd();
        }
        else {
            advance();
        }
    }

    @Override
    protected void advance()
    {
        Delivery current = delivery;
        if (current == null || current.subscription == null) {
            return;
        }
        if (current.requested > 0 && System.nanoTime() - current.lastActivityNanos > MISSED_HEARTBEAT_NANOS) {
            recover("missed heartbeats of consumer " + current.consumer);
            return;
        }
        while (delivery == current && current.requested + undrained() <= batchSize && current.requested < remaining) {
            current.pull(min(batchSize, remaining - current.requested));
        }
    }

    @GuardedBy("this")
    private void onMessage(Delivery current, Message message)
    {
        if (delivery != current) {
            return;
        }
        current.lastActivityNanos = System.nanoTime();
        if (message.isStatusMessage()) {
            onStatus(current, message);
            return;
        }
        AckSubject position = AckSubject.parse(message.getReplyTo());
        if (position.consumerSequence() != current.delivered + 1) {
            recover("%s messages were lost in delivery".formatted(position.consumerSequence() - current.delivered - 1));
            return;
        }
        current.delivered++;
        current.requested--;
        accept(headersOnly ?
                StreamMessage.headersOnly(message.getSubject(), position.streamSequence(), position.timestampNanos(), message.getHeaders()) :
                StreamMessage.create(message.getSubject(), position.streamSequence(), position.timestampNanos(), message.getHeaders(), message.getData()));
        if (isDone()) {
            return;
        }
        if (position.pending() == 0) {
            confirmEnd();
        }
        else {
            advance();
        }
    }

    @GuardedBy("this")
    private void onStatus(Delivery current, Message message)
    {
        Status status = message.getStatus();
        switch (status.getCode()) {
            case Status.FLOW_OR_HEARTBEAT_STATUS_CODE -> {}
            case Status.NOT_FOUND_CODE, Status.REQUEST_TIMEOUT_CODE -> {
                String unserved = message.getHeaders() == null ? null : message.getHeaders().getFirst("Nats-Pending-Messages");
                current.requested = max(0, current.requested - (unserved == null ? current.requested : Long.parseLong(unserved)));
                confirmEnd();
            }
            default -> recover(status.getMessageWithCode());
        }
    }

    @Override
    protected void proceed()
    {
        advance();
    }

    @Override
    protected void release()
    {
        if (delivery != null) {
            delivery.close();
            delivery = null;
        }
    }

    /// One consumer and the inbox that it delivers to; guarded by the reader.
    private final class Delivery
    {
        private final Channel channel;
        private final String consumer;
        private final String inbox;
        private Subscription subscription;
        private long requested;
        private long delivered;
        private long lastActivityNanos = System.nanoTime();

        private Delivery(Channel channel, String consumer)
        {
            this.channel = channel;
            this.consumer = consumer;
            // never used twice: messages of an earlier consumer must not be taken for this one's
            this.inbox = channel.connection().createInbox();
        }

        private void subscribe()
        {
            subscription = channel.dispatcher().subscribe(inbox, message -> update(() -> onMessage(this, message)));
        }

        private void pull(long messages)
        {
            if (requested == 0) {
                lastActivityNanos = System.nanoTime();
            }
            requested += messages;
            String request = "{\"batch\":%d,\"expires\":%d,\"idle_heartbeat\":%d}".formatted(messages, PULL_EXPIRES.toNanos(), HEARTBEAT.toNanos());
            try {
                channel.connection().publish("$JS.API.CONSUMER.MSG.NEXT.%s.%s".formatted(stream, consumer), inbox, request.getBytes(UTF_8));
            }
            catch (IllegalStateException e) {
                recover("the connection is closed: " + e.getMessage());
            }
        }

        private void close()
        {
            try {
                if (subscription != null) {
                    channel.dispatcher().unsubscribe(subscription);
                }
                channel.connection().publish("$JS.API.CONSUMER.DELETE.%s.%s".formatted(stream, consumer), new byte[0]);
            }
            catch (IllegalStateException e) {
                // the connection is closed, and what it had on the server with it; the consumer ends by its inactive threshold
            }
        }
    }
}
