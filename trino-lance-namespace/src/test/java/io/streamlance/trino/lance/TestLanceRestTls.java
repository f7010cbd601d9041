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

import io.trino.testing.AbstractTestQueryFramework;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.QueryRunner;
import org.junit.jupiter.api.Test;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

import static io.streamlance.trino.lance.RestCatalogs.write;
import static io.trino.testing.TestingSession.testSessionBuilder;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// A REST namespace behind TLS with a certificate that only the catalog's trust store knows.
final class TestLanceRestTls
        extends AbstractTestQueryFramework
{
    private static final String PASSWORD = "trust-password";

    private DistributedQueryRunner queryRunner;
    private Path directory;
    private KeyStore keys;
    private RestProxy proxy;

    @Override
    protected QueryRunner createQueryRunner()
            throws Exception
    {
        queryRunner = DistributedQueryRunner.builder(testSessionBuilder().build())
                .setWorkerCount(0)
                .build();
        queryRunner.installPlugin(new LancePlugin());
        directory = queryRunner.getCoordinator().getBaseDataDir();
        Path root = Files.createDirectories(directory.resolve("tls"));
        try (LanceTestData data = new LanceTestData(root)) {
            write(data, 1, "t");
        }
        keys = createKeyStore();
        RestNamespaceServer server = closeAfterClass(new RestNamespaceServer(root));
        proxy = closeAfterClass(RestProxy.withTls(server.uri(), serverContext()));
        return queryRunner;
    }

    @Test
    void testTrustStores()
            throws Exception
    {
        createCatalog("pkcs12", Map.of(
                "lance.namespace.tls.truststore-path", keyStoreFile().toString(),
                "lance.namespace.tls.truststore-password", PASSWORD));
        assertQuery("SELECT id FROM pkcs12.\"default\".t", "VALUES 1");

        String certificate = Base64.getMimeEncoder().encodeToString(keys.getCertificate("server").getEncoded());
        Path pem = Files.writeString(directory.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n".formatted(certificate));
        createCatalog("pem", Map.of("lance.namespace.tls.truststore-path", pem.toString()));
        assertQuery("SELECT id FROM pem.\"default\".t", "VALUES 1");
    }

    @Test
    void testUntrustedServer()
    {
        proxy.takeRequests();
        createCatalog("untrusted", Map.of("lance.namespace.auth.token", "token-secret"));
        assertQueryFails("SELECT id FROM untrusted.\"default\".t", "Cannot describe the table \\[t] in the Lance namespace https://.*SSLHandshakeException.*");
        assertThat(proxy.takeRequests()).isEmpty();
    }

    @Test
    void testUnreadableTrustStore()
            throws IOException
    {
        Path garbage = Files.writeString(directory.resolve("garbage.p12"), "garbage");
        assertThatThrownBy(() -> createCatalog("garbage", Map.of("lance.namespace.tls.truststore-path", garbage.toString())))
                .hasStackTraceContaining("Cannot read the trust store " + garbage);
        assertThatThrownBy(() -> createCatalog("wrong_password", Map.of(
                "lance.namespace.tls.truststore-path", keyStoreFile().toString(),
                "lance.namespace.tls.truststore-password", "wrong")))
                .hasStackTraceContaining("Cannot read the trust store " + keyStoreFile());
    }

    private void createCatalog(String name, Map<String, String> properties)
    {
        Map<String, String> all = new HashMap<>(properties);
        all.put("lance.namespace.type", "rest");
        all.put("lance.namespace.uri", proxy.uri().toString());
        queryRunner.createCatalog(name, "lance", all);
    }

    private Path keyStoreFile()
    {
        return directory.resolve("server.p12");
    }

    private KeyStore createKeyStore()
            throws IOException, InterruptedException, GeneralSecurityException
    {
        Process keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                keyStoreFile().toString(),
                "-storepass",
                PASSWORD)
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        KeyStore keyStore = KeyStore.getInstance("PKCS12");
        try (InputStream input = Files.newInputStream(keyStoreFile())) {
            keyStore.load(input, PASSWORD.toCharArray());
        }
        return keyStore;
    }

    private SSLContext serverContext()
            throws GeneralSecurityException
    {
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), null, null);
        return context;
    }
}
