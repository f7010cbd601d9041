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

import com.google.common.collect.ImmutableList;
import com.google.inject.Inject;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.Message;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.MessageGetRequest;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.api.Subject;
import io.streamlance.trino.nats.client.NatsConnection.Channel;
import io.trino.spi.TrinoException;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

import static com.google.common.base.Throwables.throwIfInstanceOf;
import static com.google.common.base.Throwables.throwIfUnchecked;
import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.util.concurrent.Uninterruptibles.sleepUninterruptibly;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_CONNECTION_ERROR;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_PERMISSION_DENIED;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_UNSUPPORTED_NAME;
import static io.streamlance.trino.nats.client.NatsErrors.STREAM_NOT_FOUND;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingLong;
import static java.util.Objects.requireNonNull;

/// What the server knows about its streams. Every call is one or a few requests and blocks for at most the request timeout.
public final class StreamCatalog
{
    /// Most subjects in one answer of the server.
    public static final int SUBJECTS_PER_REQUEST = 100_000;

    private static final String API = "$JS.API.";
    private static final String STREAM_INFO = "STREAM.INFO.";
    private static final Duration RETRY_DELAY = Duration.ofMillis(100);

    /// All subjects, in a way that makes the server look for them.
    private static final List<String> SUBJECTS_BY_LENGTH = ImmutableList.of("*", "*.>");

    private final NatsConnection connection;

    @Inject
    public StreamCatalog(NatsConnection connection)
    {
        this.connection = requireNonNull(connection, "connection is null");
    }

    public List<String> streamNames()
    {
        return call("list streams", "STREAM.NAMES", JetStreamManagement::getStreamNames);
    }

    /// Streams that capture subjects matching `subject`, which may have wildcards.
    public List<String> streamsOfSubject(String subject)
    {
        return call("find the stream of subject " + subject, "STREAM.NAMES", management -> management.getStreamNames(subject));
    }

    public Optional<StreamInfo> streamInfo(String stream)
    {
        return callOptional("describe stream " + stream, STREAM_INFO + stream, connection.attemptTimeout(), management -> management.getStreamInfo(stream));
    }

    /// Fails when the stream is not the one that was planned: what the server said of it before this call may be of another one.
    public void checkSameStream(String stream, Instant created)
    {
        StreamInfo current = call("scan stream " + stream, STREAM_INFO + stream, management -> management.getStreamInfo(stream));
        NatsErrors.checkSameStream(stream, created, current.getCreateTime().toInstant());
    }

    /// As [#streamInfo], for a name that a user wrote.
    public Optional<StreamInfo> findStream(String stream)
    {
        return isStreamName(stream) ? streamInfo(stream) : Optional.empty();
    }

    /// All streams but those whose names the client library refuses.
    public List<StreamInfo> streamInfos()
    {
        return unlessNameIsUnsupported(() -> call("list streams", "STREAM.LIST", JetStreamManagement::getStreams))
                .orElseGet(() -> streamNames().stream()
                        .flatMap(name -> unlessNameIsUnsupported(() -> streamInfo(name)).stream())
                        .flatMap(Optional::stream)
                        .collect(toImmutableList()));
    }

    private static <T> Optional<T> unlessNameIsUnsupported(Supplier<T> request)
    {
        try {
            return Optional.of(request.get());
        }
        catch (TrinoException e) {
            if (e.getErrorCode().equals(NATS_UNSUPPORTED_NAME.toErrorCode())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// Consumers of a stream, none if it does not exist, or if the client library refuses its name or that of a consumer.
    public List<ConsumerInfo> consumers(String stream)
    {
        if (!isStreamName(stream)) {
            return ImmutableList.of();
        }
        return unlessNameIsUnsupported(() -> callOptional("list consumers of stream " + stream, "CONSUMER.LIST." + stream, connection.attemptTimeout(), management -> management.getConsumers(stream)))
                .flatMap(consumers -> consumers)
                .orElse(ImmutableList.of());
    }

    /// True for what the server takes as the name of a stream. Others must not become part of a request's subject.
    public static boolean isStreamName(String name)
    {
        return !name.isEmpty() && name.chars().noneMatch(character -> character <= ' ' || character == 0x7F || ".*>/\\".indexOf(character) >= 0);
    }

    /// Number of messages the stream holds now, per subject that matches `filter`.
    public List<SubjectCount> subjectCounts(String stream, String filter)
    {
        Optional<StreamInfo> info = callOptional(
                "count subjects of stream " + stream,
                STREAM_INFO + stream,
                connection.requestTimeout(),
                management -> management.getStreamInfo(stream, StreamInfoOptions.filterSubjects(filter)));
        List<Subject> subjects = info.map(value -> value.getStreamState().getSubjects()).orElse(ImmutableList.of());
        return subjects.stream()
                .map(subject -> new SubjectCount(subject.getName(), subject.getCount()))
                .collect(toImmutableList());
    }

    /// Exact number of messages that match `filter` from `firstSequence` to the end of the stream, empty when the server makes
    /// no consumer to count them. Must not be called for work-queue or interest streams, where a consumer holds messages.
    public OptionalLong countFrom(String stream, String filter, long firstSequence)
    {
        return countFrom(stream, ImmutableList.of(filter), firstSequence);
    }

    /// As above, for several filters that do not overlap.
    public OptionalLong countFrom(String stream, List<String> filters, long firstSequence)
    {
        ConsumerConfiguration configuration = EphemeralConsumer.withoutThreshold(EphemeralConsumer.configuration(filters, firstSequence, true));
        String subject = "CONSUMER.CREATE.%s.%s".formatted(stream, configuration.getName());
        try {
            return send("count messages of stream " + stream, subject, connection.attemptTimeout(), management -> {
                try {
                    return OptionalLong.of(management.addOrUpdateConsumer(stream, configuration).getNumPending());
                }
                catch (JetStreamApiException e) {
                    if (NatsErrors.isConsumerRefused(e.getErrorCode(), e.getApiErrorCode())) {
                        return OptionalLong.empty();
                    }
                    throw e;
                }
                finally {
                    // also for a query that was cancelled after the request was sent
                    connection.execute(() -> EphemeralConsumer.delete(connection.connect(), stream, configuration.getName()));
                }
            });
        }
        catch (JetStreamApiException e) {
            throw NatsErrors.apiFailed("count messages of stream " + stream, e);
        }
        catch (TrinoException e) {
            if (e.getErrorCode().equals(NATS_PERMISSION_DENIED.toErrorCode())) {
                return OptionalLong.empty();
            }
            throw e;
        }
    }

    /// Messages of a stream, whatever its retention: several requests are on their way at a time, and the stream stays as it is.
    /// Answers come in the order of the requests.
    ///
    /// @param inFlight how many requests
    public void messages(String stream, List<MessageGetRequest> requests, int inFlight, Consumer<Optional<StreamMessage>> answers)
    {
        new PipelinedGet(connection, stream).get(requests, inFlight, answers);
    }

    /// The first subjects, at most [#SUBJECTS_PER_REQUEST], that match `filter`, in the order of their names. One request.
    public List<SubjectCount> firstSubjects(String stream, String filter)
    {
        byte[] request = StreamInfoOptions.filterSubjects(filter).toJson().getBytes(UTF_8);
        StreamInfo info = call("list subjects of stream " + stream, STREAM_INFO + stream, connection.requestTimeout(), _ -> {
            StreamInfo answer = new StreamInfo(request(API + STREAM_INFO + stream, request));
            if (answer.hasError()) {
                throw new JetStreamApiException(answer.getErrorObject());
            }
            return answer;
        });
        return info.getStreamState().getSubjects().stream()
                .map(subject -> new SubjectCount(subject.getName(), subject.getCount()))
                .sorted(comparing(SubjectCount::subject))
                .collect(toImmutableList());
    }

    private Message request(String subject, byte[] request)
            throws IOException
    {
        try {
            Message answer = connection.connect().request(subject, request, connection.requestTimeout());
            if (answer == null || answer.isStatusMessage()) {
                throw new IOException(answer == null ? "timeout" : answer.getStatus().getMessageWithCode());
            }
            return answer;
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrinoException(NATS_CONNECTION_ERROR, "Interrupted while waiting for an answer to " + subject, e);
        }
    }

    /// First message at or after `sequence` that matches `filter`.
    public Optional<StreamMessage> nextMessage(String stream, long sequence, String filter)
    {
        return message(stream, MessageGetRequest.nextForSubject(sequence, filter));
    }

    /// First message that was stored at `time` or later.
    public Optional<StreamMessage> firstMessageFrom(String stream, Instant time)
    {
        return message(stream, MessageGetRequest.firstForStartTimeAndSubject(time.atZone(ZoneOffset.UTC), ">"));
    }

    /// Newest message that matches `filter`.
    public Optional<StreamMessage> lastMessage(String stream, String filter)
    {
        Optional<StreamMessage> last = message(stream, MessageGetRequest.lastForSubject(filter));
        if (last.isPresent() || !filter.equals(">")) {
            return last;
        }
        // for all subjects the server looks at its last sequence only, whose message may have been deleted or consumed
        return SUBJECTS_BY_LENGTH.stream()
                .flatMap(subjects -> message(stream, MessageGetRequest.lastForSubject(subjects)).stream())
                .max(comparingLong(StreamMessage::sequence));
    }

    /// The message with this sequence, if it was not deleted.
    public Optional<StreamMessage> message(String stream, long sequence)
    {
        return message(stream, MessageGetRequest.forSequence(sequence));
    }

    /// Asks the leader, as what follows is taken as exact: direct get may be answered by a replica that is behind.
    private Optional<StreamMessage> message(String stream, MessageGetRequest request)
    {
        return new PipelinedGet(connection, stream).get(request);
    }

    private <T> Optional<T> callOptional(String action, String subject, Duration timeout, Request<T> request)
    {
        try {
            return Optional.of(send(action, subject, timeout, request));
        }
        catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == STREAM_NOT_FOUND) {
                return Optional.empty();
            }
            throw NatsErrors.apiFailed(action, e);
        }
    }

    private <T> T call(String action, String subject, Request<T> request)
    {
        return call(action, subject, connection.attemptTimeout(), request);
    }

    private <T> T call(String action, String subject, Duration timeout, Request<T> request)
    {
        try {
            return send(action, subject, timeout, request);
        }
        catch (JetStreamApiException e) {
            throw NatsErrors.apiFailed(action, e);
        }
    }

    /// Every request only reads, or makes something that goes away by itself, so it may be sent again.
    ///
    /// @param subject of the request, below [#API]
    /// @param timeout after which it is sent again; the whole request timeout for requests that take the server long, which
    ///         must not come to it twice
    private <T> T send(String action, String subject, Duration timeout, Request<T> request)
            throws JetStreamApiException
    {
        long deadline = System.nanoTime() + connection.requestTimeout().toNanos();
        while (true) {
            try {
                return attempt(action, subject, timeout, request);
            }
            catch (IOException e) {
                if (System.nanoTime() >= deadline) {
                    throw NatsErrors.requestFailed(action, e);
                }
            }
            catch (JetStreamApiException e) {
                if (!NatsErrors.isTransient(e.getErrorCode(), e.getApiErrorCode()) || System.nanoTime() >= deadline) {
                    throw e;
                }
            }
            // without JetStream or a leader the answer comes at once
            sleepUninterruptibly(RETRY_DELAY);
        }
    }

    /// The client library waits for the answer on a thread of its own, as there is none if the request is not permitted.
    private <T> T attempt(String action, String subject, Duration timeout, Request<T> request)
            throws IOException, JetStreamApiException
    {
        Channel channel = connection.channel();
        CompletableFuture<T> answer = channel.serverErrors().answerOrViolation(action, API + subject, () -> connection.callAsync(() -> request.send(
                channel.connection().jetStreamManagement(JetStreamOptions.builder().requestTimeout(timeout).build()))));
        try {
            return answer.get();
        }
        catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrinoException(NATS_CONNECTION_ERROR, "Interrupted while waiting for NATS: " + action, e);
        }
        catch (ExecutionException e) {
            throwIfInstanceOf(e.getCause(), IOException.class);
            throwIfInstanceOf(e.getCause(), JetStreamApiException.class);
            // the server takes names that the client library refuses, in requests and in answers
            if (e.getCause() instanceof IllegalArgumentException) {
                throw new TrinoException(NATS_UNSUPPORTED_NAME, "Cannot %s: the NATS client library refuses a name: %s. The names of streams and consumers must be of printable ASCII characters".formatted(action, e.getCause().getMessage()), e);
            }
            throwIfUnchecked(e.getCause());
            throw new IllegalStateException("not thrown by requests", e.getCause());
        }
    }

    public record SubjectCount(String subject, long count) {}

    private interface Request<T>
    {
        T send(JetStreamManagement management)
                throws IOException, JetStreamApiException;
    }
}
