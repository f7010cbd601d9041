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
import io.nats.client.JetStream;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

import static java.nio.charset.StandardCharsets.UTF_8;

/// A stream of trades: JSON objects of eight fields and about 170 bytes on a hundred subjects, and a rare subject that
/// every thousandth message goes to.
final class TestStream
{
    private static final int SUBJECTS = 100;
    private static final int RARE_EVERY = 1000;
    private static final int UNACKNOWLEDGED = 4000;

    private TestStream() {}

    /// @param name in lower case, also the first token of the subjects
    static void publish(Connection connection, String name, int messages)
            throws Exception
    {
        connection.jetStreamManagement().addStream(StreamConfiguration.builder()
                .name(name)
                .subjects(name + ".>")
                .storageType(StorageType.File)
                .allowDirect(true)
                .build());
        JetStream jetStream = connection.jetStream();
        Queue<CompletableFuture<PublishAck>> acks = new ArrayDeque<>();
        for (int i = 0; i < messages; i++) {
            if (acks.size() >= UNACKNOWLEDGED) {
                acks.remove().join();
            }
            String subject = i % RARE_EVERY == 0 ? name + ".rare" : name + ".common." + i % SUBJECTS;
            acks.add(jetStream.publishAsync(subject, payload(i)));
        }
        acks.forEach(CompletableFuture::join);
        Measurement.OUT.printf("published %,d messages of %d bytes to %s%n", messages, payload(messages - 1).length, name);
    }

    static byte[] payload(int i)
    {
        return "{\"id\":%d,\"symbol\":\"SYM%03d\",\"price\":%d.%02d,\"quantity\":%d,\"side\":\"%s\",\"venue\":\"XNYS\",\"at\":\"2026-07-20T13:30:%02d.%06d\",\"account\":\"account-%08d-of-the-desk\"}".formatted(
                i, i % SUBJECTS, 100 + i % 400, i % 100, i % 500, i % 2 == 0 ? "buy" : "sell", i % 60, i % 1_000_000, i % 10_000).getBytes(UTF_8);
    }
}
