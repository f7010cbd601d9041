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

import com.google.inject.Inject;
import io.airlift.units.DataSize;
import io.streamlance.trino.nats.NatsConfig;
import io.streamlance.trino.nats.StreamSource;
import io.streamlance.trino.nats.client.LastPerSubjectReader.KnownSubjects;
import io.streamlance.trino.nats.client.StreamCatalog.SubjectCount;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Objects.requireNonNull;

/// Chooses how a range is read.
public final class RangeReaderFactory
{
    /// What a message takes besides its payload.
    private static final int MESSAGE_OVERHEAD_BYTES = 64;

    private final NatsConnection connection;
    private final StreamCatalog streams;
    private final ReaderStats stats;
    private final DataSize maxBufferedBytes;
    private final ConsumerOutages outages = new ConsumerOutages();

    @Inject
    public RangeReaderFactory(NatsConnection connection, StreamCatalog streams, ReaderStats stats, NatsConfig config)
    {
        this.connection = requireNonNull(connection, "connection is null");
        this.streams = requireNonNull(streams, "streams is null");
        this.stats = requireNonNull(stats, "stats is null");
        this.maxBufferedBytes = config.getMaxBufferedBytes();
    }

    public RangeReader open(StreamSource source, SubjectRange range, MessageParts parts)
    {
        return open(source, source.readMethod(), range, parts);
    }

    private RangeReader open(StreamSource source, ReadMethod method, SubjectRange range, MessageParts parts)
    {
        String stream = source.stream();
        BufferLimit limit = new BufferLimit(maxBufferedBytes.toBytes(), source.shape().averageMessageBytes() + MESSAGE_OVERHEAD_BYTES);
        AbstractRangeReader reader = switch (method) {
            case CONSUMER -> new ConsumerRangeReader(connection, stats, stream, range, parts, limit, fallback(source, parts));
            case LAST_PER_SUBJECT -> new LastPerSubjectReader(connection, stats, stream, range, parts, limit, outages, seen -> openMissing(source, range, parts, limit, seen));
            case DIRECT_GET -> new DirectRangeReader(connection, stats, stream, range, parts, limit, rest -> open(source, ReadMethod.MESSAGE_GET, rest, parts));
            case MESSAGE_GET -> new MessageGetRangeReader(connection, stats, stream, range, parts, limit);
        };
        if (source.shape().isGapless() && range.filter().isEmpty() && method != ReadMethod.LAST_PER_SUBJECT) {
            reader.countGaps();
        }
        reader.expectStream(source.created());
        reader.start();
        return reader;
    }

    private ConsumerFallback fallback(StreamSource source, MessageParts parts)
    {
        return new ConsumerFallback(
                outages,
                source.replicated() && source.withoutConsumer() == ReadMethod.DIRECT_GET,
                rest -> open(source, source.withoutConsumer(), rest, parts));
    }

    private RangeReader openMissing(StreamSource source, SubjectRange range, MessageParts parts, BufferLimit limit, KnownSubjects known)
    {
        MissingSubjectsReader reader = new MissingSubjectsReader(connection, stats, source.stream(), range, parts, limit, known, () -> streams.subjectCounts(source.stream(), range.filter().orElse(">")).stream()
                .map(SubjectCount::subject)
                .collect(toImmutableList()));
        reader.expectStream(source.created());
        reader.start();
        return reader;
    }
}
