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
import io.nats.client.support.Encoding;
import io.nats.client.support.Status;
import io.streamlance.trino.nats.client.NatsConnection.Channel;

import java.util.Optional;
import java.util.function.Function;

import static java.lang.Math.clamp;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

/// Reads with batches of direct get, which needs no consumer: for work-queue and interest streams, where a consumer
/// would be refused or would hold messages back.
final class DirectRangeReader
        extends AbstractRangeReader
{
    private static final String DIRECT_GET = "$JS.API.DIRECT.GET.";
    private static final byte[] PENDING = "Nats-Num-Pending".getBytes(US_ASCII);
    private static final byte[] LAST_SEQUENCE = "Nats-Last-Sequence".getBytes(US_ASCII);

    private final BufferLimit limit;
    private final boolean wantsTime;

    /// Answers that there is no more, from replicas that were behind, before the leader is asked for the messages instead.
    private static final int MAX_LAGGARDS = 3;

    private final Function<SubjectRange, RangeReader> leaderAccess;

    @GuardedBy("this")
    private final ServerHeaders serverHeaders = new ServerHeaders();
    @GuardedBy("this")
    private Batch batch;
    @GuardedBy("this")
    private int laggards;

    /// @param leaderAccess reads what is left of a range from the leader
    DirectRangeReader(NatsConnection connection, ReaderStats stats, String stream, SubjectRange range, MessageParts parts, BufferLimit limit, Function<SubjectRange, RangeReader> leaderAccess)
    {
        super(connection, stats, stream, range, parts);
        this.limit = requireNonNull(limit, "limit is null");
        this.wantsTime = parts.time();
        this.leaderAccess = requireNonNull(leaderAccess, "leaderAccess is null");
    }

    @Override
    protected void begin(Channel channel)
    {
        request(channel);
    }

    @GuardedBy("this")
    private void request(Channel channel)
    {
        String request = "{\"seq\":%d,\"batch\":%d,\"max_bytes\":%d,\"next_by_subj\":\"%s\"}".formatted(
                progress.next(),
                clamp(progress.remaining(), 1, limit.messages()),
                limit.requestBytes(),
                Encoding.jsonEncode(range.filter().orElse(">")));
        try {
            batch = new Batch(channel);
            batch.subscription.request(DIRECT_GET + stream, request);
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
            current.close();
            request(current.channel);
        }
    }

    @Override
    protected void receive(Frame frame)
    {
        Batch current = batch;
        if (current == null || !current.subscription.isOf(frame)) {
            // late, for a batch that was given up
            return;
        }
        current.startedNanos = System.nanoTime();
        if (!serverHeaders.takeDirectGet(frame)) {
            onStatus(current, frame.headers());
            return;
        }
        if (!stream.equals(serverHeaders.stream())) {
            // mirrors answer for their origin, too: they may lack messages, or have what the origin dropped
            handOver(leaderAccess);
            return;
        }
        long sequence = serverHeaders.sequence();
        if (serverHeaders.lastSequence() != current.lastSequence) {
            recover("messages before %s were lost in delivery".formatted(sequence));
            return;
        }
        current.lastSequence = sequence;
        accept(frame, sequence, wantsTime ? serverHeaders.timestampNanos() : 0);
    }

    @GuardedBy("this")
    private void onStatus(Batch current, FrameHeaders headers)
    {
        switch (headers.status()) {
            case Status.EOB_CODE -> endBatch(current, headers);
            case Status.NOT_FOUND_CODE -> {
                current.complete = true;
                current.exhausted = true;
                confirmArrivals();
                confirmEnd();
            }
            default -> recover(headers.statusText());
        }
    }

    /// Message get may be permitted where direct get is not.
    @GuardedBy("this")
    private void onViolation(Batch current, PermissionViolation violation)
    {
        if (batch != current) {
            return;
        }
        if (violation.subscription()) {
            fail(violation.toException("read stream " + stream));
        }
        else {
            handOver(leaderAccess);
        }
    }

    @GuardedBy("this")
    private void endBatch(Batch current, FrameHeaders headers)
    {
        if (!headers.first(LAST_SEQUENCE).equals(Optional.of(String.valueOf(current.lastSequence)))) {
            recover("messages after %s were lost in delivery".formatted(current.lastSequence));
            return;
        }
        current.complete = true;
        confirmArrivals();
        if (headers.first(PENDING).equals(Optional.of("0"))) {
            current.exhausted = true;
            confirmEnd();
        }
        else {
            advance();
        }
    }

    @Override
    protected void flushed()
    {
        if (batch != null && batch.complete) {
            // however little has come: nothing more will without a further request
            arrivals.announce();
        }
    }

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
                stats.recovered();
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
        private final FrameSubscription subscription;
        private final ServerErrors.Watch violations;
        private boolean complete;
        /// Whether the replica that answered has no more.
        private boolean exhausted;
        private long startedNanos = System.nanoTime();
        /// Each message names the one before it in its batch, the first one names zero: what a lost connection swallowed is noticed.
        private long lastSequence;

        private Batch(Channel channel)
        {
            this.channel = channel;
            this.subscription = new FrameSubscription(channel, DirectRangeReader.this);
            this.violations = channel.serverErrors().watch(violation -> update(() -> onViolation(this, violation)), subscription.inbox(), DIRECT_GET + stream);
        }

        /// Soon: the thread of a cancelled query is interrupted.
        private void close()
        {
            violations.close();
            connection.execute(subscription::close);
        }
    }
}
