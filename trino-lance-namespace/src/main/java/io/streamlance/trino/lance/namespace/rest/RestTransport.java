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

import com.google.inject.Inject;
import dev.failsafe.ExecutionContext;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import org.lance.namespace.errors.InternalException;
import org.lance.namespace.errors.LanceNamespaceException;
import org.lance.namespace.errors.ServiceUnavailableException;

import javax.net.ssl.SSLException;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

/// Sends requests and repeats those that may succeed later, all within the request timeout. Requests of this connector
/// only read, so it does no harm if a server sees one twice.
public class RestTransport
        implements AutoCloseable
{
    private static final Duration FIRST_DELAY = Duration.ofMillis(50);
    private static final Duration MAX_DELAY = Duration.ofSeconds(5);
    private static final double JITTER = 0.2;
    // about a million names; a server that sends more in one page has lost its way
    private static final int MAX_ANSWER_BYTES = 64 << 20;

    private final HttpClient http;
    private final Duration timeout;
    private final RetryPolicy<Object> retries;

    @Inject
    public RestTransport(RestNamespaceConfig config, RestTlsConfig tls)
    {
        timeout = config.getRequestTimeout().toJavaTime();
        retries = RetryPolicy.builder()
                .handle(TransientFailure.class)
                .withMaxAttempts(config.getMaxAttempts())
                .withMaxDuration(timeout)
                .withBackoff(FIRST_DELAY, MAX_DELAY)
                .withDelayFnOn(context -> serverDelay(context.getLastException()), TransientFailure.class)
                .withJitter(JITTER)
                .build();
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                // headers with credentials go to the configured server only
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout);
        tls.getTrustStore().ifPresent(file -> builder.sslContext(TrustStores.createContext(file, tls.getTrustStorePassword())));
        http = builder.build();
    }

    /// @throws LanceNamespaceException with the code of what went wrong
    <T> T send(HttpRequest request, Class<T> answerType)
    {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            return Failsafe.with(retries).get(context -> attempt(context, request, answerType, deadline));
        }
        catch (TransientFailure e) {
            throw e.describe();
        }
        // while it waits for the next attempt
        catch (FailsafeException e) {
            if (e.getCause() instanceof InterruptedException) {
                Thread.currentThread().interrupt();
                throw new ServiceUnavailableException("Interrupted between two attempts", e);
            }
            throw e;
        }
    }

    private <T> T attempt(ExecutionContext<T> context, HttpRequest request, Class<T> answerType, long deadline)
    {
        int attempt = context.getAttemptCount() + 1;
        HttpResponse<byte[]> response = exchange(request, deadline, attempt);
        try {
            return RestAnswers.read(response.statusCode(), response.body(), answerType);
        }
        catch (LanceNamespaceException e) {
            if (!RestAnswers.isTransient(response.statusCode())) {
                throw e;
            }
            Optional<Duration> retryAfter = RetryAfter.read(response.headers(), Instant.now());
            if (retryAfter.isPresent() && deadline - System.nanoTime() < withJitter(retryAfter.orElseThrow()).toNanos()) {
                throw new LanceNamespaceException(e.getErrorCode(), "%s (attempt %s; the server wants the next one in %s s, which is beyond lance.namespace.request-timeout)".formatted(e.getMessage(), attempt, retryAfter.orElseThrow().toSeconds()), e);
            }
            throw new TransientFailure(e, attempt, retryAfter);
        }
    }

    private static Duration serverDelay(Throwable failure)
    {
        // a negative delay stands for that of the policy
        return ((TransientFailure) failure).retryAfter().map(RestTransport::withJitter).orElse(Duration.ofNanos(-1));
    }

    // so long that jitter does not make it shorter than the server said
    private static Duration withJitter(Duration delay)
    {
        return Duration.ofMillis((long) Math.ceil(delay.toMillis() / (1 - JITTER)));
    }

    private HttpResponse<byte[]> exchange(HttpRequest request, long deadline, int attempt)
    {
        CompletableFuture<HttpResponse<byte[]>> exchange = http.sendAsync(request, _ -> new LimitedBody(MAX_ANSWER_BYTES));
        try {
            // the client's own timeout ends with the headers; a body that never ends has to be cut off as well
            return exchange.get(deadline - System.nanoTime(), NANOSECONDS);
        }
        catch (TimeoutException e) {
            exchange.cancel(true);
            throw new ServiceUnavailableException("No complete answer within %s s (lance.namespace.request-timeout), attempt %s".formatted(timeout.toMillis() / 1000.0, attempt), e);
        }
        catch (InterruptedException e) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw new ServiceUnavailableException("Interrupted while waiting for the answer", e);
        }
        catch (ExecutionException e) {
            // the next one would be as large
            if (e.getCause() instanceof LimitedBody.AnswerTooLargeException tooLarge) {
                throw new InternalException("The server's answer is too large: %s".formatted(tooLarge.getMessage()), tooLarge);
            }
            ServiceUnavailableException failure = new ServiceUnavailableException(describe(e.getCause()), e.getCause());
            // a certificate that is not trusted will not be trusted in a moment
            if (e.getCause() instanceof IOException && !(e.getCause() instanceof SSLException)) {
                throw new TransientFailure(failure, attempt, Optional.empty());
            }
            throw failure;
        }
    }

    private static String describe(Throwable failure)
    {
        // the client has nothing to say about these
        if (failure instanceof ConnectException && failure.getMessage() == null) {
            return "Connection refused, or no route to the server, or no such host";
        }
        return "%s: %s".formatted(failure.getClass().getSimpleName(), failure.getMessage());
    }

    @Override
    public void close()
    {
        // nobody waits for an answer any more
        http.shutdownNow();
        http.close();
    }
}
