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
import io.streamlance.trino.nats.client.NatsConnection.Channel;

/// Reads one message at a time from the leader: for work-queue and interest streams without direct access, where
/// nothing else leaves the stream as it was. Slow, but harmless.
final class MessageGetRangeReader
        extends AbstractRangeReader
{
    private static final int MAX_UNDRAINED = 1000;

    @GuardedBy("this")
    private Channel channel;
    @GuardedBy("this")
    private boolean requested;

    MessageGetRangeReader(NatsConnection connection, ReaderStats stats, String stream, SubjectRange range, MessageParts parts)
    {
        super(connection, stats, stream, range, parts);
    }

    @Override
    protected void begin(Channel channel)
    {
        this.channel = channel;
        advance();
    }

    @Override
    protected void advance()
    {
        Channel current = channel;
        if (current == null || requested || undrained() >= MAX_UNDRAINED) {
            return;
        }
        requested = true;
        LeaderGet.next(current.connection(), stream, progress.next(), range.filter(), connection.attemptTimeout()).whenComplete((next, error) -> update(() -> {
            if (channel != current) {
                return;
            }
            requested = false;
            if (error != null) {
                recover("no answer to message get: " + error.getMessage());
            }
            else if (next.isEmpty()) {
                endOfRange();
            }
            else {
                accept(next.orElseThrow());
                if (!isDone()) {
                    advance();
                }
            }
        }));
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
        requested = false;
    }
}
