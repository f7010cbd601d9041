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
import io.nats.client.JetStreamManagement;
import io.nats.client.api.Mirror;
import io.nats.client.api.StreamConfiguration;
import io.streamlance.trino.nats.NatsConfig;
import io.streamlance.trino.nats.TestingNatsServer;
import org.junit.jupiter.api.Test;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import static io.trino.testing.assertions.Assert.assertEventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

final class TestDirectRangeReader
{
    private static final int MESSAGES = 1000;

    /// A mirror of some subjects answers the direct gets of its origin as if there were no others.
    @Test
    void testMirrorOfSomeSubjects()
            throws Exception
    {
        try (TestingNatsServer server = new TestingNatsServer(); Connection publisher = server.connect()) {
            JetStreamManagement management = publisher.jetStreamManagement();
            management.addStream(StreamConfiguration.builder().name("S").subjects("s.*").allowDirect(true).build());
            management.addStream(StreamConfiguration.builder().name("M").mirror(Mirror.builder().name("S").filterSubject("s.0").build()).mirrorDirect(true).build());
            for (int i = 0; i < MESSAGES; i++) {
                publisher.jetStream().publish("s." + i % 2, "a message".getBytes(UTF_8));
            }
            assertEventually(new Duration(10, SECONDS), () -> assertThat(management.getStreamInfo("M").getStreamState().getMsgCount()).isEqualTo(MESSAGES / 2));

            NatsConnection connection = new NatsConnection(new NatsConfig().setServers(ImmutableList.of(server.url())));
            try {
                AtomicInteger leaderReads = new AtomicInteger();
                // which of the two answers is up to the server
                for (int i = 0; i < 20; i++) {
                    assertThat(read(connection, leaderReads)).isEqualTo(MESSAGES);
                }
                assertThat(leaderReads).hasPositiveValue();
            }
            finally {
                connection.close();
            }
        }
    }

    private static long read(NatsConnection connection, AtomicInteger leaderReads)
            throws Exception
    {
        ReaderStats stats = new ReaderStats();
        MessageParts parts = new MessageParts(true, false, false);
        DirectRangeReader direct = new DirectRangeReader(connection, stats, "S", new SubjectRange(Optional.empty(), 1, MESSAGES, MESSAGES), parts, new BufferLimit(100_000, 100), rest -> {
            leaderReads.incrementAndGet();
            MessageGetRangeReader leader = new MessageGetRangeReader(connection, stats, "S", rest, parts, new BufferLimit(100_000, 100));
            leader.start();
            return leader;
        });
        direct.start();
        long messages = drain(direct);
        Optional<RangeReader> successor = direct.successor();
        return successor.isEmpty() ? messages : messages + drain(successor.orElseThrow());
    }

    private static long drain(RangeReader reader)
            throws Exception
    {
        long messages = 0;
        try (reader) {
            while (!reader.isFinished()) {
                reader.isBlocked().get(10, SECONDS);
                messages += reader.drain().count();
            }
        }
        return messages;
    }
}
