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

import com.google.common.collect.ImmutableMap;
import com.google.inject.Inject;
import io.trino.spi.TrinoException;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

import static io.trino.spi.StandardErrorCode.CONFIGURATION_INVALID;
import static java.lang.String.CASE_INSENSITIVE_ORDER;
import static java.nio.charset.StandardCharsets.UTF_8;

/// Headers of every request. Their values may be secrets, so they appear in no message.
public class RestHeaders
{
    private final Map<String, String> headers;

    @Inject
    public RestHeaders(RestNamespaceConfig config, RestAuthenticationConfig authentication)
    {
        Map<String, String> headers = new TreeMap<>(CASE_INSENSITIVE_ORDER);
        config.getHeadersFile().ifPresent(file -> headers.putAll(readFile(file)));
        if (headers.containsKey("Authorization") && (authentication.getToken().isPresent() || authentication.getOauth2TokenUri().isPresent())) {
            throw new TrinoException(CONFIGURATION_INVALID, "The header Authorization in %s of lance.namespace.headers-file excludes lance.namespace.auth.token and lance.namespace.oauth2.token-uri".formatted(config.getHeadersFile().orElseThrow()));
        }
        authentication.getToken().ifPresent(token -> headers.put("Authorization", "Bearer " + token));
        headers.forEach(RestHeaders::checkHeader);
        this.headers = ImmutableMap.copyOf(headers);
    }

    void addTo(HttpRequest.Builder request)
    {
        headers.forEach(request::setHeader);
    }

    private static Map<String, String> readFile(File file)
    {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file.toPath(), UTF_8)) {
            properties.load(reader);
        }
        // a wrong Unicode escape is an illegal argument; its message would show a part of the file
        catch (IOException | IllegalArgumentException e) {
            throw new TrinoException(CONFIGURATION_INVALID, "Cannot read %s of lance.namespace.headers-file as a properties file in UTF-8".formatted(file));
        }
        ImmutableMap.Builder<String, String> headers = ImmutableMap.builder();
        properties.stringPropertyNames().forEach(name -> headers.put(name, properties.getProperty(name)));
        return headers.buildOrThrow();
    }

    private static void checkHeader(String name, String value)
    {
        try {
            HttpRequest.newBuilder().setHeader(name, value);
        }
        // the message of this exception may have the value in it
        catch (IllegalArgumentException e) {
            throw new TrinoException(CONFIGURATION_INVALID, "The HTTP header '%s' of lance.namespace.headers-file or lance.namespace.auth.token has a name or a value that cannot be sent".formatted(name));
        }
    }

    @Override
    public String toString()
    {
        return "RestHeaders" + headers.keySet();
    }
}
