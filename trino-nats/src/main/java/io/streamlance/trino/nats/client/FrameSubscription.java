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
import io.streamlance.trino.nats.client.NatsConnection.Channel;

import java.util.OptionalLong;
import java.util.function.Consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

/// A subscription whose messages come as frames, but for the first one: it is the answer to a request that makes the
/// subscription's number known. Nothing else may be asked for with this inbox before that answer.
final class FrameSubscription
        implements AutoCloseable
{
    private final Channel channel;
    /// Never used twice: late messages for an earlier reader must not be taken for this one's.
    private final String inbox;
    private final FrameHandler handler;
    private final Consumer<Message> firstAnswer;
    private final Subscription subscription;

    @GuardedBy("this")
    private OptionalLong registered = OptionalLong.empty();
    @GuardedBy("this")
    private boolean closed;

    /// @param handler takes all messages after the first one
    FrameSubscription(Channel channel, FrameHandler handler, Consumer<Message> firstAnswer)
    {
        this.channel = requireNonNull(channel, "channel is null");
        this.handler = requireNonNull(handler, "handler is null");
        this.firstAnswer = requireNonNull(firstAnswer, "firstAnswer is null");
        this.inbox = channel.connection().createInbox();
        this.subscription = channel.dispatcher().subscribe(inbox, this::onFirstAnswer);
    }

    private void onFirstAnswer(Message message)
    {
        synchronized (this) {
            if (closed) {
                return;
            }
            registered = OptionalLong.of(Long.parseLong(message.getSID()));
            channel.router().register(registered.getAsLong(), handler);
        }
        firstAnswer.accept(message);
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
            registered.ifPresent(number -> channel.router().unregister(number));
        }
        try {
            channel.dispatcher().unsubscribe(subscription);
        }
        catch (IllegalStateException e) {
            // the connection is closed and its subscriptions with it
        }
    }
}
