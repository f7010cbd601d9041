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
import io.nats.client.Dispatcher;
import io.nats.client.JetStream;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.PublishAck;
import io.trino.testing.AbstractTestQueryFramework;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.TestInstance.Lifecycle.PER_CLASS;

/// A server of its own for a test, and a connection to publish with.
@TestInstance(PER_CLASS)
abstract class AbstractTestNatsStreams
        extends AbstractTestQueryFramework
{
    private static final int ACK_WINDOW = 4000;

    protected TestingNatsServer server;
    protected Connection connection;

    protected final void startServer()
    {
        server = closeAfterClass(new TestingNatsServer());
        connection = server.connect();
    }

    @AfterAll
    final void closeConnection()
            throws Exception
    {
        connection.close();
    }

    protected final JetStreamManagement management()
            throws Exception
    {
        return connection.jetStreamManagement();
    }

    protected final void publish(String subject, String... payloads)
            throws Exception
    {
        for (String payload : payloads) {
            connection.jetStream().publish(subject, payload.getBytes(UTF_8));
        }
    }

    /// `%s` in subject and payload is the number of the message, from 0.
    protected final void publishMany(int count, String subject, String payload)
            throws Exception
    {
        publishMany(connection, count, subject, payload);
    }

    protected static void publishMany(Connection connection, int count, String subject, String payload)
            throws Exception
    {
        JetStream jetStream = connection.jetStream();
        List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            acks.add(jetStream.publishAsync(subject.formatted(i), payload.formatted(i).getBytes(UTF_8)));
            if (acks.size() == ACK_WINDOW) {
                acks.forEach(CompletableFuture::join);
                acks.clear();
            }
        }
        acks.forEach(CompletableFuture::join);
    }

    /// What the query asks of JetStream, subject and request. Requests are messages, too, so a test can listen to them.
    protected final List<String> requestsOf(String sql)
            throws Exception
    {
        List<String> requests = new CopyOnWriteArrayList<>();
        Dispatcher dispatcher = connection.createDispatcher(message -> requests.add(message.getSubject() + " " + new String(message.getData(), UTF_8)));
        try {
            dispatcher.subscribe("$JS.API.>");
            connection.flush(Duration.ofSeconds(5));
            computeActual(sql);
            connection.flush(Duration.ofSeconds(5));
        }
        finally {
            connection.closeDispatcher(dispatcher);
        }
        return requests;
    }
}
