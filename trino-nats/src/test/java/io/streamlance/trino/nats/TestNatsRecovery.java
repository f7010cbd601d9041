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

import com.google.common.collect.ImmutableMap;
import io.airlift.units.Duration;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.PublishAck;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.MaterializedResult;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static io.trino.testing.assertions.Assert.assertEventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What happens to scans when the server or its consumers go away.
final class TestNatsRecovery
        extends AbstractTestQueryFramework
{
    private static final int MESSAGES = 300_000;
    private static final String SCAN = "SELECT count(*), sum(i), count(DISTINCT _sequence), max(p) FROM streams.many";

    private TestingNatsServer server;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        server = closeAfterClass(new TestingNatsServer());
        try (Connection connection = server.connect()) {
            connection.jetStreamManagement().addStream(stream("MANY", "many.>").build());
            JetStream jetStream = connection.jetStream();
            List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                acks.add(jetStream.publishAsync("many." + i % 10, "{\"i\": %d, \"p\": \"%s\"}".formatted(i, "x".repeat(100)).getBytes(UTF_8)));
                if (acks.size() == 4000) {
                    acks.forEach(CompletableFuture::join);
                    acks.clear();
                }
            }
            acks.forEach(CompletableFuture::join);
        }
        return NatsQueryRunner.builder(server).build();
    }

    @Test
    void testServerKilledInScan()
            throws Exception
    {
        for (int pause : List.of(50, 400)) {
            CompletableFuture<MaterializedResult> scan = CompletableFuture.supplyAsync(() -> computeActual(SCAN));
            Thread.sleep(pause);
            server.kill();
            server.start();
            assertExact(scan.get());
        }
    }

    @Test
    void testConsumersDeletedInScan()
            throws Exception
    {
        try (Connection connection = server.connect()) {
            JetStreamManagement management = connection.jetStreamManagement();
            CompletableFuture<MaterializedResult> scan = CompletableFuture.supplyAsync(() -> computeActual(SCAN));
            int deleted = 0;
            while (!scan.isDone() && deleted < 50) {
                for (String consumer : management.getConsumerNames("MANY")) {
                    try {
                        management.deleteConsumer("MANY", consumer);
                        deleted++;
                    }
                    catch (io.nats.client.JetStreamApiException e) {
                        // the reader was faster
                    }
                }
            }
            assertThat(deleted).isPositive();
            assertExact(scan.get());
        }
    }

    @Test
    void testNothingIsLeftBehind()
            throws Exception
    {
        try (Connection connection = server.connect()) {
            for (int i = 0; i < 20; i++) {
                computeActual("SELECT count(*) FROM (SELECT i FROM streams.many LIMIT %s)".formatted(i + 1));
                computeActual("SELECT count(*) FROM streams.many WHERE _subject = 'many.%s'".formatted(i % 10));
            }
            assertEventually(new Duration(5, SECONDS), () -> {
                assertThat(connection.jetStreamManagement().getConsumerNames("MANY")).isEmpty();
                assertThat(openReaders()).isNotEmpty().containsOnly(0L);
            });
        }
    }

    private static List<Long> openReaders()
            throws JMException
    {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        List<Long> values = new ArrayList<>();
        for (ObjectName name : server.queryNames(new ObjectName("trino.plugin.nats*:*"), null)) {
            values.add((Long) server.getAttribute(name, "OpenReaders"));
        }
        return values;
    }

    @Test
    void testUnreachableServer()
            throws Exception
    {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        getQueryRunner().createCatalog("unreachable", "nats", ImmutableMap.of("nats.servers", "nats://127.0.0.1:" + port));
        assertQueryFails("SHOW TABLES FROM unreachable.streams", ".*Cannot connect to NATS servers \\[nats://127.0.0.1:%s\\]: .*Check nats.servers and that the server is running".formatted(port));
    }

    @Test
    void testWrongPassword()
            throws Exception
    {
        try (TestingNatsServer secured = new TestingNatsServer("reader", "secret")) {
            getQueryRunner().createCatalog("wrong_password", "nats", ImmutableMap.of("nats.servers", secured.url(), "nats.user", "reader", "nats.password", "wrong-password"));
            assertThatThrownBy(() -> computeActual("SHOW TABLES FROM wrong_password.streams"))
                    .hasMessageContaining("refused the credentials, check nats.user and nats.password")
                    .hasMessageNotContaining("wrong-password");
            getQueryRunner().createCatalog("no_password", "nats", ImmutableMap.of("nats.servers", secured.url()));
            assertQueryFails("SHOW TABLES FROM no_password.streams", ".*refused the credentials, check nats.user and nats.password");
            getQueryRunner().createCatalog("right_password", "nats", ImmutableMap.of("nats.servers", secured.url(), "nats.user", "reader", "nats.password", "secret"));
            assertQueryReturnsEmptyResult("SHOW TABLES FROM right_password.streams");
        }
    }

    private static void assertExact(MaterializedResult result)
    {
        assertThat(result.getMaterializedRows().getFirst().getFields())
                .containsExactly((long) MESSAGES, (long) MESSAGES * (MESSAGES - 1) / 2, (long) MESSAGES, "x".repeat(100));
    }
}
