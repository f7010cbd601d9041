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

import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Messages that are larger than a split may hold, among small ones.
final class TestNatsLargeMessages
        extends AbstractTestNatsStreams
{
    private static final int LARGE = 900_000;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        startServer();
        return NatsQueryRunner.builder(server).addConnectorProperty("nats.max-buffered-bytes", "256kB").build();
    }

    @Test
    void testLargeMessages()
            throws Exception
    {
        management().addStream(TestingNatsServer.stream("LARGE", "large.>").build());
        for (int i = 0; i < 5; i++) {
            publish("large.small", "{\"a\": 1, \"p\": \"x\"}");
            publish("large.large", "{\"a\": 2, \"p\": \"%s\"}".formatted("x".repeat(LARGE)));
            publish("large.small", "{\"a\": 3, \"p\": \"x\"}");
        }
        assertThat(query("SELECT a, count(*), sum(length(p)) FROM streams.large GROUP BY a"))
                .matches("VALUES (BIGINT '1', BIGINT '5', BIGINT '5'), (BIGINT '2', BIGINT '5', BIGINT '%s'), (BIGINT '3', BIGINT '5', BIGINT '5')".formatted(5L * LARGE));
    }
}
