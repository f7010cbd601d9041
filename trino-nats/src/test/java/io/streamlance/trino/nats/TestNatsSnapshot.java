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
package io.streamlance.trino.nats;

import io.nats.client.Connection;
import io.nats.client.api.PublishAck;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.TestInstance.Lifecycle.PER_CLASS;

/// A query sees the messages that were there when it began, while others are published.
@TestInstance(PER_CLASS)
final class TestNatsSnapshot
        extends AbstractTestQueryFramework
{
    private Connection connection;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        TestingNatsServer server = closeAfterClass(new TestingNatsServer());
        connection = server.connect();
        return NatsQueryRunner.builder(server).build();
    }

    @AfterAll
    void closeConnection()
            throws Exception
    {
        connection.close();
    }

    private void publish(int messages)
            throws Exception
    {
        List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            acks.add(connection.jetStream().publishAsync("busy", "{\"i\": %s}".formatted(i).getBytes(UTF_8)));
            if (acks.size() == 100) {
                acks.forEach(CompletableFuture::join);
                acks.clear();
            }
        }
        acks.forEach(CompletableFuture::join);
    }

    @Test
    void testGrowingStream()
            throws Exception
    {
        connection.jetStreamManagement().addStream(stream("BUSY", "busy").build());
        publish(1000);
        CompletableFuture<Void> publisher = CompletableFuture.runAsync(() -> {
            try {
                publish(30_000);
            }
            catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        while (!publisher.isDone()) {
            List<Object> row = computeActual("SELECT count(i), max(_sequence), count(DISTINCT _sequence) FROM nats.streams.busy").getMaterializedRows().getFirst().getFields();
            assertThat(row.get(0)).isEqualTo(row.get(1)).isEqualTo(row.get(2));
            List<Object> metadata = computeActual("SELECT count(*), max(_sequence) FROM nats.streams.busy").getMaterializedRows().getFirst().getFields();
            assertThat(metadata.get(0)).isEqualTo(metadata.get(1));
            // both sides of a self-join see the same messages
            assertThat(computeScalar("SELECT count(*) FROM (SELECT max(_sequence) m FROM nats.streams.busy) a JOIN (SELECT count(i) m FROM nats.streams.busy) b ON a.m = b.m")).isEqualTo(1L);
        }
        publisher.get();
    }
}
