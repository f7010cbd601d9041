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

import com.google.common.collect.ImmutableList;
import io.airlift.units.Duration;
import io.nats.client.Connection;
import io.nats.client.api.StreamConfiguration;
import io.streamlance.trino.nats.NatsConfig;
import io.streamlance.trino.nats.TestingNatsServer;
import io.streamlance.trino.nats.client.NatsConnection.Channel;
import io.trino.spi.TrinoException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.util.Optional;

import static io.trino.testing.assertions.Assert.assertEventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.TestInstance.Lifecycle.PER_CLASS;

/// Trino interrupts its threads when a query is cancelled, and the client library drops what such a thread sends: no other
/// query may notice, and nothing may be left on the server.
@TestInstance(PER_CLASS)
final class TestNatsConnection
{
    private static final int MESSAGES = 100;

    private TestingNatsServer server;
    private NatsConnection connection;

    @BeforeAll
    void start()
            throws Exception
    {
        server = new TestingNatsServer();
        try (Connection publisher = server.connect()) {
            publisher.jetStreamManagement().addStream(StreamConfiguration.builder().name("S").subjects("s").build());
            for (int i = 0; i < MESSAGES; i++) {
                publisher.jetStream().publish("s", "a message".getBytes(UTF_8));
            }
        }
    }

    @AfterAll
    void stop()
            throws Exception
    {
        server.close();
    }

    @BeforeEach
    void open()
    {
        connection = new NatsConnection(new NatsConfig().setServers(ImmutableList.of(server.url())));
    }

    @AfterEach
    void close()
    {
        Thread.interrupted();
        connection.close();
    }

    @Test
    void testFirstRequestOnInterruptedThread()
            throws Exception
    {
        Channel opened = connection.channel();
        Thread.currentThread().interrupt();
        LeaderGet.next(opened, "S", 1, Optional.empty(), ofSeconds(1));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(LeaderGet.next(opened, "S", 1, Optional.empty(), ofSeconds(10)).get()).isPresent();
    }

    @Test
    void testConnectOnInterruptedThread()
            throws Exception
    {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> connection.connect())
                .hasMessageStartingWith("Interrupted while connecting to NATS server");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(LeaderGet.next(connection.channel(), "S", 1, Optional.empty(), ofSeconds(10)).get()).isPresent();
    }

    @Test
    void testReaderClosedOnInterruptedThread()
            throws Exception
    {
        try (Connection observer = server.connect()) {
            RangeReader reader = reader();
            reader.isBlocked().get(10, SECONDS);
            assertThat(observer.jetStreamManagement().getConsumerNames("S")).hasSize(1);

            Thread.currentThread().interrupt();
            reader.close();

            assertThat(Thread.interrupted()).isTrue();
            assertEventually(new Duration(5, SECONDS), () -> assertThat(observer.jetStreamManagement().getConsumerNames("S")).isEmpty());
        }
    }

    @Test
    void testClosedConnection()
    {
        connection.close();
        assertThatThrownBy(() -> connection.connect())
                .hasMessage("The NATS catalog is shut down");
    }

    /// An error must not leave the driver waiting for a watchdog that has ended.
    @Test
    void testErrorOfWatchdog()
            throws Exception
    {
        AbstractRangeReader reader = new AbstractRangeReader(connection, new ReaderStats(), "S", new SubjectRange(Optional.empty(), 1, MESSAGES, MESSAGES), new MessageParts(true, false, false))
        {
            @Override
            protected void begin(Channel channel) {}

            @Override
            protected void advance()
            {
                throw new StackOverflowError("as deep as it gets");
            }

            @Override
            protected void release() {}

            @Override
            protected void proceed() {}

            @Override
            protected void receive(Frame frame) {}

            @Override
            protected void flushed() {}
        };
        reader.start();
        reader.isBlocked().get(10, SECONDS);
        assertThatThrownBy(reader::drain)
                .isInstanceOf(TrinoException.class)
                .hasMessage("Reading messages failed: java.lang.StackOverflowError: as deep as it gets");
        reader.close();
    }

    /// One that waits for its messages to be taken before it asks for all of them.
    private RangeReader reader()
    {
        ConsumerRangeReader reader = new ConsumerRangeReader(
                connection,
                new ReaderStats(),
                "S",
                new SubjectRange(Optional.empty(), 1, MESSAGES, MESSAGES),
                new MessageParts(true, false, false),
                new BufferLimit(1000, 100),
                new ConsumerFallback(new ConsumerOutages(), false, rest -> {
                    throw new AssertionError("the reader has a consumer for " + rest);
                }));
        reader.start();
        return reader;
    }
}
