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
package io.streamlance.trino.nats.client;

import com.google.common.collect.ImmutableSet;
import io.nats.client.AuthenticationException;
import io.nats.client.JetStreamApiException;
import io.trino.spi.ErrorCode;
import io.trino.spi.TrinoException;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import static com.google.common.base.Throwables.getCausalChain;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_API_ERROR;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_AUTHENTICATION_ERROR;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_CONNECTION_ERROR;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_PERMISSION_DENIED;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_STREAM_REPLACED;

/// Turns what the client library throws into errors that name the object and say what to do.
public final class NatsErrors
{
    /// JetStream API error codes, see the server's `errors.json`.
    static final int STREAM_NOT_FOUND = 10059;
    static final int NO_MESSAGE_FOUND = 10037;
    static final int INACTIVE_THRESHOLD_EXCEEDED = 10153;
    private static final int UNAVAILABLE = 503;
    private static final int JETSTREAM_NOT_ENABLED = 10076;
    private static final int JETSTREAM_NOT_ENABLED_FOR_ACCOUNT = 10039;

    private static final Set<ErrorCode> REFUSALS = ImmutableSet.of(NATS_API_ERROR.toErrorCode(), NATS_PERMISSION_DENIED.toErrorCode(), NATS_STREAM_REPLACED.toErrorCode());

    private NatsErrors() {}

    /// Whether the server makes no consumer of a stream that it has, for example because there are too many: the messages can
    /// be read without one.
    static boolean isConsumerRefused(int errorCode, int apiErrorCode)
    {
        return errorCode != UNAVAILABLE && apiErrorCode != STREAM_NOT_FOUND && apiErrorCode != JETSTREAM_NOT_ENABLED && apiErrorCode != JETSTREAM_NOT_ENABLED_FOR_ACCOUNT;
    }

    /// True for what passes, such as the election of a leader, and so is worth another attempt.
    static boolean isTransient(int errorCode, int apiErrorCode)
    {
        return errorCode == UNAVAILABLE && apiErrorCode != JETSTREAM_NOT_ENABLED && apiErrorCode != JETSTREAM_NOT_ENABLED_FOR_ACCOUNT;
    }

    /// What the server has decided, so that it is no use to ask again; empty for all that may pass.
    static Optional<TrinoException> refusal(Throwable error)
    {
        Throwable cause = error instanceof CompletionException || error instanceof ExecutionException ? error.getCause() : error;
        return cause instanceof TrinoException exception && REFUSALS.contains(exception.getErrorCode()) ? Optional.of(exception) : Optional.empty();
    }

    /// A query must not mix the messages of two streams.
    static void checkSameStream(String stream, Instant planned, Instant current)
    {
        if (!current.equals(planned)) {
            throw new TrinoException(NATS_STREAM_REPLACED, "Stream %s was deleted and made again while the query ran, the stream that the query was planned for is gone. Run the query again".formatted(stream));
        }
    }

    static TrinoException connectionFailed(List<String> servers, Exception cause)
    {
        boolean refused = getCausalChain(cause).stream().anyMatch(AuthenticationException.class::isInstance) ||
                (cause.getMessage() != null && cause.getMessage().contains("Authorization Violation"));
        if (refused) {
            return new TrinoException(
                    NATS_AUTHENTICATION_ERROR,
                    "NATS servers %s refused the credentials, check nats.user and nats.password".formatted(servers),
                    cause);
        }
        return new TrinoException(
                NATS_CONNECTION_ERROR,
                "Cannot connect to NATS servers %s: %s. Check nats.servers and that the server is running".formatted(servers, cause.getMessage()),
                cause);
    }

    static TrinoException requestFailed(String action, IOException cause)
    {
        return new TrinoException(NATS_CONNECTION_ERROR, "NATS did not answer: %s: %s. Check that the servers run and have JetStream turned on".formatted(action, cause.getMessage()), cause);
    }

    static TrinoException apiFailed(String action, JetStreamApiException cause)
    {
        return apiFailed(action, cause.getApiErrorCode(), cause.getErrorDescription(), cause);
    }

    static TrinoException apiFailed(String action, int apiErrorCode, String description, Throwable cause)
    {
        String hint = switch (apiErrorCode) {
            case JETSTREAM_NOT_ENABLED, JETSTREAM_NOT_ENABLED_FOR_ACCOUNT -> ". Turn JetStream on for the server and the account";
            default -> "";
        };
        return new TrinoException(NATS_API_ERROR, "JetStream error: %s: %s [%s]%s".formatted(action, description, apiErrorCode, hint), cause);
    }
}
