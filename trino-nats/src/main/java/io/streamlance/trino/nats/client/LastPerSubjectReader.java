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

import java.util.HashSet;
import java.util.Set;

import static java.nio.charset.StandardCharsets.UTF_8;

/// Reads the newest message of every subject, as of the moment when the server makes the consumer. After a failure there is
/// another such moment: subjects that have been read are not read again.
final class LastPerSubjectReader
        extends ConsumerRangeReader
{
    @GuardedBy("this")
    private final Set<String> seen = new HashSet<>();

    LastPerSubjectReader(NatsConnection connection, ReaderStats stats, String stream, SubjectRange range, MessageParts parts, int batchSize)
    {
        super(connection, stats, stream, range, parts, batchSize, false);
    }

    @Override
    protected ConsumerConfiguration configuration()
    {
        return EphemeralConsumer.lastPerSubject(range.filter().orElse(">"), headersOnly);
    }

    @Override
    protected void begun(ConsumerInfo info)
    {
        progress.expect(info.getNumPending());
    }

    @Override
    protected boolean wants(Frame frame, long sequence)
    {
        if (seen.add(new String(frame.buffer, frame.subjectOffset, frame.subjectLength, UTF_8)) && sequence >= range.firstSequence()) {
            return true;
        }
        progress.drop();
        if (progress.remaining() <= 0) {
            end();
        }
        return false;
    }

    /// What comes after the newest messages was stored later.
    @Override
    protected void confirmEnd()
    {
        end();
    }
}
