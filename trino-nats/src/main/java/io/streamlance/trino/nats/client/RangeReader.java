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

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Reads the messages of one [SubjectRange] in order, each exactly once. Never blocks.
public interface RangeReader
        extends AutoCloseable
{
    /// Completes when [#drain()] has messages, when the reader is finished, or when it failed.
    CompletableFuture<?> isBlocked();

    /// Takes the messages that have arrived; throws what made the reader fail. The messages are valid until the next call.
    MessageBatch drain();

    /// True when every message of the range was drained.
    boolean isFinished();

    /// Reads what this reader has left when it is finished, since it has to be read in another way; empty when everything was
    /// read. To be asked for once.
    Optional<RangeReader> successor();

    /// Sequences of the range whose messages were there when the query was planned, and gone when they should have been read.
    long expiredSequences();

    /// Messages that the server has sent so far, also those that are not wanted.
    long receivedMessages();

    /// Bytes of these messages: subjects, headers and payloads.
    long receivedBytes();

    /// Bytes held for messages, those of the last [#drain()] among them.
    long bufferedBytes();

    /// Stops reading and removes what the reader has on the server. May be called more than once.
    @Override
    void close();
}
