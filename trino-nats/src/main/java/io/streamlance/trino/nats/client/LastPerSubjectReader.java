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
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.MessageGetRequest;
import io.streamlance.trino.nats.client.NatsConnection.Channel;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Collections.unmodifiableSet;
import static java.util.Objects.requireNonNull;

/// Reads the newest message of every subject, as of the moment when the server makes the consumer. After a failure there is
/// another such moment: subjects that have been read are not read again.
///
/// What was the newest message may be gone when its turn comes. The server then delivers the one that took its place after
/// all others, or stands still for a heartbeat and forgets it. So the reader ends only when it has seen every subject that
/// the consumer had, and leaves those that are missing to a [MissingSubjectsReader].
final class LastPerSubjectReader
        extends ConsumerRangeReader
{
    /// What was written meanwhile comes by itself; after that it is faster to ask for what is missing.
    private static final int MAX_CHASES = 2;
    private static final long UNKNOWN = 0;
    /// A subject in a map, without its characters: the entry and its slot, the string and its array.
    private static final long SUBJECT_BYTES = 112;

    private final Function<KnownSubjects, RangeReader> missingSubjects;

    /// The consumer that a subject was last seen with, counted from 1.
    @GuardedBy("this")
    private final Map<String, Integer> seen = new HashMap<>();
    @GuardedBy("this")
    private long seenBytes;
    @GuardedBy("this")
    private int consumers;
    /// Sequence of the newest message before the consumer was made.
    @GuardedBy("this")
    private long snapshot;
    /// Subjects that the consumer has, and how many of them have come. Those that were stored later are not counted, as they
    /// may be other ones.
    @GuardedBy("this")
    private long expectedSubjects;
    @GuardedBy("this")
    private long seenSubjects;
    /// Sequence of the last message that has come.
    @GuardedBy("this")
    private long delivered;
    /// How often the end of the stream was looked for.
    @GuardedBy("this")
    private int chases;

    /// @param missingSubjects reads the newest messages of all subjects but the given ones
    LastPerSubjectReader(NatsConnection connection, ReaderStats stats, String stream, SubjectRange range, MessageParts parts, BufferLimit limit, ConsumerOutages outages, Function<KnownSubjects, RangeReader> missingSubjects)
    {
        super(connection, stats, stream, range, parts, limit, new ConsumerFallback(outages, false, _ -> missingSubjects.apply(new KnownSubjects(ImmutableSet.of(), 0))));
        this.missingSubjects = requireNonNull(missingSubjects, "missingSubjects is null");
    }

    @Override
    protected void begin(Channel channel)
    {
        askLeader(newest(), message -> {
            snapshot = message.map(StreamMessage::sequence).orElse(UNKNOWN);
            super.begin(channel);
        });
    }

    /// For all subjects the server looks at its last sequence only, and finds nothing if that message was deleted.
    private MessageGetRequest newest()
    {
        return MessageGetRequest.lastForSubject(range.filter().orElse(">"));
    }

    @Override
    protected ConsumerConfiguration configuration()
    {
        return EphemeralConsumer.lastPerSubject(range.filter().orElse(">"), headersOnly);
    }

    @Override
    protected void begun(ConsumerInfo info)
    {
        consumers++;
        expectedSubjects = info.getNumPending();
        seenSubjects = 0;
        delivered = 0;
        chases = 0;
        progress.expect(expectedSubjects);
    }

    @Override
    protected boolean wants(Frame frame, long sequence)
    {
        delivered = sequence;
        Integer consumer = seen.put(new String(frame.buffer, frame.subjectOffset, frame.subjectLength, UTF_8), consumers);
        if (consumer == null) {
            seenBytes += SUBJECT_BYTES + frame.subjectLength;
        }
        if (sequence <= snapshot && (consumer == null || consumer != consumers)) {
            seenSubjects++;
        }
        if (consumer == null && sequence >= range.firstSequence()) {
            return true;
        }
        received(frame.length());
        stall.progressed();
        progress.drop();
        if (progress.remaining() <= 0) {
            confirmEnd();
        }
        return false;
    }

    @Override
    protected void confirmEnd()
    {
        // a replica that was behind when it made the consumer goes on up to the snapshot
        if (snapshot != UNKNOWN && seenSubjects >= expectedSubjects && delivered >= snapshot) {
            end();
            return;
        }
        askLeader(newest(), message -> {
            long end = message.map(StreamMessage::sequence).orElse(UNKNOWN);
            if (delivered < end && chases < MAX_CHASES) {
                chases++;
                progress.expect(end - delivered);
                proceed();
            }
            else {
                // this reader adds nothing any more
                KnownSubjects known = new KnownSubjects(unmodifiableSet(seen.keySet()), seenBytes);
                handOver(_ -> missingSubjects.apply(known));
            }
        });
    }

    @Override
    protected long stateBytes()
    {
        return seenBytes;
    }

    /// @param bytes of memory that they take
    record KnownSubjects(Set<String> subjects, long bytes) {}
}
