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

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.MessageGetRequest;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import static java.nio.charset.StandardCharsets.UTF_8;

/// Reads the newest message of every subject, as of the moment when the server makes the consumer. After a failure there is
/// another such moment: subjects that have been read are not read again.
///
/// What was the newest message may be gone when its turn comes. The server then delivers the one that took its place after
/// all others, or stands still for a heartbeat and forgets it. So the reader goes on until it has seen as many subjects as
/// there were, and makes another consumer when it cannot.
final class LastPerSubjectReader
        extends ConsumerRangeReader
{
    /// Subjects may come and go faster than they are read.
    private static final int MAX_CONSUMERS = 8;
    private static final int MAX_CHASES = 16;
    private static final int MAX_CHASES_FOR_MISSING = 2;

    /// The consumer that a subject was last seen with, counted from 1.
    @GuardedBy("this")
    private final Map<String, Integer> seen = new HashMap<>();
    @GuardedBy("this")
    private int consumers;
    /// Subjects that the consumer has, and how many of them have come.
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

    LastPerSubjectReader(NatsConnection connection, ReaderStats stats, String stream, SubjectRange range, MessageParts parts, BufferLimit limit)
    {
        super(connection, stats, stream, range, parts, limit, Optional.empty());
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
        if (consumer == null || consumer != consumers) {
            seenSubjects++;
        }
        if (consumer == null && sequence >= range.firstSequence()) {
            return true;
        }
        received(frame.length());
        progress.drop();
        if (progress.remaining() <= 0) {
            confirmEnd();
        }
        return false;
    }

    @Override
    protected void confirmEnd()
    {
        askLeader(MessageGetRequest.lastForSubject(range.filter().orElse(">")), newest -> {
            long end = newest.map(StreamMessage::sequence).orElse(0L);
            boolean complete = seenSubjects >= expectedSubjects;
            boolean reached = delivered >= end || chases >= (complete ? MAX_CHASES : MAX_CHASES_FOR_MISSING);
            if (reached && !complete && consumers < MAX_CONSUMERS) {
                release();
                resume();
            }
            else if (delivered >= end || (reached && complete)) {
                end();
            }
            else {
                chases++;
                progress.expect(end - delivered);
                proceed();
            }
        });
    }
}
