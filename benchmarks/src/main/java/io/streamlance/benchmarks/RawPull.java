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
package io.streamlance.benchmarks;

import io.nats.client.Connection;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;

import java.time.Duration;
import java.util.function.Consumer;

/// The physical limit of a scan: an unacknowledged pull consumer of the client library, whose messages are only counted.
final class RawPull
{
    private static final int BATCH = 10_000;

    private RawPull() {}

    /// @param consumer gets every payload
    static long count(Connection connection, String stream, long messages, Consumer<byte[]> consumer)
            throws Exception
    {
        ConsumerConfiguration configuration = ConsumerConfiguration.builder()
                .ackPolicy(AckPolicy.None)
                .memStorage(true)
                .build();
        JetStreamSubscription subscription = connection.jetStream().subscribe(null, PullSubscribeOptions.builder().stream(stream).configuration(configuration).build());
        subscription.setPendingLimits(0, 0);
        long received = 0;
        subscription.pullNoWait(BATCH);
        subscription.pullNoWait(BATCH);
        while (received < messages) {
            Message message = subscription.nextMessage(Duration.ofSeconds(5));
            if (message == null) {
                throw new IllegalStateException("only %s of %s messages arrived".formatted(received, messages));
            }
            consumer.accept(message.getData());
            received++;
            if (received % BATCH == 0) {
                subscription.pullNoWait(BATCH);
            }
        }
        subscription.unsubscribe();
        return received;
    }
}
