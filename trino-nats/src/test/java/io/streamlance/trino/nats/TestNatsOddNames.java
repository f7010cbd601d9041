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

import io.nats.client.Message;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Locale.ENGLISH;
import static org.assertj.core.api.Assertions.assertThat;

/// Streams whose names the server takes and the client library refuses: their tables fail, others work.
final class TestNatsOddNames
        extends AbstractTestNatsStreams
{
    private static final List<String> NAMES = List.of("$ODD-näme", "日本");

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        startServer();
        return NatsQueryRunner.builder(server).build();
    }

    @Test
    void testNames()
            throws Exception
    {
        // more streams than are looked up one by one
        for (int i = 0; i < 7; i++) {
            management().addStream(TestingNatsServer.stream("PLAIN" + i, "plain%s.>".formatted(i)).build());
            publish("plain%s.a".formatted(i), "{\"a\": 1}");
        }
        for (String name : NAMES) {
            createStream(name);
            assertThat(query("SHOW TABLES FROM streams")).result().onlyColumnAsSet().contains(name.toLowerCase(ENGLISH));
            assertQueryFails("DESCRIBE streams.\"%s\"".formatted(name), "Cannot describe stream \\Q%s\\E: the NATS client library refuses a name: .* must be of printable ASCII characters".formatted(name));
            assertQueryFails("SELECT * FROM streams.\"%s\"".formatted(name), "Cannot describe stream .* must be of printable ASCII characters");
        }
        assertThat(query("SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'streams' AND column_name = 'a'"))
                .matches("SELECT 'plain' || CAST(n AS varchar) FROM UNNEST(sequence(0, 6)) t(n)");
        assertThat(query("SELECT a FROM streams.plain3")).matches("VALUES BIGINT '1'");
        assertThat(query("SELECT count(*) FROM system.streams WHERE stream LIKE 'PLAIN%'")).matches("VALUES BIGINT '7'");
        assertThat(query("SELECT count(*) FROM system.consumers")).matches("VALUES BIGINT '0'");
    }

    private void createStream(String name)
            throws Exception
    {
        String request = "{\"name\":\"%s\",\"subjects\":[\"odd%s.>\"],\"storage\":\"memory\"}".formatted(name, NAMES.indexOf(name));
        Message answer = connection.request("$JS.API.STREAM.CREATE." + name, request.getBytes(UTF_8), Duration.ofSeconds(20));
        assertThat(new String(answer.getData(), UTF_8)).doesNotContain("\"error\"");
    }
}
