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
package io.streamlance.trino.nats.system;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterators;
import com.google.inject.Inject;
import io.nats.client.api.SourceBase;
import io.nats.client.api.StreamInfo;
import io.streamlance.trino.nats.client.StreamCatalog;
import io.trino.spi.predicate.TupleDomain;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.nats.system.SystemColumn.bigintColumn;
import static io.streamlance.trino.nats.system.SystemColumn.booleanColumn;
import static io.streamlance.trino.nats.system.SystemColumn.limitColumn;
import static io.streamlance.trino.nats.system.SystemColumn.millisColumn;
import static io.streamlance.trino.nats.system.SystemColumn.timestampColumn;
import static io.streamlance.trino.nats.system.SystemColumn.varcharColumn;
import static io.streamlance.trino.nats.system.SystemColumn.varcharsColumn;
import static java.util.Objects.requireNonNull;

/// One row per stream.
public final class StreamsTable
        extends NatsSystemTable<StreamInfo>
{
    private static final List<SystemColumn<StreamInfo>> COLUMNS = ImmutableList.of(
            varcharColumn("stream", "Name of the stream", info -> info.getConfiguration().getName()),
            varcharColumn("description", "Description of the stream", info -> info.getConfiguration().getDescription()),
            varcharsColumn("subjects", "Subjects that the stream captures", info -> info.getConfiguration().getSubjects()),
            varcharColumn("retention", "limits, interest or workqueue", info -> info.getConfiguration().getRetentionPolicy().toString()),
            varcharColumn("storage", "file or memory", info -> info.getConfiguration().getStorageType().toString()),
            varcharColumn("discard", "What gives way when the stream is full: old or new", info -> info.getConfiguration().getDiscardPolicy().toString()),
            bigintColumn("replicas", "Number of copies", info -> info.getConfiguration().getReplicas()),
            bigintColumn("messages", "Messages stored", info -> info.getStreamState().getMsgCount()),
            bigintColumn("bytes", "Bytes stored", info -> info.getStreamState().getByteCount()),
            bigintColumn("first_sequence", "Sequence of the first message", info -> info.getStreamState().getFirstSequence()),
            timestampColumn("first_timestamp", "Time of the first message", info -> info.getStreamState().getFirstTime()),
            bigintColumn("last_sequence", "Sequence of the last message that was stored", info -> info.getStreamState().getLastSequence()),
            timestampColumn("last_timestamp", "Time of the last message that was stored", info -> info.getStreamState().getLastTime()),
            bigintColumn("deleted_messages", "Messages missing between the first and the last sequence", info -> info.getStreamState().getDeletedCount()),
            bigintColumn("subject_count", "Number of different subjects stored", info -> info.getStreamState().getSubjectCount()),
            bigintColumn("consumer_count", "Number of consumers", info -> info.getStreamState().getConsumerCount()),
            limitColumn("max_messages", "Messages that the stream may hold", info -> info.getConfiguration().getMaxMsgs()),
            limitColumn("max_messages_per_subject", "Messages that the stream may hold per subject", info -> info.getConfiguration().getMaxMsgsPerSubject()),
            limitColumn("max_bytes", "Bytes that the stream may hold", info -> info.getConfiguration().getMaxBytes()),
            millisColumn("max_age_millis", "Milliseconds that the stream keeps a message", info -> info.getConfiguration().getMaxAge()),
            limitColumn("max_message_size", "Bytes that a message may have", info -> info.getConfiguration().getMaximumMessageSize()),
            booleanColumn("allow_direct", "Whether every replica answers direct get", info -> info.getConfiguration().getAllowDirect()),
            booleanColumn("sealed", "Whether the stream can no longer change", info -> info.getConfiguration().getSealed()),
            varcharColumn("mirror", "Stream that this one mirrors", info -> Optional.ofNullable(info.getConfiguration().getMirror()).map(SourceBase::getName).orElse(null)),
            varcharsColumn("sources", "Streams that this one collects from", StreamsTable::sources),
            varcharColumn("leader", "Server that leads the stream; null without a cluster", info -> info.getClusterInfo() == null ? null : info.getClusterInfo().getLeader()),
            timestampColumn("created", "When the stream was made", StreamInfo::getCreateTime));
    private static final int STREAM = 0;

    private final StreamCatalog streams;

    @Inject
    public StreamsTable(StreamCatalog streams)
    {
        super("streams", "Streams of the account", COLUMNS);
        this.streams = requireNonNull(streams, "streams is null");
    }

    private static List<String> sources(StreamInfo info)
    {
        return Optional.ofNullable(info.getConfiguration().getSources()).orElse(ImmutableList.of()).stream()
                .map(SourceBase::getName)
                .collect(toImmutableList());
    }

    @Override
    Iterator<List<StreamInfo>> rows(TupleDomain<Integer> constraint)
    {
        Optional<List<String>> wanted = wantedValues(constraint, STREAM);
        if (wanted.isEmpty()) {
            return Iterators.singletonIterator(streams.streamInfos());
        }
        return Iterators.transform(wanted.orElseThrow().iterator(), name -> streams.findStream(name).stream().collect(toImmutableList()));
    }
}
