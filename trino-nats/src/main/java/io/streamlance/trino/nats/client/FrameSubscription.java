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
import io.nats.client.Subscription;
import io.streamlance.trino.nats.client.NatsConnection.Channel;

import java.util.OptionalLong;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

/// A subscription whose messages come as frames. The first one must be the answer to a request, which is sent to the inbox
/// and so makes the number of the subscription known.
final class FrameSubscription
        implements AutoCloseable
{
    private final Channel channel;
    /// Never used twice: late messages for an earlier reader must not be taken for this one's.
    private final String inbox;
    private final FrameHandler handler;
    private final Subscription subscription;

    @GuardedBy("this")
    private OptionalLong number = OptionalLong.empty();
    @GuardedBy("this")
    private boolean closed;

    /// @throws IllegalStateException when the connection is closed
    FrameSubscription(Channel channel, FrameHandler handler)
    {
        this.channel = requireNonNull(channel, "channel is null");
        this.handler = requireNonNull(handler, "handler is null");
        this.inbox = channel.connection().createInbox();
        channel.router().register(inbox, this);
        this.subscription = channel.dispatcher().subscribe(inbox, _ -> {});
    }

    String inbox()
    {
        return inbox;
    }

    /// Called by the router when the first message comes.
    synchronized void register(long number)
    {
        if (!closed) {
            this.number = OptionalLong.of(number);
            channel.router().register(number, handler);
        }
    }

    /// False for a late message to an earlier subscription of the same handler.
    synchronized boolean isOf(Frame frame)
    {
        return number.isPresent() && number.getAsLong() == frame.subscription;
    }

    /// Sends a request whose answers come to this subscription.
    ///
    /// @throws IllegalStateException when the connection is closed
    void request(String subject, String body)
    {
        channel.connection().publish(subject, inbox, body.getBytes(UTF_8));
    }

    @Override
    public void close()
    {
        synchronized (this) {
            closed = true;
            channel.router().unregister(inbox);
            number.ifPresent(channel.router()::unregister);
        }
        try {
            channel.dispatcher().unsubscribe(subscription);
        }
        catch (IllegalStateException e) {
            // the connection is closed and its subscriptions with it
        }
    }
}
