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
package io.streamlance.trino.lance;

import com.google.common.collect.ImmutableMap;
import io.airlift.units.Duration;
import io.streamlance.trino.lance.namespace.rest.RestAuthenticationConfig;
import io.streamlance.trino.lance.namespace.rest.RestNamespaceConfig;
import io.streamlance.trino.lance.namespace.rest.RestTlsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

import static io.airlift.configuration.testing.ConfigAssertions.assertFullMapping;
import static io.airlift.configuration.testing.ConfigAssertions.assertRecordedDefaults;
import static io.airlift.configuration.testing.ConfigAssertions.recordDefaults;
import static java.util.concurrent.TimeUnit.SECONDS;

final class TestRestNamespaceConfig
{
    @TempDir
    private Path directory;

    @Test
    void testDefaults()
    {
        assertRecordedDefaults(recordDefaults(RestNamespaceConfig.class)
                .setUri(null)
                .setDelimiter("$")
                .setHeadersFile(null)
                .setRequestTimeout(new Duration(30, SECONDS))
                .setMaxAttempts(5));
        assertRecordedDefaults(recordDefaults(RestAuthenticationConfig.class)
                .setToken(null)
                .setOauth2TokenUri(null)
                .setOauth2ClientId(null)
                .setOauth2ClientSecret(null)
                .setOauth2Scope(null));
        assertRecordedDefaults(recordDefaults(RestTlsConfig.class)
                .setTrustStore(null)
                .setTrustStorePassword(null));
    }

    @Test
    void testExplicitPropertyMappings()
            throws IOException
    {
        Path file = Files.createFile(directory.resolve("file"));
        assertFullMapping(
                ImmutableMap.<String, String>builder()
                        .put("lance.namespace.uri", "https://lake.example.com/lance")
                        .put("lance.namespace.delimiter", ".")
                        .put("lance.namespace.headers-file", file.toString())
                        .put("lance.namespace.request-timeout", "7s")
                        .put("lance.namespace.max-attempts", "2")
                        .buildOrThrow(),
                new RestNamespaceConfig()
                        .setUri(URI.create("https://lake.example.com/lance"))
                        .setDelimiter(".")
                        .setHeadersFile(file.toFile())
                        .setRequestTimeout(new Duration(7, SECONDS))
                        .setMaxAttempts(2));
        assertFullMapping(
                Map.of(
                        "lance.namespace.oauth2.token-uri", "https://login.example.com/token",
                        "lance.namespace.oauth2.client-id", "trino",
                        "lance.namespace.oauth2.client-secret", "secret",
                        "lance.namespace.oauth2.scope", "read"),
                new RestAuthenticationConfig()
                        .setOauth2TokenUri(URI.create("https://login.example.com/token"))
                        .setOauth2ClientId("trino")
                        .setOauth2ClientSecret("secret")
                        .setOauth2Scope("read"),
                // excludes the others
                Set.of("lance.namespace.auth.token"));
        assertFullMapping(
                Map.of("lance.namespace.tls.truststore-path", file.toString(), "lance.namespace.tls.truststore-password", "secret"),
                new RestTlsConfig()
                        .setTrustStore(file.toFile())
                        .setTrustStorePassword("secret"));
    }
}
