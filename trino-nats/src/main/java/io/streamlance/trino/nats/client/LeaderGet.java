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
import io.nats.client.Message;
import io.nats.client.api.MessageGetRequest;
import io.streamlance.trino.nats.client.NatsConnection.Channel;
import io.trino.spi.TrinoException;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import static io.streamlance.trino.nats.NatsErrorCode.NATS_CONNECTION_ERROR;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.failedFuture;

/// Message get, which is answered by the leader of a stream and so is never behind.
final class LeaderGet
{
    private LeaderGet() {}

    /// First message at or after `sequence` that matches `filter`, empty when there is none.
    static CompletableFuture<Optional<StreamMessage>> next(Channel channel, String stream, long sequence, Optional<String> filter, Duration timeout)
    {
        return get(channel, stream, MessageGetRequest.nextForSubject(sequence, filter.orElse(">")), timeout);
    }

    static CompletableFuture<Optional<StreamMessage>> get(Channel channel, String stream, MessageGetRequest request, Duration timeout)
    {
        String subject = "$JS.API.STREAM.MSG.GET." + stream;
        return channel.serverErrors().answerOrViolation("read stream " + stream, subject, () -> request(channel.connection(), subject, request.toJson(), timeout))
                .thenApply(response -> {
                    if (response.isStatusMessage()) {
                        throw new TrinoException(NATS_CONNECTION_ERROR, "JetStream is not available: " + response.getStatus().getMessageWithCode());
                    }
                    return MessageGetAnswer.parse(stream, response.getData());
                });
    }

    private static CompletableFuture<Message> request(Connection connection, String subject, String body, Duration timeout)
    {
        try {
            return connection.requestWithTimeout(subject, body.getBytes(UTF_8), timeout);
        }
        catch (IllegalStateException e) {
            // the connection is closed
            return failedFuture(e);
        }
    }
}
