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
import io.nats.client.api.ConsumerInfo;
import io.nats.client.support.JsonParser;
import io.nats.client.support.Status;
import io.streamlance.trino.nats.client.NatsConnection.Channel;
import io.trino.spi.TrinoException;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

import static java.lang.Math.min;
import static java.util.Objects.requireNonNull;

/// Reads with an ephemeral pull consumer: up to two batches are asked for ahead of the driver. A gap in the deliveries,
/// a missed heartbeat, a deleted consumer or a change of leader make a new consumer at the next sequence.
class ConsumerRangeReader
        extends AbstractRangeReader
{
    private static final long MISSED_CREATION_NANOS = Duration.ofMillis(1500).toNanos();
    /// After a missed heartbeat or a lost connection, most likely of a server that died: others wait for the election, too.
    private static final long MISSED_REPLACEMENT_NANOS = Duration.ofMillis(750).toNanos();
    private static final long MISSED_HEARTBEAT_NANOS = ConsumerDelivery.HEARTBEAT.toNanos() * 3;

    protected final boolean headersOnly;
    private final boolean wantsSize;
    private final boolean wantsTime;
    private final ConsumerFallback fallback;
    private final BufferLimit limit;

    @GuardedBy("this")
    private final AckSubject position = new AckSubject();
    @GuardedBy("this")
    private final ServerHeaders serverHeaders = new ServerHeaders();
    @GuardedBy("this")
    private ConsumerDelivery delivery;

    /// @param fallback takes over while no consumer can be had
    ConsumerRangeReader(NatsConnection connection, ReaderStats stats, String stream, SubjectRange range, MessageParts parts, BufferLimit limit, ConsumerFallback fallback)
    {
        super(connection, stats, stream, range, parts);
        this.headersOnly = !parts.payload();
        this.wantsSize = headersOnly && parts.headers();
        this.wantsTime = parts.time();
        this.limit = requireNonNull(limit, "limit is null");
        this.fallback = requireNonNull(fallback, "fallback is null");
    }

    @Override
    protected void begin(Channel channel)
    {
        if (fallback.outages().isRecent(stream)) {
            handOver(fallback.reader());
            return;
        }
        createConsumer(channel, configuration());
    }

    @GuardedBy("this")
    private void createConsumer(Channel channel, ConsumerConfiguration configuration)
    {
        try {
            delivery = new ConsumerDelivery(channel, stream, configuration, this, this::onViolation);
            delivery.create(range.filter());
        }
        catch (IllegalStateException e) {
            recover("the connection is closed: " + e.getMessage());
        }
    }

    /// A consumer is of the stream that was there when it was made, and is checked before it is asked for messages.
    @Override
    protected boolean holdsMessages()
    {
        return false;
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

    private void onViolation(ConsumerDelivery current, PermissionViolation violation)
    {
        update(() -> {
            if (delivery == current) {
                denied(violation);
            }
        });
    }

    @GuardedBy("this")
    private void created(ConsumerDelivery current, Frame answer)
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
            onRefusal(current, info);
            return;
        }
        current.lastActivityNanos = System.nanoTime();
        checkStream(() -> start(current, info), this::recover);
    }

    @GuardedBy("this")
    private void start(ConsumerDelivery current, ConsumerInfo info)
    {
        if (delivery != current) {
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

    @GuardedBy("this")
    private void onRefusal(ConsumerDelivery current, ConsumerInfo answer)
    {
        if (answer.getApiErrorCode() == NatsErrors.INACTIVE_THRESHOLD_EXCEEDED && current.configuration().getInactiveThreshold() != null) {
            release();
            createConsumer(current.channel(), EphemeralConsumer.withoutThreshold(current.configuration()));
        }
        else if (NatsErrors.isConsumerRefused(answer.getErrorCode(), answer.getApiErrorCode())) {
            readWithoutConsumer("%s [%s]".formatted(answer.getDescription(), answer.getApiErrorCode()));
        }
        else {
            fail(NatsErrors.apiFailed("scan stream " + stream, answer.getApiErrorCode(), answer.getDescription(), null));
        }
    }

    @GuardedBy("this")
    private void denied(PermissionViolation violation)
    {
        TrinoException denied = violation.toException("scan stream " + stream);
        if (violation.subscription()) {
            fail(denied);
        }
        else {
            readWithoutConsumer(denied.getMessage());
        }
    }

    @GuardedBy("this")
    private void readWithoutConsumer(String reason)
    {
        fallback.outages().add(stream, reason);
        handOver(fallback.reader());
    }

    @Override
    protected void advance()
    {
        ConsumerDelivery current = delivery;
        if (current == null) {
            return;
        }
        long idleNanos = System.nanoTime() - current.lastActivityNanos;
        if (!current.created) {
            if (fallback.duringElections() && idleNanos > (stall.isTroubled() ? MISSED_REPLACEMENT_NANOS : MISSED_CREATION_NANOS)) {
                // a cluster that elects a leader makes no consumers, while every replica still answers direct gets
                stats.recovered();
                readWithoutConsumer("no answer to the creation of a consumer");
            }
            else if (idleNanos > connection.attemptTimeout().toNanos()) {
                recover("no answer to the creation of a consumer");
            }
            return;
        }
        if (!current.requests.isEmpty() && idleNanos > MISSED_HEARTBEAT_NANOS) {
            recover("missed heartbeats of consumer " + current.consumer());
            return;
        }
        request(current);
    }

    @GuardedBy("this")
    private void request(ConsumerDelivery current)
    {
        if (isDue()) {
            confirmEnd();
            return;
        }
        while (delivery == current && limit.hasRoom(arrivals) && isRunningOut(current) && current.requests.messages() < progress.remaining()) {
            try {
                current.pull(min(limit.messages(), progress.remaining() - current.requests.messages()), limit.requestBytes());
            }
            catch (IllegalStateException e) {
                recover("the connection is closed: " + e.getMessage());
            }
        }
    }

    @GuardedBy("this")
    private boolean isRunningOut(ConsumerDelivery current)
    {
        return limit.isGrown() ? current.requests.isEmpty() : current.isRunningOut(limit.requestBytes());
    }

    @Override
    protected void receive(Frame frame)
    {
        ConsumerDelivery current = delivery;
        if (current == null || !current.isOf(frame)) {
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
        limit.reset();
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
        else if (isRunningOut(current)) {
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
    private void onStatus(ConsumerDelivery current, FrameHeaders headers)
    {
        switch (headers.status()) {
            // nothing to deliver: what the reader waits for may have been purged
            case Status.FLOW_OR_HEARTBEAT_STATUS_CODE -> confirmEnd();
            case Status.NOT_FOUND_CODE, Status.REQUEST_TIMEOUT_CODE -> {
                current.ended(headers);
                confirmEnd();
            }
            default -> {
                Optional<Long> unservedBytes = headers.first(ConsumerDelivery.PENDING_BYTES).map(Long::parseLong);
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
            ConsumerDelivery closing = delivery;
            delivery = null;
            // soon: the thread of a cancelled query is interrupted
            closing.stopWatching();
            connection.execute(closing::delete);
        }
    }
}
