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

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.airlift.units.DataSize;
import io.airlift.units.Duration;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

import static io.airlift.configuration.testing.ConfigAssertions.assertFullMapping;
import static io.airlift.configuration.testing.ConfigAssertions.assertRecordedDefaults;
import static io.airlift.configuration.testing.ConfigAssertions.recordDefaults;
import static io.airlift.testing.ValidationAssertions.assertFailsValidation;
import static io.airlift.units.DataSize.Unit.MEGABYTE;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;

final class TestNatsConfig
{
    @Test
    void testDefaults()
    {
        assertRecordedDefaults(recordDefaults(NatsConfig.class)
                .setServers(ImmutableList.of())
                .setUser(null)
                .setPassword(null)
                .setConnectTimeout(new Duration(2, SECONDS))
                .setRequestTimeout(new Duration(10, SECONDS))
                .setStallTimeout(new Duration(1, MINUTES))
                .setTableDescriptionDir(null)
                .setDefaultSchema("default")
                .setSchemaCacheTtl(new Duration(1, MINUTES))
                .setInferenceSampleSize(200)
                .setSplitStrategy(SplitStrategy.AUTO)
                .setMessagesPerSplit(100_000)
                .setMaxBufferedBytes(DataSize.of(16, MEGABYTE))
                .setDynamicFilteringWaitTimeout(new Duration(1, SECONDS))
                .setOnExpired(ExpiredPolicy.IGNORE)
                .setDecodeError(DecodeErrorPolicy.FAIL)
                .setLastTablesEnabled(true)
                .setMetadataTablesEnabled(true));
    }

    @Test
    void testExplicitPropertyMappings(@TempDir Path directory)
    {
        Map<String, String> properties = ImmutableMap.<String, String>builder()
                .put("nats.servers", "nats://one:4222,nats://two:4222")
                .put("nats.user", "reader")
                .put("nats.password", "secret")
                .put("nats.connect-timeout", "1s")
                .put("nats.request-timeout", "2s")
                .put("nats.stall-timeout", "3s")
                .put("nats.table-description-dir", directory.toString())
                .put("nats.default-schema", "events")
                .put("nats.schema-cache-ttl", "4s")
                .put("nats.inference-sample-size", "5")
                .put("nats.split-strategy", "SUBJECT")
                .put("nats.messages-per-split", "6")
                .put("nats.max-buffered-bytes", "7MB")
                .put("nats.dynamic-filtering.wait-timeout", "3s")
                .put("nats.on-expired", "FAIL")
                .put("nats.decode-error", "SKIP")
                .put("nats.last-tables.enabled", "false")
                .put("nats.metadata-tables.enabled", "false")
                .buildOrThrow();

        NatsConfig expected = new NatsConfig()
                .setServers(ImmutableList.of("nats://one:4222", "nats://two:4222"))
                .setUser("reader")
                .setPassword("secret")
                .setConnectTimeout(new Duration(1, SECONDS))
                .setRequestTimeout(new Duration(2, SECONDS))
                .setStallTimeout(new Duration(3, SECONDS))
                .setTableDescriptionDir(directory.toFile())
                .setDefaultSchema("events")
                .setSchemaCacheTtl(new Duration(4, SECONDS))
                .setInferenceSampleSize(5)
                .setSplitStrategy(SplitStrategy.SUBJECT)
                .setMessagesPerSplit(6)
                .setMaxBufferedBytes(DataSize.of(7, MEGABYTE))
                .setDynamicFilteringWaitTimeout(new Duration(3, SECONDS))
                .setOnExpired(ExpiredPolicy.FAIL)
                .setDecodeError(DecodeErrorPolicy.SKIP)
                .setLastTablesEnabled(false)
                .setMetadataTablesEnabled(false);

        assertFullMapping(properties, expected);
    }

    @Test
    void testValidation()
    {
        assertFailsValidation(new NatsConfig(), "servers", "nats.servers is required, for example nats.servers=nats://localhost:4222", NotEmpty.class);
        assertFailsValidation(
                new NatsConfig().setServers(ImmutableList.of("nats://user:secret@host")),
                "serversWithoutCredentials",
                "nats.servers must not contain credentials, use nats.user and nats.password",
                AssertTrue.class);
        for (String server : ImmutableList.of("tls://host:4222", "http://host", "nats:/host", "")) {
            assertFailsValidation(
                    new NatsConfig().setServers(ImmutableList.of(server)),
                    "serversWithoutOtherSchemes",
                    "nats.servers must be URLs nats://host:port; TLS and other schemes are not supported",
                    AssertTrue.class);
        }
        assertFailsValidation(
                new NatsConfig().setServers(ImmutableList.of("nats://host")).setUser("reader"),
                "userWithPassword",
                "nats.user and nats.password must be set together",
                AssertTrue.class);
        assertFailsValidation(
                new NatsConfig().setServers(ImmutableList.of("nats://host")).setTableDescriptionDir(Path.of("/does/not/exist").toFile()),
                "tableDescriptionDirReadable",
                "nats.table-description-dir is not a readable directory",
                AssertTrue.class);
    }
}
