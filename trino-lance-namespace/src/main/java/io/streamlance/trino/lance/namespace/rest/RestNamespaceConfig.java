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
import io.airlift.units.Duration;
import io.airlift.units.MinDuration;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import java.io.File;
import java.net.URI;
import java.util.Optional;

import static java.util.concurrent.TimeUnit.SECONDS;

/// Where a REST namespace is and how long to wait for it.
public class RestNamespaceConfig
{
    private URI uri;
    private String delimiter = "$";
    private Optional<File> headersFile = Optional.empty();
    private Duration requestTimeout = new Duration(30, SECONDS);
    private int maxAttempts = 5;

    @NotNull
    public URI getUri()
    {
        return uri;
    }

    @Config("lance.namespace.uri")
    @ConfigDescription("Base URI of the REST namespace, without the version: http://host:port or https://host/prefix")
    public RestNamespaceConfig setUri(URI uri)
    {
        this.uri = uri;
        return this;
    }

    @AssertTrue(message = "lance.namespace.uri must be an http or https URI with a host and without user, query and fragment")
    public boolean isUriUsable()
    {
        return uri == null || (isHttp(uri) && uri.getQuery() == null);
    }

    // a URI with a user would be in messages with its password
    static boolean isHttp(URI uri)
    {
        return uri.getScheme() != null
                && (uri.getScheme().equals("http") || uri.getScheme().equals("https"))
                && uri.getHost() != null
                && uri.getUserInfo() == null
                && uri.getFragment() == null;
    }

    // the characters that a name in a path could be mistaken for are no delimiters
    @NotNull
    @Size(min = 1, max = 8)
    @Pattern(regexp = "[^/\\\\%\\p{Cntrl}]*", message = "must not contain slashes, percent signs or control characters")
    public String getDelimiter()
    {
        return delimiter;
    }

    @Config("lance.namespace.delimiter")
    @ConfigDescription("What separates the levels of an identifier in requests; names that contain it cannot be used")
    public RestNamespaceConfig setDelimiter(String delimiter)
    {
        this.delimiter = delimiter;
        return this;
    }

    @NotNull
    public Optional<File> getHeadersFile()
    {
        return headersFile;
    }

    @Config("lance.namespace.headers-file")
    @ConfigDescription("Properties file with HTTP headers of every request, such as x-api-key")
    public RestNamespaceConfig setHeadersFile(File headersFile)
    {
        this.headersFile = Optional.ofNullable(headersFile);
        return this;
    }

    @NotNull
    @MinDuration("100ms")
    public Duration getRequestTimeout()
    {
        return requestTimeout;
    }

    @Config("lance.namespace.request-timeout")
    @ConfigDescription("Time for one request with all its attempts")
    public RestNamespaceConfig setRequestTimeout(Duration requestTimeout)
    {
        this.requestTimeout = requestTimeout;
        return this;
    }

    @Min(1)
    public int getMaxAttempts()
    {
        return maxAttempts;
    }

    @Config("lance.namespace.max-attempts")
    @ConfigDescription("Attempts at a request that is refused with 429 or 5xx or whose connection breaks")
    public RestNamespaceConfig setMaxAttempts(int maxAttempts)
    {
        this.maxAttempts = maxAttempts;
        return this;
    }
}
