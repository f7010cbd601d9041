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
import io.nats.client.JetStreamManagement;
import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.nio.file.Files;
import java.nio.file.Path;

import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static org.junit.jupiter.api.TestInstance.Lifecycle.PER_CLASS;

/// Tables that have no stream, or more than one.
@TestInstance(PER_CLASS)
final class TestNatsTableNames
        extends AbstractTestQueryFramework
{
    private Connection connection;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        TestingNatsServer server = closeAfterClass(new TestingNatsServer());
        connection = server.connect();
        management().addStream(stream("TRADES", "trades.>").build());
        Path descriptions = server.createDirectory("descriptions");
        Files.writeString(descriptions.resolve("lost.json"),
                """
                {"tableName": "lost", "subject": "nobody.listens", "message": {"dataFormat": "raw", "fields": [{"name": "body", "type": "varbinary"}]}}
                """);
        return NatsQueryRunner.builder(server)
                .addConnectorProperty("nats.table-description-dir", descriptions.toString())
                .addConnectorProperty("nats.schema-cache-ttl", "0s")
                .build();
    }

    @AfterAll
    void closeConnection()
            throws Exception
    {
        connection.close();
    }

    private JetStreamManagement management()
            throws Exception
    {
        return connection.jetStreamManagement();
    }

    @Test
    void testAmbiguousStream()
            throws Exception
    {
        management().addStream(stream("Twice", "twice.a").build());
        management().addStream(stream("TWICE", "twice.b").build());
        assertQueryFails("SELECT * FROM streams.twice", "Table streams.twice may be any of the streams \\[.*\\]. Describe the one you want in a file of nats.table-description-dir");
        management().deleteStream("Twice");
        management().deleteStream("TWICE");
    }

    @Test
    void testMissingStream()
    {
        assertQueryFails("SELECT * FROM \"default\".lost", "No stream captures subject 'nobody.listens'. Create one, or name the stream in the description of table default.lost");
        assertQueryFails("SELECT * FROM streams.nothing", ".*Table 'nats.streams.nothing' does not exist");
    }

    @Test
    void testListingsLeaveOutWhatCannotBeQueried()
            throws Exception
    {
        management().addStream(stream("Either", "either.a").build());
        management().addStream(stream("EITHER", "either.b").build());
        assertQuery("SELECT count_if(table_name = 'either'), count_if(table_name = 'trades') > 0 FROM information_schema.columns WHERE table_schema = 'streams'", "VALUES (0, true)");
        // the columns of a described table are known without its stream
        assertQuery("SELECT table_name FROM information_schema.columns WHERE table_schema = 'default' AND column_name = 'body'", "VALUES 'lost'");
        management().deleteStream("Either");
        management().deleteStream("EITHER");
    }
}
