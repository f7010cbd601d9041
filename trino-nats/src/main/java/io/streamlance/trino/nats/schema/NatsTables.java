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
package io.streamlance.trino.nats.schema;

import com.google.common.cache.Cache;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.inject.Inject;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfo;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.NatsConfig;
import io.streamlance.trino.nats.client.StreamCatalog;
import io.streamlance.trino.nats.predicate.SubjectPattern;
import io.streamlance.trino.nats.schema.SchemaInference.InferredSchema;
import io.streamlance.trino.nats.schema.TableDescriptions.DescribedTable;
import io.trino.cache.EvictableCacheBuilder;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_AMBIGUOUS_NAME;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_STREAM_NOT_FOUND;
import static io.trino.cache.CacheUtils.uncheckedCacheGet;
import static java.lang.Math.max;
import static java.util.Locale.ENGLISH;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

/// Which tables there are, and what their columns are. Listing names asks the server for names only.
public final class NatsTables
{
    public static final String STREAMS_SCHEMA = "streams";

    private static final long MAX_CACHED_SCHEMAS = 10_000;

    private final StreamCatalog streams;
    private final TableDescriptions descriptions;
    private final int sampleSize;
    private final String defaultSchema;
    private final Cache<StreamIdentity, InferredSchema> inferredSchemas;

    @Inject
    public NatsTables(StreamCatalog streams, TableDescriptions descriptions, NatsConfig config)
    {
        this.streams = requireNonNull(streams, "streams is null");
        this.descriptions = requireNonNull(descriptions, "descriptions is null");
        this.sampleSize = config.getInferenceSampleSize();
        this.defaultSchema = config.getDefaultSchema().toLowerCase(ENGLISH);
        this.inferredSchemas = EvictableCacheBuilder.newBuilder()
                .maximumSize(MAX_CACHED_SCHEMAS)
                .expireAfterWrite(config.getSchemaCacheTtl().toMillis(), MILLISECONDS)
                .shareNothingWhenDisabled()
                .build();
    }

    public List<String> schemaNames()
    {
        ImmutableSet.Builder<String> names = ImmutableSet.builder();
        names.add(STREAMS_SCHEMA, defaultSchema);
        descriptions.tables().keySet().forEach(table -> names.add(table.getSchemaName()));
        return names.build().asList();
    }

    public Set<SchemaTableName> tableNames(Optional<String> schema)
    {
        ImmutableSet.Builder<SchemaTableName> names = ImmutableSet.builder();
        names.addAll(descriptions.tables().keySet().stream()
                .filter(table -> schema.isEmpty() || schema.orElseThrow().equals(table.getSchemaName()))
                .collect(toImmutableSet()));
        if (schema.isEmpty() || schema.orElseThrow().equals(STREAMS_SCHEMA)) {
            streams.streamNames().forEach(stream -> names.add(new SchemaTableName(STREAMS_SCHEMA, stream)));
        }
        return names.build();
    }

    /// Columns for a listing of many tables: one that cannot be queried does not spoil it, and described ones ask no server.
    public Optional<List<NatsColumnHandle>> columns(SchemaTableName name)
    {
        DescribedTable described = descriptions.tables().get(name);
        if (described != null) {
            return Optional.of(described.columns());
        }
        return matchingStreams(name).size() == 1 ? table(name).map(NatsTable::columns) : Optional.empty();
    }

    private List<String> matchingStreams(SchemaTableName name)
    {
        if (!name.getSchemaName().equals(STREAMS_SCHEMA)) {
            return ImmutableList.of();
        }
        return streams.streamNames().stream()
                .filter(stream -> stream.toLowerCase(ENGLISH).equals(name.getTableName()))
                .collect(toImmutableList());
    }

    /// The table with its columns, which may be inferred now.
    public Optional<NatsTable> table(SchemaTableName name)
    {
        DescribedTable described = descriptions.tables().get(name);
        if (described != null) {
            return Optional.of(resolve(described));
        }
        List<String> matching = matchingStreams(name);
        if (matching.size() > 1) {
            throw new TrinoException(NATS_AMBIGUOUS_NAME, "Table %s may be any of the streams %s. Describe the one you want in a file of nats.table-description-dir".formatted(name, matching));
        }
        return matching.stream().findFirst()
                .flatMap(streams::streamInfo)
                .map(info -> inferred(name, info));
    }

    private NatsTable resolve(DescribedTable table)
    {
        String stream = table.stream().orElseGet(() -> streamOf(table));
        return new NatsTable(
                table.name(),
                stream,
                table.subject().orElse(SubjectPattern.ALL),
                table.payloadFormat(),
                table.columns(),
                table.comment());
    }

    private String streamOf(DescribedTable table)
    {
        String subject = table.subject().orElseThrow().value();
        List<String> candidates = streams.streamsOfSubject(subject);
        if (candidates.isEmpty()) {
            throw new TrinoException(NATS_STREAM_NOT_FOUND, "No stream captures subject '%s' of table %s. Create one, or name the stream in the table description".formatted(subject, table.name()));
        }
        if (candidates.size() > 1) {
            throw new TrinoException(NATS_AMBIGUOUS_NAME, "Several streams capture subject '%s' of table %s: %s. Name one in the table description".formatted(subject, table.name(), candidates));
        }
        return candidates.getFirst();
    }

    private NatsTable inferred(SchemaTableName name, StreamInfo info)
    {
        String stream = info.getConfiguration().getName();
        InferredSchema schema = uncheckedCacheGet(inferredSchemas, new StreamIdentity(stream, info.getCreateTime()), () -> SchemaInference.infer(sample(info)));
        return new NatsTable(name, stream, SubjectPattern.ALL, PayloadFormat.of(schema.dataFormat()), schema.columns(), Optional.ofNullable(info.getConfiguration().getDescription()));
    }

    /// Payloads at even distances over the stream.
    private List<byte[]> sample(StreamInfo info)
    {
        long first = info.getStreamState().getFirstSequence();
        long last = info.getStreamState().getLastSequence();
        if (info.getStreamState().getMsgCount() == 0) {
            return ImmutableList.of();
        }
        String stream = info.getConfiguration().getName();
        List<byte[]> payloads = new ArrayList<>();
        long step = max(1, (last - first) / max(1, sampleSize - 1));
        long sequence = first;
        while (sequence <= last && payloads.size() < sampleSize) {
            Optional<MessageInfo> message = streams.nextMessage(stream, sequence, SubjectPattern.ALL.value());
            if (message.isEmpty()) {
                break;
            }
            byte[] data = message.orElseThrow().getData();
            payloads.add(data == null ? new byte[0] : data);
            sequence = max(sequence + step, message.orElseThrow().getSeq() + 1);
        }
        return payloads;
    }

    /// A stream that was deleted and made again is another one.
    private record StreamIdentity(String name, ZonedDateTime created) {}
}
