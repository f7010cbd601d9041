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

import io.nats.client.api.MessageGetRequest;
import io.trino.spi.TrinoException;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.util.concurrent.Uninterruptibles.sleepUninterruptibly;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_CONNECTION_ERROR;
import static java.time.Duration.ofMillis;
import static java.util.Objects.requireNonNull;

/// Many message gets of one stream, each repeated until the request timeout if it is not answered.
final class PipelinedGet
{
    private static final long RETRY_DELAY_MILLIS = 100;

    private final NatsConnection connection;
    private final String stream;

    PipelinedGet(NatsConnection connection, String stream)
    {
        this.connection = requireNonNull(connection, "connection is null");
        this.stream = requireNonNull(stream, "stream is null");
    }

    Optional<StreamMessage> get(MessageGetRequest request)
    {
        return await(new Pending(request, send(request)));
    }

    void get(List<MessageGetRequest> requests, int inFlight, Consumer<Optional<StreamMessage>> answers)
    {
        checkArgument(inFlight > 0, "inFlight is not positive: %s", inFlight);
        Iterator<MessageGetRequest> remaining = requests.iterator();
        Queue<Pending> pending = new ArrayDeque<>();
        while (remaining.hasNext() || !pending.isEmpty()) {
            while (remaining.hasNext() && pending.size() < inFlight) {
                MessageGetRequest request = remaining.next();
                pending.add(new Pending(request, send(request)));
            }
            answers.accept(await(pending.remove()));
        }
    }

    private CompletableFuture<Optional<StreamMessage>> send(MessageGetRequest request)
    {
        return LeaderGet.get(connection.channel(), stream, request, connection.attemptTimeout());
    }

    private Optional<StreamMessage> await(Pending pending)
    {
        long deadline = System.nanoTime() + connection.requestTimeout().toNanos();
        CompletableFuture<Optional<StreamMessage>> answer = pending.answer();
        while (true) {
            try {
                return answer.get();
            }
            catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new TrinoException(NATS_CONNECTION_ERROR, "Interrupted while reading stream " + stream, e);
            }
            catch (ExecutionException | CancellationException e) {
                NatsErrors.refusal(e).ifPresent(refusal -> {
                    throw refusal;
                });
                Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
                if (System.nanoTime() >= deadline) {
                    throw NatsErrors.requestFailed("read stream " + stream, new IOException(cause.getMessage(), cause));
                }
                // a request that was on its way when the server went down, or one that came before the server was back
                sleepUninterruptibly(ofMillis(RETRY_DELAY_MILLIS));
                answer = send(pending.request());
            }
        }
    }

    private record Pending(MessageGetRequest request, CompletableFuture<Optional<StreamMessage>> answer) {}
}
