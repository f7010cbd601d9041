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
import io.trino.spi.TrinoException;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import static io.trino.spi.StandardErrorCode.GENERIC_INTERNAL_ERROR;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;

/// The side of a reader that the driver sees: messages are handed over, until the reader has ended, failed or been closed.
abstract class MessageHandOver
        implements RangeReader
{
    protected final ReaderStats stats;

    @GuardedBy("this")
    protected final Arrivals arrivals;
    @GuardedBy("this")
    private boolean ended;
    @GuardedBy("this")
    private boolean closed;
    /// True once [#close()] was called, whatever had ended the reader before.
    @GuardedBy("this")
    private boolean released;
    @GuardedBy("this")
    private RuntimeException failure;
    @GuardedBy("this")
    private long receivedMessages;
    @GuardedBy("this")
    private long receivedBytes;
    /// How much of it the statistics know, which are told less often.
    @GuardedBy("this")
    private long countedMessages;
    @GuardedBy("this")
    private long countedBytes;

    protected MessageHandOver(ReaderStats stats, MessageParts parts)
    {
        this.stats = requireNonNull(stats, "stats is null");
        this.arrivals = new Arrivals(parts);
    }

    /// Asks for more messages when there is room. Called when messages were taken, and regularly.
    @GuardedBy("this")
    protected abstract void advance();

    /// Drops all that serves reading, here and on the server.
    @GuardedBy("this")
    protected abstract void stopReading();

    /// Changes the state of the reader, as every callback must; does nothing when the reader is done.
    protected final void update(Runnable change)
    {
        Optional<CompletableFuture<Void>> announcement;
        synchronized (this) {
            if (!isDone()) {
                try {
                    change.run();
                }
                catch (RuntimeException e) {
                    // thrown into a thread of the client library or the watchdog it would leave the driver waiting
                    fail(e);
                }
                catch (Error e) {
                    fail(new TrinoException(GENERIC_INTERNAL_ERROR, "Reading messages failed: " + e, e));
                }
            }
            announcement = arrivals.takeAnnouncement();
        }
        announcement.ifPresent(future -> future.complete(null));
    }

    @GuardedBy("this")
    protected final void end()
    {
        ended = true;
        finish();
    }

    @GuardedBy("this")
    protected final void fail(RuntimeException exception)
    {
        if (isDone()) {
            return;
        }
        failure = exception;
        finish();
    }

    @GuardedBy("this")
    private void finish()
    {
        stopReading();
        arrivals.announce();
    }

    @GuardedBy("this")
    protected final boolean isDone()
    {
        return ended || closed || failure != null;
    }

    /// A message has come, whether it is wanted or not.
    @GuardedBy("this")
    protected final void received(int bytes)
    {
        receivedMessages++;
        receivedBytes += bytes;
    }

    @GuardedBy("this")
    private void count()
    {
        stats.received(receivedMessages - countedMessages, receivedBytes - countedBytes);
        countedMessages = receivedMessages;
        countedBytes = receivedBytes;
    }

    @GuardedBy("this")
    protected final int undrained()
    {
        return arrivals.size();
    }

    @Override
    public final synchronized CompletableFuture<?> isBlocked()
    {
        return !arrivals.isReady() && !isDone() ? arrivals.next() : completedFuture(null);
    }

    @Override
    public final MessageBatch drain()
    {
        MessageBatch drained;
        synchronized (this) {
            if (failure != null) {
                throw failure;
            }
            count();
            drained = arrivals.drain();
        }
        update(this::advance);
        return drained;
    }

    @Override
    public final synchronized boolean isFinished()
    {
        return ended && arrivals.size() == 0;
    }

    @Override
    public final synchronized long receivedMessages()
    {
        return receivedMessages;
    }

    @Override
    public final synchronized long receivedBytes()
    {
        return receivedBytes;
    }

    @Override
    public final synchronized long bufferedBytes()
    {
        return arrivals.retainedBytes() + stateBytes();
    }

    /// Memory of what the reader remembers besides messages.
    @GuardedBy("this")
    protected long stateBytes()
    {
        return 0;
    }

    @Override
    public final void close()
    {
        update(() -> {
            closed = true;
            finish();
        });
        synchronized (this) {
            if (!released) {
                released = true;
                count();
                stats.closed();
            }
        }
    }
}
