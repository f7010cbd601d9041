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
package io.streamlance.server.demo;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

import static java.nio.charset.StandardCharsets.UTF_8;

/// Publishes messages to a new stream; every one is acknowledged by the server. Prints how far it is.
final class Publisher
        implements AutoCloseable
{
    private static final int UNACKNOWLEDGED = 4000;
    private static final int PROGRESS_STEP = 50_000;

    private final JetStream jetStream;
    private final String stream;
    private final Queue<CompletableFuture<PublishAck>> acks = new ArrayDeque<>();
    private int published;

    Publisher(Connection connection, String stream, String description, String... subjects)
            throws Exception
    {
        connection.jetStreamManagement().addStream(StreamConfiguration.builder()
                .name(stream)
                .description(description)
                .subjects(subjects)
                .storageType(StorageType.File)
                .allowDirect(true)
                .build());
        this.jetStream = connection.jetStream();
        this.stream = stream;
    }

    void publish(String subject, String payload)
    {
        if (acks.size() >= UNACKNOWLEDGED) {
            acks.remove().join();
        }
        acks.add(jetStream.publishAsync(subject, payload.getBytes(UTF_8)));
        published++;
        if (published % PROGRESS_STEP == 0) {
            System.out.printf("  %s: %,d messages%n", stream, published);
        }
    }

    @Override
    public void close()
    {
        acks.forEach(CompletableFuture::join);
        System.out.printf("  %s: %,d messages, all acknowledged%n", stream, published);
    }
}
