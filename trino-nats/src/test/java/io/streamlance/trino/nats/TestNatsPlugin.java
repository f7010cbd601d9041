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
import io.streamlance.trino.nats.schema.TableDescriptions;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.Connector;
import io.trino.spi.connector.ConnectorFactory;
import io.trino.spi.connector.SchemaTableName;
import io.trino.testing.TestingConnectorContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import static com.google.common.collect.Iterables.getOnlyElement;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_TABLE_DESCRIPTION_ERROR;
import static io.trino.type.InternalTypeManager.TESTING_TYPE_MANAGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TestNatsPlugin
{
    private static final Map<String, String> SERVERS = ImmutableMap.of("nats.servers", "nats://127.0.0.1:1");

    private static final SchemaTableName TABLE = new SchemaTableName("default", "t");

    @TempDir
    private Path directory;

    @Test
    void testCreateConnector()
    {
        // no server is needed to start
        Connector connector = create(SERVERS);
        assertThat(connector.getSessionProperties()).extracting("name").contains("split_strategy", "decode_error");
        connector.shutdown();
    }

    @Test
    void testMissingServers()
    {
        assertThatThrownBy(() -> create(ImmutableMap.of())).hasMessageContaining("nats.servers is required, for example nats.servers=nats://localhost:4222");
    }

    @Test
    void testUnknownProperty()
    {
        assertThatThrownBy(() -> create(ImmutableMap.<String, String>builder().putAll(SERVERS).put("nats.serverz", "x").buildOrThrow()))
                .hasMessageContaining("Configuration property 'nats.serverz' was not used");
    }

    @Test
    void testBadTableDescriptions()
            throws IOException
    {
        assertDescriptionFails("{", "not JSON in line 1: Unexpected end-of-input");
        assertDescriptionFails("{\"tableName\": \"t\", \"message\": {\"dataFormat\": \"json\"}}", "stream or subject is missing");
        assertDescriptionFails("{\"subject\": \"a\", \"message\": {\"dataFormat\": \"json\"}}", "tableName is missing");
        assertDescriptionFails("{\"tableName\": \"t\", \"subject\": \"a\", \"message\": {\"dataFormat\": \"xml\"}}", "Unknown dataFormat 'xml', known are: json, cbor, smile, msgpack, csv, avro, protobuf, text, raw");
        assertDescriptionFails("{\"tableName\": \"t\", \"subject\": \"a\", \"typo\": 1, \"message\": {\"dataFormat\": \"json\"}}", "unknown key 'typo', expected one of [comment, message, schemaName, ");
        assertDescriptionFails("{\"tableName\": \"t\", \"subject\": \"a.b\", \"subjectColumns\": [{\"name\": \"x\", \"token\": \"two\"}], \"message\": {\"dataFormat\": \"json\"}}", "subjectColumns [0] token: ");
        assertDescriptionFails("{\"tableName\": \"t\", \"subject\": \"a\", \"message\": {\"dataFormat\": \"json\", \"fields\": [null]}}", "message.fields has a null");
        assertDescriptionFails("{\"schemaName\": \"system\", \"tableName\": \"t\", \"subject\": \"a\", \"message\": {\"dataFormat\": \"json\"}}", "schema 'system' is for the connector's own tables");
        assertDescriptionFails("{\"tableName\": \"t\", \"subject\": \"a..b\", \"message\": {\"dataFormat\": \"json\"}}", "subject 'a..b' is not valid");
        assertDescriptionFails(
                "{\"tableName\": \"t\", \"subject\": \"a.>\", \"subjectColumns\": [{\"name\": \"x\", \"token\": 2}], \"message\": {\"dataFormat\": \"json\"}}",
                "subject column 'x' is token 2, which subject 'a.>' does not have");
        assertDescriptionFails(
                "{\"tableName\": \"t\", \"subject\": \"a\", \"message\": {\"dataFormat\": \"json\", \"fields\": [{\"name\": \"x\", \"type\": \"bignit\"}]}}",
                "'bignit', the type of field 'x', is not a type of Trino");
        assertDescriptionFails(
                "{\"tableName\": \"t\", \"subject\": \"a\", \"message\": {\"dataFormat\": \"json\", \"fields\": [{\"name\": \"_subject\", \"type\": \"varchar\"}]}}",
                "column '_subject' occurs twice or is the name of a hidden column");
        assertDescriptionFails(
                "{\"tableName\": \"t\", \"subject\": \"a\", \"message\": {\"dataFormat\": \"json\", \"fields\": [{\"name\": \"x\", \"type\": \"timestamp(3)\", \"dataFormat\": \"lunar\"}]}}",
                "field 'x': unknown dataFormat 'lunar' for a date or time");
    }

    @Test
    void testBadPayloadDescriptions()
            throws IOException
    {
        Files.writeString(directory.resolve("trade.avsc"),
                """
                {"type": "record", "name": "Trade", "fields": [{"name": "id", "type": "long"}, {"name": "either", "type": ["int", "string"]}]}
                """);
        Files.writeString(directory.resolve("broken.avsc"), "{");
        Files.write(directory.resolve("empty.desc"), new byte[0]);
        assertPayloadFails("\"dataFormat\": \"json\", \"dataSchema\": \"trade.avsc\"", "message.dataSchema is not used by dataFormat json");
        assertPayloadFails("\"dataFormat\": \"json\", \"delimiter\": \";\"", "message.delimiter is not used by dataFormat json");
        assertPayloadFails("\"dataFormat\": \"avro\", \"dataSchema\": \"trade.avsc\", \"messageType\": \"Trade\"", "message.messageType is not used by dataFormat avro");
        assertPayloadFails("\"dataFormat\": \"avro\"", "message.dataSchema is missing, the schema file of dataFormat avro");
        assertPayloadFails("\"dataFormat\": \"avro\", \"dataSchema\": \"nothing.avsc\"", "message.dataSchema %s cannot be read".formatted(directory.resolve("nothing.avsc")));
        assertPayloadFails("\"dataFormat\": \"avro\", \"dataSchema\": \"broken.avsc\"", "message.dataSchema is not an Avro schema");
        assertPayloadFails("\"dataFormat\": \"avro\", \"dataSchema\": \"trade.avsc\"", "field 'either' of the schema: a union must have one type beside null");
        assertPayloadFails(
                "\"dataFormat\": \"avro\", \"dataSchema\": \"trade.avsc\", \"fields\": [{\"name\": \"id\", \"type\": \"varchar\"}]",
                "field 'id': type varchar does not hold values that the schema has as bigint");
        assertPayloadFails("\"dataFormat\": \"protobuf\", \"dataSchema\": \"empty.desc\"", "message.messageType is missing");
        assertPayloadFails("\"dataFormat\": \"protobuf\", \"dataSchema\": \"empty.desc\", \"messageType\": \"a.B\"", "message.messageType 'a.B' is not in the descriptor set");
        assertPayloadFails("\"dataFormat\": \"csv\", \"fields\": [{\"name\": \"id\", \"type\": \"bigint\"}]", "field 'id': mapping 'id' is not the position of a CSV value");
        assertPayloadFails("\"dataFormat\": \"csv\", \"fields\": [{\"name\": \"id\", \"mapping\": \"0\", \"type\": \"array(bigint)\"}]", "field 'id': type array(bigint) cannot be in CSV");
        assertPayloadFails(
                "\"dataFormat\": \"raw\", \"fields\": [{\"name\": \"body\", \"mapping\": \"x\", \"type\": \"varbinary\"}]",
                "mapping, dataFormat and formatHint of field 'body' do not apply to dataFormat raw");
        assertPayloadFails(
                "\"dataFormat\": \"cbor\", \"fields\": [{\"name\": \"x\", \"type\": \"bigint\", \"formatHint\": \"yyyy\"}]",
                "field 'x': formatHint does not apply to bigint");
        assertPayloadFails(
                "\"dataFormat\": \"json\", \"fields\": [{\"name\": \"x\", \"type\": \"date\", \"formatHint\": \"yyyy\"}]",
                "field 'x': formatHint applies to dataFormat 'custom-date-time' only");
    }

    private void assertPayloadFails(String message, String error)
            throws IOException
    {
        assertDescriptionFails("{\"tableName\": \"t\", \"subject\": \"a\", \"message\": {%s}}".formatted(message), error);
    }

    /// The catalog starts, and the table of the description fails.
    private void assertDescriptionFails(String description, String message)
            throws IOException
    {
        Path file = Files.writeString(directory.resolve("t.json"), description);
        TableDescriptions descriptions = new TableDescriptions(new NatsConfig().setTableDescriptionDir(directory.toFile()), TESTING_TYPE_MANAGER);
        assertThat(descriptions.names()).containsExactly(TABLE);
        assertThat(descriptions.usable(TABLE)).isEmpty();
        assertThatThrownBy(() -> descriptions.table(TABLE))
                .isInstanceOfSatisfying(TrinoException.class, e -> assertThat(e.getErrorCode()).isEqualTo(NATS_TABLE_DESCRIPTION_ERROR.toErrorCode()))
                .hasMessageStartingWith("Table description %s: ".formatted(file))
                .hasMessageContaining(message);
        create(ImmutableMap.<String, String>builder().putAll(SERVERS).put("nats.table-description-dir", directory.toString()).buildOrThrow()).shutdown();
    }

    private static Connector create(Map<String, String> properties)
    {
        ConnectorFactory factory = getOnlyElement(new NatsPlugin().getConnectorFactories());
        return factory.create("nats", ImmutableMap.<String, String>builder()
                .putAll(properties)
                .put("bootstrap.quiet", "true")
                .buildOrThrow(), new TestingConnectorContext());
    }
}
