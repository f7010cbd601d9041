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
package io.streamlance.trino.lance.namespace.rest;

import io.trino.spi.TrinoException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;

import static io.trino.spi.StandardErrorCode.CONFIGURATION_INVALID;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// Reads the certificates that a catalog trusts.
final class TrustStores
{
    private TrustStores() {}

    static SSLContext createContext(File file, Optional<String> password)
    {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(load(file, password));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        }
        catch (IOException | GeneralSecurityException e) {
            throw new TrinoException(CONFIGURATION_INVALID, "Cannot read the trust store %s of lance.namespace.tls.truststore-path: %s. It must be PEM, PKCS12 or JKS, the latter with lance.namespace.tls.truststore-password".formatted(file, e.getMessage()), e);
        }
    }

    private static KeyStore load(File file, Optional<String> password)
            throws IOException, GeneralSecurityException
    {
        byte[] content = Files.readAllBytes(file.toPath());
        if (!new String(content, ISO_8859_1).contains("-----BEGIN CERTIFICATE-----")) {
            return KeyStore.getInstance(file, password.map(String::toCharArray).orElse(null));
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int index = 0;
        for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(content))) {
            store.setCertificateEntry("certificate-" + index, certificate);
            index++;
        }
        return store;
    }
}
