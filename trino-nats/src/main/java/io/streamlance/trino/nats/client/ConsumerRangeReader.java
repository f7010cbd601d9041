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
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerCreateRequest;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.support.JsonParser;
import io.nats.client.support.Status;
import io.streamlance.trino.nats.client.NatsConnection.Channel;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

import static java.lang.Math.min;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

/// Reads with an ephemeral pull consumer: up to two batches are asked for ahead of the driver. A gap in the deliveries,
/// a missed heartbeat, a deleted consumer or a change of leader make a new consumer at the next sequence.
class ConsumerRangeReader
        extends AbstractRangeReader
{
    private static final Duration PULL_EXPIRES = Duration.ofSeconds(30);
    private static final Duration HEARTBEAT = Duration.ofMillis(500);
    private static final byte[] PENDING_MESSAGES = "Nats-Pending-Messages".getBytes(US_ASCII);
    private static final byte[] PENDING_BYTES = "Nats-Pending-Bytes".getBytes(US_ASCII);
    private static final long MISSED_CREATION_NANOS = Duration.ofMillis(1500).toNanos();
    /// After a missed heartbeat or a lost connection, most likely of a server that died: others wait for the election, too.
    private static final long MISSED_REPLACEMENT_NANOS = Duration.ofMillis(750).toNanos();
    private static final long MISSED_HEARTBEAT_NANOS = HEARTBEAT.toNanos() * 3;

    protected final boolean headersOnly;
    private final boolean wantsSize;
    private final boolean wantsTime;
    private final Optional<DirectAccess> directAccess;
    private final BufferLimit limit;

    @GuardedBy("this")
    private final AckSubject position = new AckSubject();
    @GuardedBy("this")
    private final ServerHeaders serverHeaders = new ServerHeaders();
    @GuardedBy("this")
    private Delivery delivery;

    /// @param directAccess takes over while no consumer can be had
    ConsumerRangeReader(NatsConnection connection, ReaderStats stats, String stream, SubjectRange range, MessageParts parts, BufferLimit limit, Optional<DirectAccess> directAccess)
    {
        super(connection, stats, stream, range, parts);
        this.headersOnly = !parts.payload();
        this.wantsSize = headersOnly && parts.headers();
        this.wantsTime = parts.time();
        this.limit = requireNonNull(limit, "limit is null");
        this.directAccess = requireNonNull(directAccess, "directAccess is null");
    }

    @Override
    protected void begin(Channel channel)
    {
        if (directAccess.isPresent() && directAccess.orElseThrow().outages().isRecent(stream)) {
            handOver(directAccess.orElseThrow().reader());
            return;
        }
        try {
            delivery = new Delivery(channel, configuration());
        }
        catch (IllegalStateException e) {
            recover("the connection is closed: " + e.getMessage());
            return;
        }
        delivery.create();
    }

    /// The consumer that goes on where this reader stands.
    @GuardedBy("this")
    protected ConsumerConfiguration configuration()
    {
        return EphemeralConsumer.configuration(range.filter().stream().toList(), progress.next(), headersOnly);
    }

    /// @param info the new consumer
    @GuardedBy("this")
    protected void begun(ConsumerInfo info)
    {
        progress.skipTo(info.getDelivered().getStreamSequence() + 1);
        if (progress.isComplete()) {
            end();
        }
    }

    /// False for a message that is not wanted.
    @GuardedBy("this")
    protected boolean wants(Frame frame, long sequence)
    {
        return true;
    }

    @GuardedBy("this")
    private void created(Delivery current, Frame answer)
    {
        if (answer.headerLength > 0) {
            recover("JetStream is not available: " + answer.headers().statusText());
            return;
        }
        ConsumerInfo info = new ConsumerInfo(JsonParser.parseUnchecked(Arrays.copyOfRange(answer.buffer, answer.payloadOffset, answer.payloadOffset + answer.payloadLength)));
        if (info.hasError()) {
            if (info.getErrorCode() == Status.NO_RESPONDERS_CODE) {
                recover(info.getError());
                return;
            }
            fail(NatsErrors.apiFailed("scan stream " + stream, info.getApiErrorCode(), info.getDescription(), null));
            return;
        }
        current.created = true;
        begun(info);
        if (isDone()) {
            return;
        }
        if (info.getNumPending() == 0 || progress.remaining() <= 0) {
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
        if (current == null) {
            return;
        }
        long idleNanos = System.nanoTime() - current.lastActivityNanos;
        if (!current.created) {
            if (directAccess.isPresent() && idleNanos > (stall.isTroubled() ? MISSED_REPLACEMENT_NANOS : MISSED_CREATION_NANOS)) {
                // a cluster that elects a leader makes no consumers, while every replica still answers direct gets
                directAccess.orElseThrow().outages().add(stream);
                handOver(directAccess.orElseThrow().reader());
            }
            else if (idleNanos > connection.attemptTimeout().toNanos()) {
                recover("no answer to the creation of a consumer");
            }
            return;
        }
        if (!current.requests.isEmpty() && idleNanos > MISSED_HEARTBEAT_NANOS) {
            recover("missed heartbeats of consumer " + current.consumer);
            return;
        }
        request(current);
    }

    @GuardedBy("this")
    private void request(Delivery current)
    {
        if (isDue()) {
            confirmEnd();
            return;
        }
        while (delivery == current && limit.hasRoom(arrivals) && current.isRunningOut() && current.requests.messages() < progress.remaining()) {
            current.pull(min(limit.messages(), progress.remaining() - current.requests.messages()));
        }
    }

    @Override
    protected void receive(Frame frame)
    {
        Delivery current = delivery;
        if (current == null || !current.subscription.isOf(frame)) {
            // late, for a consumer that was given up
            return;
        }
        if (!frame.isDelivery()) {
            current.lastActivityNanos = System.nanoTime();
            if (current.created) {
                onStatus(current, frame.headers());
            }
            else {
                created(current, frame);
            }
            return;
        }
        position.parse(frame.buffer, frame.replyOffset, frame.replyLength);
        if (position.consumerSequence != current.delivered + 1) {
            recover("%s messages were lost in delivery".formatted(position.consumerSequence - current.delivered - 1));
            return;
        }
        current.delivered++;
        current.requests.served(1, frame.length() + frame.replyLength);
        if (wants(frame, position.streamSequence)) {
            if (wantsSize) {
                serverHeaders.takeSize(frame);
            }
            accept(frame, position.streamSequence, wantsTime ? position.timestampNanos() : 0);
        }
        if (isDone()) {
            return;
        }
        if (position.last) {
            confirmEnd();
        }
        else if (current.isRunningOut()) {
            request(current);
        }
    }

    @Override
    protected void flushed()
    {
        if (delivery != null) {
            delivery.lastActivityNanos = System.nanoTime();
            if (delivery.requests.isEmpty()) {
                // however little has come: nothing more will without a further request
                arrivals.announce();
            }
        }
    }

    @GuardedBy("this")
    private void onStatus(Delivery current, FrameHeaders headers)
    {
        switch (headers.status()) {
            // nothing to deliver: what the reader waits for may have been purged
            case Status.FLOW_OR_HEARTBEAT_STATUS_CODE -> confirmEnd();
            case Status.NOT_FOUND_CODE, Status.REQUEST_TIMEOUT_CODE -> {
                current.ended(headers);
                confirmEnd();
            }
            default -> {
                Optional<Long> unservedBytes = headers.first(PENDING_BYTES).map(Long::parseLong);
                if (unservedBytes.isEmpty()) {
                    recover(headers.statusText());
                    return;
                }
                // a request that has all its messages, or whose bytes do not suffice for the next one
                current.ended(headers);
                if (unservedBytes.orElseThrow() >= limit.requestBytes()) {
                    limit.grow();
                }
                if (progress.remaining() > 0) {
                    request(current);
                }
            }
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
        private final ConsumerConfiguration configuration;
        private final String consumer;
        private final FrameSubscription subscription;
        private final PullRequests requests = new PullRequests();
        private boolean created;
        private long delivered;
        private long lastActivityNanos = System.nanoTime();

        private Delivery(Channel channel, ConsumerConfiguration configuration)
        {
            this.channel = channel;
            this.configuration = configuration;
            this.consumer = configuration.getName();
            this.subscription = new FrameSubscription(channel, ConsumerRangeReader.this);
        }

        private void create()
        {
            String filterToken = range.filter().filter(filter -> !filter.equals(">")).map(filter -> "." + filter).orElse("");
            request("$JS.API.CONSUMER.CREATE.%s.%s%s".formatted(stream, consumer, filterToken), new ConsumerCreateRequest(stream, configuration).toJson());
        }

        private void pull(long messages)
        {
            if (requests.isEmpty()) {
                lastActivityNanos = System.nanoTime();
            }
            requests.asked(messages, limit.requestBytes());
            request("$JS.API.CONSUMER.MSG.NEXT.%s.%s".formatted(stream, consumer),
                    "{\"batch\":%d,\"max_bytes\":%d,\"expires\":%d,\"idle_heartbeat\":%d}".formatted(messages, limit.requestBytes(), PULL_EXPIRES.toNanos(), HEARTBEAT.toNanos()));
        }

        /// Whether less than another request is on its way.
        private boolean isRunningOut()
        {
            return requests.bytes() <= limit.requestBytes();
        }

        /// A request was ended before it had all its messages.
        private void ended(FrameHeaders headers)
        {
            requests.served(headers.first(PENDING_MESSAGES).map(Long::parseLong).orElse(requests.messages()), headers.first(PENDING_BYTES).map(Long::parseLong).orElse(0L));
        }

        private void request(String subject, String body)
        {
            try {
                subscription.request(subject, body);
            }
            catch (IllegalStateException e) {
                recover("the connection is closed: " + e.getMessage());
            }
        }

        /// Soon: the thread of a cancelled query is interrupted.
        private void close()
        {
            connection.execute(this::delete);
        }

        private void delete()
        {
            subscription.close();
            EphemeralConsumer.delete(channel.connection(), stream, consumer);
        }
    }
}
