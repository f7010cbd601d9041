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
import io.nats.client.api.MessageGetRequest;
import io.streamlance.trino.nats.client.NatsConnection.Channel;
import io.trino.spi.TrinoException;

import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import static io.streamlance.trino.nats.NatsErrorCode.NATS_API_ERROR;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_SCAN_STALLED;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

/// What all readers share: the position in the range, its end, and going on after a failure. The state of a reader is just
/// the next sequence, so that recovery is to start again from there.
abstract class AbstractRangeReader
        extends ConfirmedHandOver
        implements FrameHandler
{
    private static final long WATCHDOG_INTERVAL_MILLIS = 250;

    protected final SubjectRange range;

    @GuardedBy("this")
    protected final RangeProgress progress;
    /// What was on its way when the connection was lost does not come: better to know at once than by a missed heartbeat.
    private final Runnable connectionListener = () -> update(this::onConnectionChange);
    /// Whether [#begin] is still to come.
    @GuardedBy("this")
    private boolean opening = true;
    @GuardedBy("this")
    private final LeaderQuestion question = new LeaderQuestion();
    @GuardedBy("this")
    private Optional<Supplier<RangeReader>> successor = Optional.empty();
    @GuardedBy("this")
    private ScheduledFuture<?> watchdog;

    protected AbstractRangeReader(NatsConnection connection, ReaderStats stats, String stream, SubjectRange range, MessageParts parts)
    {
        super(connection, stats, stream, parts);
        this.range = requireNonNull(range, "range is null");
        this.progress = new RangeProgress(range);
    }

    /// Begins reading where the reader stands. Called again after every [#recover].
    @GuardedBy("this")
    protected abstract void begin(Channel channel);

    /// The leader says that the range has more, while nothing more has come.
    @GuardedBy("this")
    protected abstract void proceed();

    final void start()
    {
        stats.opened();
        connection.addConnectionListener(connectionListener);
        update(() -> {
            try {
                watchdog = connection.watchdogExecutor().scheduleWithFixedDelay(() -> update(this::watch), WATCHDOG_INTERVAL_MILLIS, WATCHDOG_INTERVAL_MILLIS, MILLISECONDS);
            }
            catch (RejectedExecutionException e) {
                failShutDown();
                return;
            }
            open();
        });
    }

    private void open()
    {
        connection.openAsync().whenComplete((opened, error) -> update(() -> {
            opening = false;
            if (error == null) {
                openChannel = opened;
                begin(opened);
            }
            else {
                // the first connection of a query must say at once what is wrong
                fail(error instanceof RuntimeException exception ? exception : new CompletionException(error));
            }
        }));
    }

    /// A message for the subscription of this reader.
    @GuardedBy("this")
    protected abstract void receive(Frame frame);

    @Override
    public final void onFrame(Frame frame)
    {
        synchronized (this) {
            if (isDone()) {
                return;
            }
            try {
                receive(frame);
            }
            catch (RuntimeException e) {
                fail(new TrinoException(NATS_API_ERROR, "Cannot read stream %s after sequence %s: %s".formatted(stream, progress.next() - 1, e.getMessage()), e));
            }
        }
    }

    @Override
    public final void onFlush()
    {
        update(() -> {
            arrivals.announceIfWorthwhile();
            flushed();
        });
    }

    /// Called after the frames that have come together.
    @GuardedBy("this")
    protected abstract void flushed();

    /// Hands a message to the driver; ends the reader when the range is through.
    @GuardedBy("this")
    protected final void accept(StreamMessage message)
    {
        received(message.length());
        if (isInRange(message.sequence())) {
            arrivals.add(message);
            arrivals.announce();
            accepted(message.sequence());
        }
    }

    @GuardedBy("this")
    protected final void accept(Frame frame, long sequence, long timestampNanos)
    {
        received(frame.length());
        if (isInRange(sequence)) {
            arrivals.add(frame, sequence, timestampNanos);
            accepted(sequence);
        }
    }

    @GuardedBy("this")
    private boolean isInRange(long sequence)
    {
        if (!progress.contains(sequence)) {
            endOfRange();
            return false;
        }
        return true;
    }

    @GuardedBy("this")
    private void accepted(long sequence)
    {
        stall.progressed();
        progress.read(sequence);
        if (progress.isComplete()) {
            complete();
        }
        else if (progress.remaining() <= 0) {
            // a driver with a limit may want no more than that: it comes back if it does, see [#advance()]
            arrivals.announce();
        }
    }

    /// Whether all messages that were expected have been taken, so that it is time to ask for the end.
    @GuardedBy("this")
    protected final boolean isDue()
    {
        return progress.remaining() <= 0 && undrained() == 0 && !isConfirming();
    }

    /// Nothing is left in the range, up to its very end.
    @GuardedBy("this")
    protected final void endOfRange()
    {
        progress.finish();
        complete();
    }

    final synchronized void countGaps()
    {
        progress.countGaps();
    }

    /// Asks the leader of the stream whether the range has more. Counts may be old, and a replica may be behind; neither
    /// must end a range early.
    @GuardedBy("this")
    protected void confirmEnd()
    {
        askLeader(MessageGetRequest.nextForSubject(progress.next(), range.filter().orElse(">")), next -> {
            if (next.isEmpty() || !progress.contains(next.orElseThrow().sequence())) {
                progress.finish();
                confirmCompletion();
            }
            else if (next.orElseThrow().sequence() < progress.next()) {
                // it has come in the meantime
                confirmEnd();
            }
            else {
                progress.expect(range.lastSequence() - progress.next() + 1);
                proceed();
            }
        });
    }

    /// One question at a time: does nothing as long as an answer is awaited.
    @GuardedBy("this")
    protected final void askLeader(MessageGetRequest request, Consumer<Optional<StreamMessage>> onAnswer)
    {
        if (isConfirming()) {
            return;
        }
        question.ask(LeaderGet.get(openChannel, stream, request, stall.patience(connection.requestTimeout())), this::update, (answer, error) -> {
            if (error == null) {
                onAnswer.accept(answer);
            }
            else {
                failOrRecover("no answer to the question for the end of the range", error);
            }
        });
    }

    @GuardedBy("this")
    protected final boolean isConfirming()
    {
        return question.isAwaited();
    }

    /// Ends here, and leaves the rest of the range to another reader.
    @GuardedBy("this")
    protected final void handOver(Function<SubjectRange, RangeReader> successor)
    {
        SubjectRange rest = progress.rest();
        this.successor = Optional.of(() -> successor.apply(rest));
        complete();
    }

    @Override
    protected final void stopReading()
    {
        connection.removeConnectionListener(connectionListener);
        if (watchdog != null) {
            watchdog.cancel(false);
        }
        release();
    }

    /// Starts again at the next sequence, soon.
    @GuardedBy("this")
    protected final void recover(String problem)
    {
        if (isDone() || isCompleting()) {
            return;
        }
        long pauseMillis = stall.failed(problem);
        stats.recovered();
        question.forget();
        opening = true;
        release();
        try {
            connection.watchdogExecutor().schedule(() -> update(this::open), pauseMillis, MILLISECONDS);
        }
        catch (RejectedExecutionException e) {
            failShutDown();
        }
    }

    /// Starts again, unless the server has refused.
    @GuardedBy("this")
    protected final void failOrRecover(String problem, Throwable error)
    {
        NatsErrors.refusal(error).ifPresentOrElse(this::fail, () -> recover(problem + ": " + error.getMessage()));
    }

    @GuardedBy("this")
    private void failShutDown()
    {
        fail(new TrinoException(NATS_SCAN_STALLED, "The NATS catalog was shut down during a scan of stream " + stream));
    }

    @GuardedBy("this")
    private void onConnectionChange()
    {
        if (connection.isClosed()) {
            failShutDown();
        }
        else if (!opening) {
            recover("the connection was lost");
        }
    }

    @GuardedBy("this")
    private void watch()
    {
        if (arrivals.isReady()) {
            // too few so far to wake the driver, or it is busy elsewhere
            stall.progressed();
            arrivals.announce();
            return;
        }
        if (stall.stalledNanos() > connection.stallTimeout().toNanos()) {
            fail(stall.timeout(stream, progress, connection.serverErrors()));
            return;
        }
        if (isCompleting()) {
            confirmCompletion();
            return;
        }
        confirmArrivals();
        advance();
    }

    @Override
    public final synchronized long expiredSequences()
    {
        return progress.expired();
    }

    @Override
    public final synchronized Optional<RangeReader> successor()
    {
        return successor.map(Supplier::get);
    }
}
