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

import io.airlift.configuration.Config;
import io.airlift.configuration.ConfigDescription;
import io.airlift.configuration.ConfigSecuritySensitive;
import jakarta.validation.constraints.NotNull;

import java.io.File;
import java.util.Optional;

/// Whom to trust at the other end of an {@code https} connection.
public class RestTlsConfig
{
    private Optional<File> trustStore = Optional.empty();
    private Optional<String> trustStorePassword = Optional.empty();

    @NotNull
    public Optional<File> getTrustStore()
    {
        return trustStore;
    }

    @Config("lance.namespace.tls.truststore-path")
    @ConfigDescription("PEM, PKCS12 or JKS file with the certificates to trust instead of those of the JVM")
    public RestTlsConfig setTrustStore(File trustStore)
    {
        this.trustStore = Optional.ofNullable(trustStore);
        return this;
    }

    @NotNull
    public Optional<String> getTrustStorePassword()
    {
        return trustStorePassword;
    }

    @Config("lance.namespace.tls.truststore-password")
    @ConfigDescription("Password of a PKCS12 or JKS trust store")
    @ConfigSecuritySensitive
    public RestTlsConfig setTrustStorePassword(String trustStorePassword)
    {
        this.trustStorePassword = Optional.ofNullable(trustStorePassword);
        return this;
    }
}
