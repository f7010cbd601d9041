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
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nats.client.api.MessageGetRequest;
import io.streamlance.trino.nats.client.LastPerSubjectReader.KnownSubjects;
import io.streamlance.trino.nats.client.NatsConnection.Channel;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import static java.util.Objects.requireNonNull;

/// Asks the leader for the newest message of each of some subjects, several at a time: for those that were written or
/// deleted while a [LastPerSubjectReader] read.
final class MissingSubjectsReader
        extends AbstractRangeReader
{
    private static final int MAX_IN_FLIGHT = 64;
    /// A subject in a queue, without its characters: its slot, the string and its array.
    private static final long SUBJECT_BYTES = 64;

    private final BufferLimit limit;
    private final Supplier<List<String>> lister;

    /// Subjects that need not be asked for; dropped when all others are known.
    @GuardedBy("this")
    private KnownSubjects known;
    @GuardedBy("this")
    private long subjectBytes;

    @GuardedBy("this")
    private Channel channel;
    @GuardedBy("this")
    private boolean listed;
    @GuardedBy("this")
    private final Queue<String> subjects = new ArrayDeque<>();
    @GuardedBy("this")
    private final Set<String> asked = new HashSet<>();

    /// @param lister finds the subjects of the stream; blocks
    MissingSubjectsReader(NatsConnection connection, ReaderStats stats, String stream, SubjectRange range, MessageParts parts, BufferLimit limit, KnownSubjects known, Supplier<List<String>> lister)
    {
        super(connection, stats, stream, range, parts);
        this.limit = requireNonNull(limit, "limit is null");
        this.known = requireNonNull(known, "known is null");
        this.lister = requireNonNull(lister, "lister is null");
    }

    @Override
    protected void begin(Channel channel)
    {
        this.channel = channel;
        if (listed) {
            advance();
            return;
        }
        connection.callAsync(lister::get).whenComplete((list, error) -> update(() -> {
            if (this.channel != channel || listed) {
                return;
            }
            if (error != null) {
                failOrRecover("the subjects cannot be listed", error);
                return;
            }
            listed = true;
            for (String subject : list) {
                if (!known.subjects().contains(subject)) {
                    subjects.add(subject);
                    subjectBytes += SUBJECT_BYTES + subject.length();
                }
            }
            known = new KnownSubjects(ImmutableSet.of(), 0);
            advance();
        }));
    }

    @Override
    protected void advance()
    {
        if (!listed || channel == null) {
            return;
        }
        while (asked.size() < MAX_IN_FLIGHT && limit.hasRoom(arrivals) && !subjects.isEmpty()) {
            String subject = subjects.remove();
            subjectBytes -= SUBJECT_BYTES + subject.length();
            ask(channel, subject);
        }
        if (subjects.isEmpty() && asked.isEmpty()) {
            complete();
        }
    }

    @GuardedBy("this")
    private void ask(Channel current, String subject)
    {
        asked.add(subject);
        CompletableFuture<Optional<StreamMessage>> answer = LeaderGet.get(current, stream, MessageGetRequest.lastForSubject(subject), stall.patience(connection.requestTimeout()));
        answer.whenComplete((message, error) -> update(() -> {
            if (channel == current && asked.contains(subject)) {
                onAnswer(subject, message, error);
            }
        }));
    }

    @GuardedBy("this")
    private void onAnswer(String subject, Optional<StreamMessage> message, Throwable error)
    {
        if (error != null) {
            failOrRecover("no answer to message get", error);
            return;
        }
        asked.remove(subject);
        stall.progressed();
        // empty for a subject that has been deleted since
        message.ifPresent(this::take);
        advance();
    }

    @GuardedBy("this")
    private void take(StreamMessage message)
    {
        received(message.length());
        if (message.sequence() >= range.firstSequence() && message.sequence() <= range.lastSequence()) {
            arrivals.add(message);
            arrivals.announce();
            confirmArrivals();
        }
    }

    @Override
    protected long stateBytes()
    {
        return known.bytes() + subjectBytes;
    }

    @Override
    protected void receive(Frame frame)
    {
        throw new IllegalStateException("not subscribed to frames");
    }

    @Override
    protected void flushed() {}

    @Override
    protected void proceed()
    {
        advance();
    }

    @Override
    protected void release()
    {
        channel = null;
        for (String subject : asked) {
            subjects.add(subject);
            subjectBytes += SUBJECT_BYTES + subject.length();
        }
        asked.clear();
    }
}
