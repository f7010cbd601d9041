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

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.base.Ticker;
import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.inject.Inject;
import org.lance.namespace.errors.ErrorCode;
import org.lance.namespace.errors.LanceNamespaceException;
import org.lance.namespace.errors.UnauthenticatedException;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

/// Tokens for OAuth2 client credentials (RFC 6749, section 4.4), kept until shortly before they expire.
@ThreadSafe
public class BearerTokens
{
    // of tokens whose lifetime the server does not tell
    private static final long DEFAULT_LIFETIME_SECONDS = 300;

    private final RestTransport transport;
    private final RestAuthenticationConfig config;
    private final Ticker ticker = Ticker.systemTicker();

    @GuardedBy("this")
    private Optional<String> token = Optional.empty();
    @GuardedBy("this")
    private long renewAt;

    @Inject
    public BearerTokens(RestTransport transport, RestAuthenticationConfig config)
    {
        this.transport = requireNonNull(transport, "transport is null");
        this.config = requireNonNull(config, "config is null");
    }

    /// The token to send, or empty if the catalog does not use OAuth2.
    synchronized Optional<String> current()
    {
        if (config.getOauth2TokenUri().isEmpty()) {
            return Optional.empty();
        }
        if (token.isEmpty() || ticker.read() - renewAt >= 0) {
            TokenAnswer answer = requestToken(config.getOauth2TokenUri().orElseThrow());
            long lifetime = answer.expiresIn() == null ? DEFAULT_LIFETIME_SECONDS : answer.expiresIn();
            // a tenth earlier, as clocks differ and requests take time
            renewAt = ticker.read() + Duration.ofSeconds(lifetime).toNanos() / 10 * 9;
            token = Optional.of(answer.accessToken());
        }
        return token;
    }

    /// Forgets a token that the server refused.
    ///
    /// @return whether there will be another one
    synchronized boolean discard()
    {
        boolean renewable = token.isPresent();
        token = Optional.empty();
        return renewable;
    }

    private TokenAnswer requestToken(URI uri)
    {
        String form = "grant_type=client_credentials" + config.getOauth2Scope().map(scope -> "&scope=" + encode(scope)).orElse("");
        String client = encode(config.getOauth2ClientId().orElseThrow()) + ":" + encode(config.getOauth2ClientSecret().orElseThrow());
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(client.getBytes(UTF_8)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString(form))
                .build();
        TokenAnswer answer = send(uri, request);
        if (answer.accessToken() == null) {
            throw new UnauthenticatedException("The answer of %s of lance.namespace.oauth2.token-uri has no access_token".formatted(uri));
        }
        return answer;
    }

    private TokenAnswer send(URI uri, HttpRequest request)
    {
        try {
            return transport.send(() -> request, TokenAnswer.class);
        }
        catch (LanceNamespaceException e) {
            // what the endpoint sent may contain a token
            String reason = e.getErrorCode() == ErrorCode.INTERNAL ? "it refuses the client or is no token endpoint, look at lance.namespace.oauth2.client-id, client-secret and scope" : e.getMessage();
            throw new LanceNamespaceException(e.getErrorCode(), "No token from %s of lance.namespace.oauth2.token-uri: %s".formatted(uri, reason));
        }
    }

    private static String encode(String text)
    {
        return URLEncoder.encode(text, UTF_8);
    }

    private record TokenAnswer(@JsonProperty("access_token") String accessToken, @JsonProperty("expires_in") Long expiresIn)
    {
        // the token must not get into a log
        @Override
        public String toString()
        {
            return "TokenAnswer[expiresIn=%s]".formatted(expiresIn);
        }
    }
}
