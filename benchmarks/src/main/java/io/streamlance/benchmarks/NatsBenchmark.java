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
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.streamlance.trino.nats.NatsPlugin;
import io.trino.testing.StandaloneQueryRunner;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.nio.charset.StandardCharsets.UTF_8;

/// SQL over a stream on one node, against a raw pull of the same stream in the same run.
public final class NatsBenchmark
{
    private static final String STREAM = "BENCHMARK";
    private static final int SUBJECTS = 100;
    private static final int UNACKNOWLEDGED = 4000;

    private NatsBenchmark() {}

    public static void main(String[] args)
            throws Exception
    {
        if (args.length != 2) {
            System.err.println("usage: NatsBenchmark <NATS URL> <messages>");
            System.exit(2);
        }
        int messages = Integer.parseInt(args[1]);
        try (Connection connection = Nats.connect(Options.builder().server(args[0]).build());
                StandaloneQueryRunner trino = new StandaloneQueryRunner(testSessionBuilder().setCatalog("nats").setSchema("streams").build())) {
            publish(connection, messages);
            trino.installPlugin(new NatsPlugin());
            trino.createCatalog("nats", "nats", Map.of("nats.servers", args[0], "nats.schema-cache-ttl", "1h"));

            double limit = Measurement.report("raw pull, not decoded", 0, () -> RawPull.count(connection, STREAM, messages));
            Measurement.report("aggregate over two JSON fields", limit, () -> {
                trino.execute("SELECT sum(price), max(quantity) FROM benchmark");
                return messages;
            });
            Measurement.report("all eight JSON fields", limit, () -> {
                trino.execute("SELECT count(id), count(symbol), count(price), count(quantity), count(side), count(venue), count(at), count(account) FROM benchmark");
                return messages;
            });
            Measurement.report("no payload: GROUP BY _subject", limit, () -> {
                trino.execute("SELECT _subject, count(*) FROM benchmark GROUP BY _subject");
                return messages;
            });
        }
        System.exit(0);
    }

    private static void publish(Connection connection, int messages)
            throws Exception
    {
        connection.jetStreamManagement().addStream(StreamConfiguration.builder()
                .name(STREAM)
                .subjects("benchmark.*")
                .storageType(StorageType.File)
                .allowDirect(true)
                .build());
        JetStream jetStream = connection.jetStream();
        Queue<CompletableFuture<PublishAck>> acks = new ArrayDeque<>();
        for (int i = 0; i < messages; i++) {
            if (acks.size() >= UNACKNOWLEDGED) {
                acks.remove().join();
            }
            String payload = "{\"id\":%d,\"symbol\":\"SYM%03d\",\"price\":%d.%02d,\"quantity\":%d,\"side\":\"%s\",\"venue\":\"XNYS\",\"at\":\"2026-07-20T13:30:%02d.%06d\",\"account\":\"account-%08d\"}".formatted(
                    i, i % SUBJECTS, 100 + i % 400, i % 100, i % 500, i % 2 == 0 ? "buy" : "sell", i % 60, i % 1_000_000, i % 10_000);
            acks.add(jetStream.publishAsync("benchmark." + i % SUBJECTS, payload.getBytes(UTF_8)));
        }
        acks.forEach(CompletableFuture::join);
        System.out.printf("published %,d messages%n", messages);
    }
}
