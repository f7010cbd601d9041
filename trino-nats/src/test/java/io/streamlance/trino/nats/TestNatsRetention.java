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
import io.nats.client.JetStream;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Locale.ENGLISH;
import static org.assertj.core.api.Assertions.assertThat;

/// A SELECT neither consumes nor holds a message of a stream that other consumers share.
final class TestNatsRetention
        extends AbstractTestQueryFramework
{
    private static final int MESSAGES = 500;

    private TestingNatsServer server;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        server = closeAfterClass(new TestingNatsServer());
        return NatsQueryRunner.builder(server).build();
    }

    @Test
    void testWorkQueue()
            throws Exception
    {
        testSelectLeavesMessages(RetentionPolicy.WorkQueue, true);
        testSelectLeavesMessages(RetentionPolicy.WorkQueue, false);
    }

    @Test
    void testInterest()
            throws Exception
    {
        testSelectLeavesMessages(RetentionPolicy.Interest, true);
        testSelectLeavesMessages(RetentionPolicy.Interest, false);
    }

    private void testSelectLeavesMessages(RetentionPolicy retention, boolean allowDirect)
            throws Exception
    {
        String name = "%s_%s".formatted(retention, allowDirect).toUpperCase(ENGLISH);
        try (Connection connection = server.connect()) {
            JetStreamManagement management = connection.jetStreamManagement();
            StreamConfiguration configuration = stream(name, name + ".>")
                    .retentionPolicy(retention)
                    .allowDirect(allowDirect)
                    .build();
            management.addStream(configuration);
            // an interest stream keeps messages only while somebody has not seen them
            management.addOrUpdateConsumer(name, ConsumerConfiguration.builder().durable("worker").build());
            JetStream jetStream = connection.jetStream();
            for (int i = 0; i < MESSAGES; i++) {
                jetStream.publish(name + "." + i % 5, "{\"i\": %d}".formatted(i).getBytes(UTF_8));
            }
            // a hundred SELECTs
            for (int i = 0; i < 10; i++) {
                assertQuery("SELECT count(*), sum(i) FROM streams." + name, "VALUES (500, 124750)");
                assertQuery("SELECT count(*) FROM streams." + name, "VALUES 500");
                assertQuery("SELECT min(_sequence), max(_sequence) FROM streams." + name, "VALUES (1, 500)");
                assertQuery("SELECT _subject, count(*) FROM streams.%s GROUP BY _subject".formatted(name), "SELECT '%s.' || x, 100 FROM (VALUES '0', '1', '2', '3', '4') t(x)".formatted(name));
                assertQuery("SELECT i FROM streams.%s ORDER BY _sequence DESC LIMIT 2".formatted(name), "VALUES 499, 498");
                assertQuery("SELECT count(i) FROM streams.%s WHERE _timestamp > now() - INTERVAL '1' DAY AND _sequence > 400".formatted(name), "VALUES 100");
                assertQuery("SELECT count(a.i) FROM (SELECT i, _sequence s FROM streams.%1$s) a JOIN (SELECT i, _sequence s FROM streams.%1$s) b ON a.s = b.s WHERE b.i < 5".formatted(name), "VALUES 5");
                assertQuery("SELECT count(i) FROM streams.%s FOR VERSION AS OF 10 WHERE _subject IN ('%s.1', '%s.2')".formatted(name, name, name), "VALUES 4");
                assertQuery("SELECT count(*), sum(i) FROM streams.%s WHERE _subject = '%s.3'".formatted(name, name), "VALUES (100, 25050)");
                assertQuery("SELECT count(*) FROM (SELECT * FROM streams.%s LIMIT 3)".formatted(name), "VALUES 3");
            }
            assertThat(management.getStreamInfo(name).getStreamState().getMsgCount()).isEqualTo(MESSAGES);
            assertThat(management.getConsumerNames(name)).containsExactly("worker");
            assertThat(management.getConsumerInfo(name, "worker").getNumPending()).isEqualTo(MESSAGES);

            // the other consumer sees what it would have seen
            JetStreamSubscription subscription = jetStream.subscribe(null, PullSubscribeOptions.bind(name, "worker"));
            List<Message> messages = subscription.fetch(MESSAGES, Duration.ofSeconds(10));
            assertThat(messages).hasSize(MESSAGES);
            for (Message message : messages) {
                assertThat(message.metaData().deliveredCount()).isEqualTo(1);
                message.ackSync(Duration.ofSeconds(5));
            }
            assertThat(management.getStreamInfo(name).getStreamState().getMsgCount()).isZero();
        }
    }
}
