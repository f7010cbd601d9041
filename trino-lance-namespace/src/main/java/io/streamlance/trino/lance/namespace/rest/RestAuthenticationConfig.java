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
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotNull;

import java.net.URI;
import java.util.Optional;

/// How the connector proves to a REST namespace who it is: a fixed token, or OAuth2 client credentials.
public class RestAuthenticationConfig
{
    private Optional<String> token = Optional.empty();
    private Optional<URI> oauth2TokenUri = Optional.empty();
    private Optional<String> oauth2ClientId = Optional.empty();
    private Optional<String> oauth2ClientSecret = Optional.empty();
    private Optional<String> oauth2Scope = Optional.empty();

    @NotNull
    public Optional<String> getToken()
    {
        return token;
    }

    @Config("lance.namespace.auth.token")
    @ConfigDescription("Bearer token of every request")
    @ConfigSecuritySensitive
    public RestAuthenticationConfig setToken(String token)
    {
        this.token = Optional.ofNullable(token);
        return this;
    }

    @NotNull
    public Optional<URI> getOauth2TokenUri()
    {
        return oauth2TokenUri;
    }

    @Config("lance.namespace.oauth2.token-uri")
    @ConfigDescription("Endpoint that issues tokens for client credentials")
    public RestAuthenticationConfig setOauth2TokenUri(URI oauth2TokenUri)
    {
        this.oauth2TokenUri = Optional.ofNullable(oauth2TokenUri);
        return this;
    }

    @AssertTrue(message = "lance.namespace.oauth2.token-uri must be an http or https URI with a host and without user and fragment")
    public boolean isOauth2TokenUriUsable()
    {
        return oauth2TokenUri.map(RestNamespaceConfig::isHttp).orElse(true);
    }

    @NotNull
    public Optional<String> getOauth2ClientId()
    {
        return oauth2ClientId;
    }

    @Config("lance.namespace.oauth2.client-id")
    @ConfigDescription("Client that asks for tokens")
    public RestAuthenticationConfig setOauth2ClientId(String oauth2ClientId)
    {
        this.oauth2ClientId = Optional.ofNullable(oauth2ClientId);
        return this;
    }

    @NotNull
    public Optional<String> getOauth2ClientSecret()
    {
        return oauth2ClientSecret;
    }

    @Config("lance.namespace.oauth2.client-secret")
    @ConfigDescription("Secret of the client that asks for tokens")
    @ConfigSecuritySensitive
    public RestAuthenticationConfig setOauth2ClientSecret(String oauth2ClientSecret)
    {
        this.oauth2ClientSecret = Optional.ofNullable(oauth2ClientSecret);
        return this;
    }

    @NotNull
    public Optional<String> getOauth2Scope()
    {
        return oauth2Scope;
    }

    @Config("lance.namespace.oauth2.scope")
    @ConfigDescription("Scope of the tokens, if the endpoint needs one")
    public RestAuthenticationConfig setOauth2Scope(String oauth2Scope)
    {
        this.oauth2Scope = Optional.ofNullable(oauth2Scope);
        return this;
    }

    @AssertTrue(message = "lance.namespace.oauth2.token-uri, lance.namespace.oauth2.client-id and lance.namespace.oauth2.client-secret belong together, and lance.namespace.oauth2.scope to them")
    public boolean isOauth2Complete()
    {
        boolean complete = oauth2TokenUri.isPresent() && oauth2ClientId.isPresent() && oauth2ClientSecret.isPresent();
        boolean absent = oauth2TokenUri.isEmpty() && oauth2ClientId.isEmpty() && oauth2ClientSecret.isEmpty() && oauth2Scope.isEmpty();
        return complete || absent;
    }

    @AssertTrue(message = "lance.namespace.auth.token and lance.namespace.oauth2.token-uri exclude each other")
    public boolean isSingleMethod()
    {
        return token.isEmpty() || oauth2TokenUri.isEmpty();
    }
}
