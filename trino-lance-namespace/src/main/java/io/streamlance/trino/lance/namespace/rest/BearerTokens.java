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
import com.google.common.base.CharMatcher;
import com.google.common.base.Ticker;
import com.google.common.primitives.Longs;
import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.inject.Inject;
import org.lance.namespace.errors.ErrorCode;
import org.lance.namespace.errors.LanceNamespaceException;
import org.lance.namespace.errors.ServiceUnavailableException;
import org.lance.namespace.errors.UnauthenticatedException;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

import static com.google.common.base.CharMatcher.inRange;
import static com.google.common.base.Throwables.throwIfUnchecked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor;

/// Tokens for OAuth2 client credentials (RFC 6749, section 4.4), kept until shortly before they expire. Concurrent
/// requests share one request for a token, which ends with none of them.
@ThreadSafe
public class BearerTokens
        implements AutoCloseable
{
    // of tokens whose lifetime the server does not tell
    private static final long DEFAULT_LIFETIME_SECONDS = 300;
    private static final long MAX_LIFETIME_SECONDS = Duration.ofDays(365).toSeconds();
    private static final CharMatcher SENDABLE = inRange('!', '~');

    private final RestTransport transport;
    private final RestAuthenticationConfig config;
    private final Ticker ticker = Ticker.systemTicker();
    private final ExecutorService executor = newVirtualThreadPerTaskExecutor();

    @GuardedBy("this")
    private Optional<Future<Token>> newest = Optional.empty();

    @Inject
    public BearerTokens(RestTransport transport, RestAuthenticationConfig config)
    {
        this.transport = requireNonNull(transport, "transport is null");
        this.config = requireNonNull(config, "config is null");
    }

    /// The token to send, or empty if the catalog does not use OAuth2.
    Optional<String> current()
    {
        return config.getOauth2TokenUri().map(uri -> await(newest(uri)).value());
    }

    /// Forgets a token that the server refused, unless there is another one already.
    synchronized void discard(String refused)
    {
        newest = newest.filter(token -> token.state() != Future.State.SUCCESS || !token.resultNow().value().equals(refused));
    }

    private synchronized Future<Token> newest(URI uri)
    {
        Future<Token> token = newest.filter(this::isUsable).orElseGet(() -> submit(uri));
        newest = Optional.of(token);
        return token;
    }

    private Future<Token> submit(URI uri)
    {
        try {
            return executor.submit(() -> requestToken(uri));
        }
        catch (RejectedExecutionException e) {
            throw new ServiceUnavailableException("The catalog was closed", e);
        }
    }

    private boolean isUsable(Future<Token> token)
    {
        return switch (token.state()) {
            case RUNNING -> true;
            case SUCCESS -> token.resultNow().renewAt() - ticker.read() > 0;
            case FAILED, CANCELLED -> false;
        };
    }

    private static Token await(Future<Token> token)
    {
        try {
            return token.get();
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceUnavailableException("Interrupted while waiting for a token", e);
        }
        catch (CancellationException e) {
            throw new ServiceUnavailableException("The catalog was closed", e);
        }
        catch (ExecutionException e) {
            if (e.getCause() instanceof LanceNamespaceException failure) {
                throw new LanceNamespaceException(failure.getErrorCode(), failure.getMessage(), failure);
            }
            throwIfUnchecked(e.getCause());
            throw new IllegalStateException("requesting a token throws no checked exceptions", e);
        }
    }

    private Token requestToken(URI uri)
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
        String token = answer.accessToken();
        if (token == null || token.isEmpty()) {
            throw new UnauthenticatedException("The answer of %s of lance.namespace.oauth2.token-uri has no access_token".formatted(uri));
        }
        // the HTTP client would refuse such a header with the token in its message
        if (!SENDABLE.matchesAllOf(token)) {
            throw new UnauthenticatedException("The access_token of %s of lance.namespace.oauth2.token-uri has characters that no HTTP header can carry".formatted(uri));
        }
        long lifetime = answer.expiresIn() == null ? DEFAULT_LIFETIME_SECONDS : Longs.constrainToRange(answer.expiresIn(), 0, MAX_LIFETIME_SECONDS);
        // a tenth earlier, as clocks differ and requests take time
        return new Token(token, ticker.read() + Duration.ofSeconds(lifetime).toNanos() / 10 * 9);
    }

    private TokenAnswer send(URI uri, HttpRequest request)
    {
        try {
            return transport.send(request, TokenAnswer.class);
        }
        catch (LanceNamespaceException e) {
            // whatever a token endpoint answers, it says nothing about namespaces and tables: not that they are missing, not
            // that they are denied or not offered
            ErrorCode code = switch (e.getErrorCode()) {
                case UNAUTHENTICATED, PERMISSION_DENIED -> ErrorCode.UNAUTHENTICATED;
                case THROTTLING, SERVICE_UNAVAILABLE -> e.getErrorCode();
                default -> ErrorCode.INTERNAL;
            };
            // what the endpoint sent may contain a token
            String reason = code == ErrorCode.INTERNAL ? "it refuses the client or is no token endpoint, look at lance.namespace.oauth2.token-uri, client-id, client-secret and scope" : e.getMessage();
            throw new LanceNamespaceException(code, "No token from %s of lance.namespace.oauth2.token-uri: %s".formatted(uri, reason));
        }
    }

    @Override
    public void close()
    {
        // nobody waits for a token any more
        executor.shutdownNow();
        executor.close();
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

    private record Token(String value, long renewAt)
    {
        @Override
        public String toString()
        {
            return "Token[renewAt=%s]".formatted(renewAt);
        }
    }
}
