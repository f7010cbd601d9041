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
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.util.List;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static io.trino.spi.StandardErrorCode.INVALID_FUNCTION_ARGUMENT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

final class TestNatsReadSubject
        extends AbstractTestQueryFramework
{
    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        TestingNatsServer server = closeAfterClass(new TestingNatsServer());
        try (Connection connection = server.connect()) {
            connection.jetStreamManagement().addStream(stream("TRADES", "trades.>").build());
            for (int i = 0; i < 3000; i++) {
                String subject = "trades.%s.%s".formatted(i % 3 == 0 ? "xnys" : "xnas", List.of("AAPL", "MSFT", "NVDA", "TSLA", "IBM").get(i % 5));
                connection.jetStream().publishAsync(subject, "{\"id\": %d, \"price\": %d.25}".formatted(i, i).getBytes(UTF_8)).join();
            }
        }
        return NatsQueryRunner.builder(server).build();
    }

    @Test
    void testReadSubject()
    {
        assertThat(query("SELECT * FROM TABLE(system.read_subject(subject => 'trades.*.IBM', columns => DESCRIPTOR(id bigint, _sequence bigint))) WHERE id < 10 AND _sequence > 5"))
                .matches("VALUES (BIGINT '9', BIGINT '10')");
        assertThat(query("SELECT id, price, _subject FROM TABLE(system.read_subject(subject => 'trades.xnys.IBM')) ORDER BY _sequence LIMIT 1"))
                .matches("VALUES (BIGINT '9', 9.25E0, VARCHAR 'trades.xnys.IBM')");
        assertThat(query("SELECT count(*), min(length(body)) FROM TABLE(system.read_subject(subject => 'trades.xnys.>', columns => DESCRIPTOR(body varchar), format => 'text', stream => 'TRADES'))"))
                .matches("VALUES (BIGINT '1000', BIGINT '24')");
        // two of one subject with different columns in one query
        assertThat(query("SELECT a.id FROM TABLE(system.read_subject(subject => 'trades.>', columns => DESCRIPTOR(id bigint))) a JOIN TABLE(system.read_subject(subject => 'trades.>', columns => DESCRIPTOR(price varchar))) b ON b.price = CAST(a.id AS varchar) || '.25' WHERE a.id < 3"))
                .matches("VALUES BIGINT '0', BIGINT '1', BIGINT '2'");
        assertQueryFails("SELECT * FROM TABLE(system.read_subject(subject => 'nobody.listens'))", ".*No stream captures subject 'nobody.listens'. Create one, or name the stream in the argument stream");
        assertQueryFails("SELECT * FROM TABLE(system.read_subject(subject => 'a..b'))", ".*subject 'a..b' is not valid: .*");
        assertQueryFails("SELECT * FROM TABLE(system.read_subject(subject => 'trades.>', stream => 'NONE'))", ".*Stream 'NONE' does not exist. Create it, or correct the name");
        assertQueryFails("SELECT * FROM TABLE(system.read_subject(subject => 'trades.>', columns => DESCRIPTOR(a bigint), format => 'xml'))", ".*Unknown dataFormat 'xml', known are: .*");
        assertQueryFails("SELECT * FROM TABLE(system.read_subject(subject => 'trades.>', columns => DESCRIPTOR(a bigint), format => 'avro'))", ".*message.dataSchema is missing.*");
        assertQueryFails("SELECT * FROM TABLE(system.read_subject(subject => 'trades.>', columns => DESCRIPTOR(_sequence varchar)))", ".*column '_sequence' is of type bigint");
    }

    @Test
    void testWrongArgumentsAreErrorsOfTheUser()
    {
        for (String call : List.of(
                "read_subject(subject => 'nobody.listens')",
                "read_subject(subject => 'trades.>', stream => 'NONE')",
                "infer_columns(subject => 'nobody.listens')",
                "infer_columns(stream => 'NONE')")) {
            assertThat(query("SELECT * FROM TABLE(system.%s)".formatted(call))).failure().hasErrorCode(INVALID_FUNCTION_ARGUMENT);
        }
    }
}
