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
import com.google.common.collect.ImmutableSet;
import com.google.common.util.concurrent.UncheckedExecutionException;
import com.google.inject.Inject;
import io.nats.client.api.StreamInfo;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.NatsConfig;
import io.streamlance.trino.nats.client.StreamCatalog;
import io.streamlance.trino.nats.predicate.SubjectPattern;
import io.streamlance.trino.nats.schema.TableDescriptions.DescribedTable;
import io.trino.cache.EvictableCacheBuilder;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.connector.TableNotFoundException;

import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

import static com.google.common.base.Throwables.throwIfInstanceOf;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_AMBIGUOUS_NAME;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_STREAM_NOT_FOUND;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_UNSUPPORTED_NAME;
import static io.trino.cache.CacheUtils.uncheckedCacheGet;
import static io.trino.spi.StandardErrorCode.TABLE_NOT_FOUND;
import static java.util.Locale.ENGLISH;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

/// Which tables there are, and what their columns are. Listing names asks the server for names only.
public final class NatsTables
{
    public static final String STREAMS_SCHEMA = "streams";
    public static final String SYSTEM_SCHEMA = "system";

    /// `"orders$last"` has the newest message of every subject of `orders`. A stream cannot have a name like that.
    private static final String LAST_SUFFIX = "$last";
    /// More streams than this are cheaper to list with all others than to look up one by one.
    private static final int MAX_SEPARATE_INFOS = 5;
    private static final long MAX_CACHED_SCHEMAS = 10_000;

    private final StreamCatalog streams;
    private final StreamFinder finder;
    private final TableDescriptions descriptions;
    private final int defaultSampleSize;
    private final String defaultSchema;
    private final boolean lastTablesEnabled;
    private final boolean metadataTablesEnabled;
    private final Cache<StreamIdentity, InferredSchema> inferredSchemas;

    @Inject
    public NatsTables(StreamCatalog streams, StreamFinder finder, TableDescriptions descriptions, NatsConfig config)
    {
        this.streams = requireNonNull(streams, "streams is null");
        this.finder = requireNonNull(finder, "finder is null");
        this.descriptions = requireNonNull(descriptions, "descriptions is null");
        this.defaultSampleSize = config.getInferenceSampleSize();
        this.defaultSchema = config.getDefaultSchema().toLowerCase(ENGLISH);
        this.lastTablesEnabled = config.isLastTablesEnabled();
        this.metadataTablesEnabled = config.isMetadataTablesEnabled();
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
        descriptions.names().forEach(table -> names.add(table.getSchemaName()));
        return names.build().asList();
    }

    public Set<SchemaTableName> tableNames(StreamListing listing, Optional<String> schema)
    {
        ImmutableSet.Builder<SchemaTableName> names = ImmutableSet.builder();
        names.addAll(descriptions.names().stream()
                .filter(table -> schema.isEmpty() || schema.orElseThrow().equals(table.getSchemaName()))
                .collect(toImmutableSet()));
        if (schema.isEmpty() || schema.orElseThrow().equals(STREAMS_SCHEMA)) {
            listing.tableNames().forEach(table -> names.add(new SchemaTableName(STREAMS_SCHEMA, table)));
        }
        return names.build();
    }

    public boolean exists(SchemaTableName name)
    {
        return tableNames(new StreamListing(streams), Optional.of(name.getSchemaName())).contains(name);
    }

    public boolean isDescribed(SchemaTableName name)
    {
        return descriptions.names().contains(name);
    }

    /// Columns of many tables: those that cannot be queried are left out, and described ones ask no server.
    public Stream<Entry<SchemaTableName, List<NatsColumnHandle>>> columns(StreamListing listing, Set<SchemaTableName> names)
    {
        if (names.stream().filter(name -> !isDescribed(name)).count() > MAX_SEPARATE_INFOS) {
            listing.fetchInfos();
        }
        return names.stream().flatMap(name -> columns(listing, name).stream().map(columns -> Map.entry(name, columns)));
    }

    private Optional<List<NatsColumnHandle>> columns(StreamListing listing, SchemaTableName name)
    {
        if (isDescribed(name)) {
            return descriptions.usable(name).map(DescribedTable::columns);
        }
        List<String> matching = listing.matching(name.getTableName());
        if (matching.size() != 1) {
            return Optional.empty();
        }
        try {
            return listing.info(matching.getFirst()).map(info -> inferred(name, info).columns());
        }
        catch (TrinoException e) {
            if (e.getErrorCode().equals(NATS_UNSUPPORTED_NAME.toErrorCode())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// The table with its columns, which may be inferred now.
    public Optional<NatsTable> table(StreamListing listing, SchemaTableName name)
    {
        if (name.getSchemaName().equals(SYSTEM_SCHEMA) && !metadataTablesEnabled) {
            throw new TrinoException(TABLE_NOT_FOUND, "Table '%s' does not exist: the tables of schema system are turned off by nats.metadata-tables.enabled".formatted(name));
        }
        if (name.getTableName().endsWith(LAST_SUFFIX)) {
            if (!lastTablesEnabled) {
                throw new TrinoException(TABLE_NOT_FOUND, "Table '%s' does not exist: tables of newest messages are turned off by nats.last-tables.enabled".formatted(name));
            }
            String baseName = name.getTableName().substring(0, name.getTableName().length() - LAST_SUFFIX.length());
            return table(listing, new SchemaTableName(name.getSchemaName(), baseName)).map(table -> table.toLastPerSubject(name));
        }
        Optional<DescribedTable> described = descriptions.table(name);
        if (described.isPresent()) {
            return described.map(this::resolve);
        }
        Optional<StreamInfo> stream = name.getSchemaName().equals(STREAMS_SCHEMA) ? findStream(listing, name) : Optional.empty();
        if (stream.isEmpty()) {
            checkEnding(listing, name);
        }
        return stream.map(info -> inferred(name, info));
    }

    // a stream with that very name is found without all the others
    private Optional<StreamInfo> findStream(StreamListing listing, SchemaTableName name)
    {
        return streams.findStream(name.getTableName())
                .or(() -> onlyMatch(listing, name).flatMap(streams::streamInfo));
    }

    private static Optional<String> onlyMatch(StreamListing listing, SchemaTableName name)
    {
        List<String> matching = listing.matching(name.getTableName());
        if (matching.size() > 1) {
            throw new TrinoException(NATS_AMBIGUOUS_NAME, "Table %s may be any of the streams %s. Describe the one you want in a file of nats.table-description-dir".formatted(name, matching));
        }
        return matching.stream().findFirst();
    }

    // somebody who tries "orders$foo" wants to know what there is
    private void checkEnding(StreamListing listing, SchemaTableName name)
    {
        int separator = name.getTableName().lastIndexOf('$');
        if (separator < 1 || !lastTablesEnabled) {
            return;
        }
        SchemaTableName base = new SchemaTableName(name.getSchemaName(), name.getTableName().substring(0, separator));
        if (isDescribed(base) || (base.getSchemaName().equals(STREAMS_SCHEMA) && !listing.matching(base.getTableName()).isEmpty())) {
            throw new TableNotFoundException(name, "Table '%s' does not exist. Of %s there is also \"%s%s\"".formatted(name, base.getTableName(), base.getTableName(), LAST_SUFFIX));
        }
    }

    private NatsTable resolve(DescribedTable table)
    {
        String stream = table.stream().orElseGet(() -> finder.ofTable(table.name(), table.subject().orElseThrow()));
        return new NatsTable(
                table.name(),
                stream,
                table.subject().orElse(SubjectPattern.ALL),
                table.payloadFormat(),
                table.columns(),
                table.comment(),
                false);
    }

    /// A table that only one query knows, with columns that are inferred now.
    public NatsTable inferred(SchemaTableName name, String stream, SubjectPattern subject)
    {
        StreamInfo info = streams.streamInfo(stream).orElseThrow(() -> new TrinoException(NATS_STREAM_NOT_FOUND, "Stream '%s' does not exist".formatted(stream)));
        InferredSchema schema = infer(info, subject, OptionalInt.empty());
        return new NatsTable(name, stream, subject, PayloadFormat.of(schema.dataFormat()), schema.handles(), Optional.empty(), false);
    }

    /// A table that only one query knows.
    ///
    /// @throws IllegalArgumentException when the columns do not go with the format
    public NatsTable declared(SchemaTableName name, String stream, SubjectPattern subject, TableDescription.Message message)
    {
        DescribedPayload payload = descriptions.payload(message);
        return new NatsTable(name, stream, subject, payload.format(), payload.columns(), Optional.empty(), false);
    }

    private NatsTable inferred(SchemaTableName name, StreamInfo info)
    {
        InferredSchema schema = inferredSchema(info);
        return new NatsTable(name, info.getConfiguration().getName(), SubjectPattern.ALL, PayloadFormat.of(schema.dataFormat()), schema.handles(), Optional.ofNullable(info.getConfiguration().getDescription()), false);
    }

    private InferredSchema inferredSchema(StreamInfo info)
    {
        StreamIdentity identity = new StreamIdentity(info.getConfiguration().getName(), info.getCreateTime());
        try {
            InferredSchema schema = uncheckedCacheGet(inferredSchemas, identity, () -> infer(info, SubjectPattern.ALL, OptionalInt.empty()));
            if (schema.payloads() == 0) {
                // so that the columns are there as soon as messages are
                inferredSchemas.invalidate(identity);
            }
            return schema;
        }
        catch (UncheckedExecutionException e) {
            throwIfInstanceOf(e.getCause(), TrinoException.class);
            throw e;
        }
    }

    /// Columns of the messages that match `subject`, from a sample that is taken now.
    ///
    /// @param sampleSize messages to read; `nats.inference-sample-size` when left out
    public InferredSchema infer(StreamInfo info, SubjectPattern subject, OptionalInt sampleSize)
    {
        SchemaInference inference = new SchemaInference();
        StreamSampler.sample(streams, info, subject, sampleSize.orElse(defaultSampleSize), inference::add);
        return inference.schema();
    }

    /// Forgets inferred columns of streams whose table is `table`, or of all streams.
    public void refresh(Optional<String> table)
    {
        if (table.isEmpty()) {
            inferredSchemas.invalidateAll();
            return;
        }
        inferredSchemas.asMap().keySet().stream()
                .filter(identity -> identity.name().toLowerCase(ENGLISH).equals(table.orElseThrow()))
                .forEach(inferredSchemas::invalidate);
    }

    /// A stream that was deleted and made again is another one.
    private record StreamIdentity(String name, ZonedDateTime created) {}
}
