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

import io.nats.client.Connection;
import io.nats.client.NUID;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;

import java.time.Duration;
import java.util.List;

/// The one kind of consumer this connector makes: unacknowledged, in memory, on one server, forgotten by the server
/// when it is not used. It leaves no trace in the stream and no message is held for it.
final class EphemeralConsumer
{
    /// A reader whose driver pauses for longer makes a new consumer, see [ConsumerRangeReader].
    private static final Duration INACTIVE_THRESHOLD = Duration.ofSeconds(10);

    private EphemeralConsumer() {}

    static ConsumerConfiguration configuration(List<String> filters, long firstSequence, boolean headersOnly)
    {
        return builder(headersOnly)
                .deliverPolicy(DeliverPolicy.ByStartSequence)
                .startSequence(firstSequence)
                .filterSubjects(filters)
                .build();
    }

    /// Delivers the newest message of every subject that matches `filter`, in the order of their sequences, then later ones.
    static ConsumerConfiguration lastPerSubject(String filter, boolean headersOnly)
    {
        return builder(headersOnly)
                .deliverPolicy(DeliverPolicy.LastPerSubject)
                .filterSubject(filter)
                .build();
    }

    /// The server then takes a threshold that the stream allows.
    static ConsumerConfiguration withoutThreshold(ConsumerConfiguration configuration)
    {
        return ConsumerConfiguration.builder(configuration)
                .name("trino_" + NUID.nextGlobal())
                .inactiveThreshold(null)
                .build();
    }

    /// Does not wait: what cannot be deleted ends by its inactive threshold.
    static void delete(Connection connection, String stream, String consumer)
    {
        try {
            connection.publish("$JS.API.CONSUMER.DELETE.%s.%s".formatted(stream, consumer), new byte[0]);
        }
        catch (IllegalStateException e) {
            // the connection is closed
        }
    }

    private static ConsumerConfiguration.Builder builder(boolean headersOnly)
    {
        return ConsumerConfiguration.builder()
                .name("trino_" + NUID.nextGlobal())
                .ackPolicy(AckPolicy.None)
                .memStorage(true)
                .numReplicas(1)
                .maxDeliver(1)
                .headersOnly(headersOnly)
                .inactiveThreshold(INACTIVE_THRESHOLD);
    }
}
