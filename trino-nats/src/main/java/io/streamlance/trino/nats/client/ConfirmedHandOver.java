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

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

import static java.util.Objects.requireNonNull;

/// Hands messages over when it is sure that they are of the stream that the query was planned for: one with the same name may
/// have taken its place. Messages do not tell, and so the server is asked after they have come, see [StreamCheck].
abstract class ConfirmedHandOver
        extends MessageHandOver
{
    protected final NatsConnection connection;
    protected final String stream;

    @GuardedBy("this")
    protected final StallWatch stall = new StallWatch();
    /// Of the last time that the connection was opened.
    @GuardedBy("this")
    protected Channel openChannel;
    /// When the stream was made that the query was planned for.
    @GuardedBy("this")
    private Optional<Instant> created = Optional.empty();
    /// Whether an answer for messages that have arrived, or for the end of the range, is awaited.
    @GuardedBy("this")
    private boolean asking;
    @GuardedBy("this")
    private boolean completing;

    protected ConfirmedHandOver(NatsConnection connection, ReaderStats stats, String stream, MessageParts parts)
    {
        super(stats, parts);
        this.connection = requireNonNull(connection, "connection is null");
        this.stream = requireNonNull(stream, "stream is null");
    }

    /// Reads only from the stream that was made at this time.
    final synchronized void expectStream(Instant created)
    {
        this.created = Optional.of(created);
        if (holdsMessages()) {
            arrivals.hold();
        }
    }

    /// False when the reader knows the stream of its messages before they come.
    protected boolean holdsMessages()
    {
        return true;
    }

    /// Drops what serves reading, here and on the server.
    @GuardedBy("this")
    protected abstract void release();

    /// Nothing is left to be read.
    @GuardedBy("this")
    protected final void complete()
    {
        if (holdsMessages()) {
            confirmCompletion();
        }
        else {
            end();
        }
    }

    /// Whether nothing is left to be read, and the end is still to be confirmed.
    @GuardedBy("this")
    protected final boolean isCompleting()
    {
        return completing;
    }

    /// Ends as soon as it is sure that the stream which has no more is the one that was planned.
    @GuardedBy("this")
    protected final void confirmCompletion()
    {
        completing = true;
        release();
        confirm(() -> {
            arrivals.confirmAll();
            end();
        });
    }

    /// Hands over what has arrived as soon as it is sure of which stream it is.
    @GuardedBy("this")
    protected final void confirmArrivals()
    {
        if (holdsMessages() && !asking && arrivals.seal()) {
            confirm(() -> {
                arrivals.confirmSealed();
                confirmArrivals();
            });
        }
    }

    @GuardedBy("this")
    private void confirm(Runnable onSame)
    {
        if (asking) {
            return;
        }
        asking = true;
        boolean asksForEnd = completing;
        checkStream(
                () -> {
                    asking = false;
                    if (completing && !asksForEnd) {
                        // asked before the end was known
                        arrivals.confirmSealed();
                        confirmCompletion();
                    }
                    else {
                        onSame.run();
                    }
                },
                problem -> {
                    // the watchdog asks again
                    asking = false;
                    stall.failed(problem);
                });
    }

    /// Fails the reader when the stream is not the one that was planned.
    @GuardedBy("this")
    protected final void checkStream(Runnable onSame, Consumer<String> onNoAnswer)
    {
        if (created.isEmpty()) {
            onSame.run();
            return;
        }
        StreamCheck.check(openChannel.connection(), stream, created.orElseThrow(), stall.patience(connection.requestTimeout())).whenComplete((_, error) -> update(() -> {
            if (error == null) {
                onSame.run();
            }
            else {
                NatsErrors.refusal(error).ifPresentOrElse(this::fail, () -> onNoAnswer.accept("no answer to the question for the stream: " + error.getMessage()));
            }
        }));
    }
}
