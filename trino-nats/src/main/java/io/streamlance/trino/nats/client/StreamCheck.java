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

import io.nats.client.Connection;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import io.nats.client.support.Status;
import io.trino.spi.TrinoException;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import static io.nats.client.support.JsonValueUtils.readInteger;
import static io.nats.client.support.JsonValueUtils.readString;
import static io.nats.client.support.JsonValueUtils.readValue;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_CONNECTION_ERROR;
import static java.util.concurrent.CompletableFuture.failedFuture;

/// Asks the server whether a stream is still the one that a query was planned for. A stream that is deleted and made again
/// under the same name has another creation time, and never the earlier one again: what was read before the answer was read
/// from the stream with that time.
final class StreamCheck
{
    private StreamCheck() {}

    /// Fails with a refusal when the stream is another one, or gone.
    static CompletableFuture<Void> check(Connection connection, String stream, Instant created, Duration timeout)
    {
        try {
            return connection.requestWithTimeout("$JS.API.STREAM.INFO." + stream, new byte[0], timeout)
                    .thenAccept(answer -> {
                        if (answer.isStatusMessage()) {
                            throw new TrinoException(NATS_CONNECTION_ERROR, "JetStream is not available: " + answer.getStatus().getMessageWithCode());
                        }
                        check(stream, created, JsonParser.parseUnchecked(answer.getData()));
                    });
        }
        catch (IllegalStateException e) {
            // the connection is closed
            return failedFuture(e);
        }
    }

    private static void check(String stream, Instant created, JsonValue answer)
    {
        JsonValue error = readValue(answer, "error");
        if (error == null) {
            NatsErrors.checkSameStream(stream, created, Instant.parse(readString(answer, "created")));
            return;
        }
        int apiErrorCode = readInteger(error, "err_code", 0);
        String description = readString(error, "description", "");
        if (readInteger(error, "code", 0) == Status.NO_RESPONDERS_CODE) {
            throw new TrinoException(NATS_CONNECTION_ERROR, "Stream %s is not available: %s [%s]".formatted(stream, description, apiErrorCode));
        }
        throw NatsErrors.apiFailed("scan stream " + stream, apiErrorCode, description, null);
    }
}
