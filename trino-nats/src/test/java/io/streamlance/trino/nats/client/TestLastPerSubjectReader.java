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
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StreamInfo;
import io.streamlance.trino.nats.NatsConfig;
import io.streamlance.trino.nats.StreamSource;
import io.streamlance.trino.nats.TestingNatsServer;
import io.streamlance.trino.nats.schema.DataFormat;
import io.streamlance.trino.nats.schema.PayloadFormat;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

final class TestLastPerSubjectReader
{
    private static final int SUBJECTS = 20_000;

    @Test
    void testSubjectsAreAccountedFor()
            throws Exception
    {
        try (TestingNatsServer server = new TestingNatsServer(); Connection publisher = server.connect()) {
            JetStreamManagement management = publisher.jetStreamManagement();
            management.addStream(stream("S", "s.>").build());
            List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
            for (int i = 0; i < SUBJECTS; i++) {
                acks.add(publisher.jetStream().publishAsync("s." + i, "{}".getBytes(UTF_8)));
            }
            acks.forEach(CompletableFuture::join);
            // the server does not say any more up to where the newest messages go, so that another reader looks for missing ones
            management.deleteMessage("S", SUBJECTS);

            StreamInfo info = management.getStreamInfo("S");
            NatsConfig config = new NatsConfig().setServers(ImmutableList.of(server.url()));
            NatsConnection connection = new NatsConnection(config);
            ReaderStats stats = new ReaderStats();
            try {
                RangeReader reader = new RangeReaderFactory(connection, new StreamCatalog(connection), stats, config).open(
                        new StreamSource("S", info.getCreateTime().toInstant(), PayloadFormat.of(DataFormat.JSON), ReadMethod.LAST_PER_SUBJECT, ReadMethod.DIRECT_GET, false, StreamShape.of(info.getStreamState())),
                        new SubjectRange(Optional.empty(), 1, Long.MAX_VALUE, SUBJECTS),
                        new MessageParts(false, false, false));
                Set<String> subjects = new HashSet<>();
                long mostBytes = 0;
                int readers = 1;
                while (true) {
                    reader.isBlocked().get(30, SECONDS);
                    if (reader.isFinished()) {
                        Optional<RangeReader> successor = reader.successor();
                        reader.close();
                        if (successor.isEmpty()) {
                            break;
                        }
                        reader = successor.orElseThrow();
                        readers++;
                        continue;
                    }
                    MessageBatch messages = reader.drain();
                    for (int i = 0; i < messages.count(); i++) {
                        assertThat(subjects.add(messages.subject(i).value())).isTrue();
                    }
                    mostBytes = Math.max(mostBytes, reader.bufferedBytes());
                }
                assertThat(subjects).hasSize(SUBJECTS - 1);
                assertThat(readers).isEqualTo(2);
                // a string, its array and an entry of a map
                assertThat(mostBytes).isGreaterThan(SUBJECTS * 100L);
                assertThat(stats.getRecoveries()).isZero();
                assertThat(stats.getOpenReaders()).isZero();
            }
            finally {
                connection.close();
            }
        }
    }
}
