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

import com.google.protobuf.DescriptorProtos;
import io.airlift.log.Logger;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label.LABEL_OPTIONAL;
import static com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type.TYPE_MESSAGE;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_TABLE_DESCRIPTION_ERROR;
import static io.streamlance.trino.nats.TestingNatsServer.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/// Tables that have no stream, or more than one.
final class TestNatsTableNames
        extends AbstractTestNatsStreams
{
    private static final Logger log = Logger.get(TestNatsTableNames.class);
    private static final int LISTED = 30;

    private Path descriptions;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        startServer();
        management().addStream(stream("TRADES", "trades.>").build());
        Path descriptions = server.createDirectory("descriptions");
        Files.writeString(descriptions.resolve("lost.json"),
                """
                {"tableName": "lost", "subject": "nobody.listens", "message": {"dataFormat": "raw", "fields": [{"name": "body", "type": "varbinary"}]}}
                """);
        Files.writeString(descriptions.resolve("union.avsc"), "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"either\", \"type\": [\"int\", \"string\"]}]}");
        Files.writeString(descriptions.resolve("recursive.avsc"), "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"next\", \"type\": [\"null\", \"R\"]}]}");
        Files.writeString(descriptions.resolve("empty.avsc"), "{\"type\": \"record\", \"name\": \"R\", \"fields\": []}");
        Files.writeString(descriptions.resolve("within.avsc"), "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"in\", \"type\": {\"type\": \"record\", \"name\": \"S\", \"fields\": []}}]}");
        for (String table : List.of("union", "recursive", "empty", "within")) {
            Files.writeString(descriptions.resolve(table + ".json"),
                    "{\"tableName\": \"%1$s_messages\", \"stream\": \"TRADES\", \"message\": {\"dataFormat\": \"avro\", \"dataSchema\": \"%1$s.avsc\"}}".formatted(table));
        }
        DescriptorProtos.FieldDescriptorProto self = DescriptorProtos.FieldDescriptorProto.newBuilder()
                .setName("next").setNumber(1).setLabel(LABEL_OPTIONAL).setType(TYPE_MESSAGE).setTypeName(".Node").build();
        Files.write(descriptions.resolve("nodes.desc"), DescriptorProtos.FileDescriptorSet.newBuilder()
                .addFile(DescriptorProtos.FileDescriptorProto.newBuilder()
                        .setName("nodes.proto")
                        .addMessageType(DescriptorProtos.DescriptorProto.newBuilder().setName("Node").addField(self))
                        .addMessageType(DescriptorProtos.DescriptorProto.newBuilder().setName("Nothing")))
                .build()
                .toByteArray());
        for (String type : List.of("Node", "Nothing")) {
            Files.writeString(descriptions.resolve(type + ".json"),
                    "{\"tableName\": \"%1$s\", \"stream\": \"TRADES\", \"message\": {\"dataFormat\": \"protobuf\", \"dataSchema\": \"nodes.desc\", \"messageType\": \"%1$s\"}}".formatted(type));
        }
        Files.writeString(descriptions.resolve("broken.json"), "{\"tableName\": ");
        for (int i = 0; i < 2; i++) {
            Files.writeString(descriptions.resolve("twin%s.json".formatted(i)),
                    "{\"tableName\": \"twin\", \"stream\": \"TRADES\", \"message\": {\"dataFormat\": \"text\"}}");
        }
        this.descriptions = descriptions;
        return NatsQueryRunner.builder(server)
                .addConnectorProperty("nats.table-description-dir", descriptions.toString())
                .addConnectorProperty("nats.schema-cache-ttl", "0s")
                .build();
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

    @Test
    void testTablesWhoseDescriptionsCannotBeUsed()
    {
        assertDescriptionFails("union_messages", "union.json", "field 'either' of the schema: a union must have one type beside null");
        assertDescriptionFails("recursive_messages", "recursive.json", "field 'next' of the schema: record R contains itself");
        assertDescriptionFails("within_messages", "within.json", "field 'in' of the schema: record S has no fields");
        assertDescriptionFails("node", "Node.json", "field 'next' of the schema: message Node contains itself");
        assertDescriptionFails("broken", "broken.json", "not JSON in line 1");
        assertDescriptionFails("twin", "twin1.json", "table default.twin is described by %s, too".formatted(descriptions.resolve("twin0.json")));
        // they are there, and do not keep others from being listed or queried
        assertQuery("SELECT count(DISTINCT table_name) FROM information_schema.tables WHERE table_schema = 'default' AND table_name IN ('lost', 'union_messages', 'broken', 'twin')", "VALUES 4");
        assertQuery("SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'default'", "VALUES 'lost'");
        // no columns but the hidden ones
        assertQuery("SELECT count(*) FROM \"default\".empty_messages", "VALUES 0");
        assertQuery("SELECT count(_payload) FROM \"default\".nothing", "VALUES 0");
        assertQuery("SELECT count(*) FROM streams.trades", "VALUES 0");
    }

    private void assertDescriptionFails(String table, String file, String problem)
    {
        assertThat(query("SELECT * FROM \"default\"." + table)).failure()
                .hasErrorCode(NATS_TABLE_DESCRIPTION_ERROR)
                .hasMessageStartingWith("Table description %s: ".formatted(descriptions.resolve(file)))
                .hasMessageContaining(problem);
    }

    @Test
    void testNameInLowerCaseWins()
            throws Exception
    {
        management().addStream(stream("lower", "lower.a").build());
        management().addStream(stream("LOWER", "lower.b").build());
        connection.jetStream().publish("lower.a", "{\"a\": 1}".getBytes(UTF_8));
        assertQuery("SELECT a FROM streams.lower", "VALUES 1");
        assertQuery("SELECT table_name FROM information_schema.columns WHERE table_schema = 'streams' AND column_name = 'a'", "VALUES 'lower'");
        management().deleteStream("lower");
        management().deleteStream("LOWER");
    }

    /// Names are listed once, streams by the page, and not once per table.
    @Test
    void testRequestsOfListings()
            throws Exception
    {
        for (int i = 0; i < LISTED; i++) {
            management().addStream(stream("LISTED_" + i, "listed." + i).build());
        }
        List<String> requests = requestsOf("SELECT count(*) FROM information_schema.columns WHERE table_schema = 'streams' AND table_name LIKE 'listed%'");
        log.info("requests for the columns of %s empty streams: %s", LISTED, requests.size());
        assertThat(requests).filteredOn(request -> request.startsWith("$JS.API.STREAM.NAMES")).hasSize(1);
        assertThat(requests).hasSizeLessThan(5);
        for (int i = 0; i < LISTED; i++) {
            management().deleteStream("LISTED_" + i);
        }
    }
}
