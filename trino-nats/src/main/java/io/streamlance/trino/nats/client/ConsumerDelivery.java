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

import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerCreateRequest;
import io.streamlance.trino.nats.client.NatsConnection.Channel;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

/// One consumer and the inbox that it delivers to. Guarded by the reader.
final class ConsumerDelivery
{
    static final Duration HEARTBEAT = Duration.ofMillis(500);
    static final byte[] PENDING_BYTES = "Nats-Pending-Bytes".getBytes(US_ASCII);
    private static final byte[] PENDING_MESSAGES = "Nats-Pending-Messages".getBytes(US_ASCII);
    private static final Duration PULL_EXPIRES = Duration.ofSeconds(30);

    private final Channel channel;
    private final String stream;
    private final ConsumerConfiguration configuration;
    private final String createSubject;
    private final String pullSubject;
    private final FrameSubscription subscription;
    private final ServerErrors.Watch violations;

    final PullRequests requests = new PullRequests();
    boolean created;
    long delivered;
    long lastActivityNanos = System.nanoTime();

    /// @param handler takes the answer to the creation of the consumer and the messages
    /// @param onViolation called when the creation, the requests for messages or the inbox are not permitted
    /// @throws IllegalStateException when the connection is closed
    ConsumerDelivery(
            Channel channel,
            String stream,
            ConsumerConfiguration configuration,
            FrameHandler handler,
            BiConsumer<ConsumerDelivery, PermissionViolation> onViolation)
    {
        this.channel = requireNonNull(channel, "channel is null");
        this.stream = requireNonNull(stream, "stream is null");
        this.configuration = requireNonNull(configuration, "configuration is null");
        this.createSubject = "$JS.API.CONSUMER.CREATE.%s.%s".formatted(stream, configuration.getName());
        this.pullSubject = "$JS.API.CONSUMER.MSG.NEXT.%s.%s".formatted(stream, configuration.getName());
        this.subscription = new FrameSubscription(channel, handler);
        this.violations = channel.serverErrors().watch(violation -> onViolation.accept(this, violation), subscription.inbox(), createSubject, pullSubject);
    }

    Channel channel()
    {
        return channel;
    }

    ConsumerConfiguration configuration()
    {
        return configuration;
    }

    String consumer()
    {
        return configuration.getName();
    }

    /// False for a message to another consumer of the same reader.
    boolean isOf(Frame frame)
    {
        return subscription.isOf(frame);
    }

    /// @throws IllegalStateException when the connection is closed
    void create(Optional<String> filter)
    {
        String filterToken = filter.filter(value -> !value.equals(">")).map(value -> "." + value).orElse("");
        subscription.request(createSubject + filterToken, new ConsumerCreateRequest(stream, configuration).toJson());
    }

    /// @throws IllegalStateException when the connection is closed
    void pull(long messages, long bytes)
    {
        if (requests.isEmpty()) {
            lastActivityNanos = System.nanoTime();
        }
        requests.asked(messages, bytes);
        subscription.request(pullSubject, "{\"batch\":%d,\"max_bytes\":%d,\"expires\":%d,\"idle_heartbeat\":%d}".formatted(messages, bytes, PULL_EXPIRES.toNanos(), HEARTBEAT.toNanos()));
    }

    /// Whether less than another request of this size is on its way.
    boolean isRunningOut(long requestBytes)
    {
        return requests.bytes() <= requestBytes;
    }

    /// A request was ended before it had all its messages.
    void ended(FrameHeaders headers)
    {
        requests.served(headers.first(PENDING_MESSAGES).map(Long::parseLong).orElse(requests.messages()), headers.first(PENDING_BYTES).map(Long::parseLong).orElse(0L));
    }

    void stopWatching()
    {
        violations.close();
    }

    void delete()
    {
        subscription.close();
        EphemeralConsumer.delete(channel.connection(), stream, configuration.getName());
    }
}
