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

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Sets;
import com.google.inject.Inject;
import io.airlift.json.JsonMapperProvider;
import io.airlift.log.Logger;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.NatsColumnHandle.Source;
import io.streamlance.trino.nats.NatsConfig;
import io.streamlance.trino.nats.predicate.SubjectPattern;
import io.streamlance.trino.nats.schema.TableDescription.SubjectColumn;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.type.TypeManager;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.Ordering.usingToString;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_TABLE_DESCRIPTION_ERROR;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.util.Locale.ENGLISH;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

/// The tables described by the files of `nats.table-description-dir`. All files are read when the catalog starts; one that
/// cannot be used makes its table fail, and no other.
public final class TableDescriptions
{
    private static final Logger log = Logger.get(TableDescriptions.class);
    private static final Set<String> RESERVED_SCHEMAS = ImmutableSet.of(NatsTables.SYSTEM_SCHEMA, "information_schema");
    private static final String SUFFIX = ".json";
    private static final JsonMapper MAPPER = new JsonMapperProvider().get().rebuild()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Map<SchemaTableName, DescribedTable> tables;
    /// What is wrong with the description of a table.
    private final Map<SchemaTableName, String> problems;
    private final TypeManager typeManager;

    @Inject
    public TableDescriptions(NatsConfig config, TypeManager typeManager)
    {
        this.typeManager = requireNonNull(typeManager, "typeManager is null");
        Map<SchemaTableName, DescribedTable> tables = new HashMap<>();
        Map<SchemaTableName, String> problems = new HashMap<>();
        Map<SchemaTableName, Path> files = new HashMap<>();
        for (Path file : config.getTableDescriptionDir().map(directory -> jsonFiles(directory.toPath())).orElse(ImmutableList.of())) {
            SchemaTableName name = nameOf(file, config.getDefaultSchema());
            Optional<String> problem = Optional.empty();
            try {
                tables.put(name, describe(read(file), file.toAbsolutePath().getParent(), config.getDefaultSchema(), typeManager));
            }
            catch (IllegalArgumentException e) {
                problem = Optional.of("Table description %s: %s".formatted(file, e.getMessage()));
            }
            Path other = files.putIfAbsent(name, file);
            if (other != null) {
                problem = Optional.of("Table description %s: table %s is described by %s, too".formatted(file, name, other));
            }
            problem.ifPresent(text -> {
                log.error("Table %s cannot be queried: %s", name, text);
                problems.merge(name, text, "%s; %s"::formatted);
            });
        }
        tables.keySet().removeAll(problems.keySet());
        this.tables = ImmutableMap.copyOf(tables);
        this.problems = ImmutableMap.copyOf(problems);
    }

    /// The payload of a table that a query describes, for formats without a schema file.
    DescribedPayload payload(TableDescription.Message message)
    {
        return DescribedPayload.of(message, Path.of(""), typeManager);
    }

    /// Names of all tables that have a description, also of those that cannot be queried.
    public Set<SchemaTableName> names()
    {
        return Sets.union(tables.keySet(), problems.keySet());
    }

    /// Empty when the table has no description, and when its description cannot be used.
    public Optional<DescribedTable> usable(SchemaTableName name)
    {
        return Optional.ofNullable(tables.get(name));
    }

    /// Empty when the table has no description.
    ///
    /// @throws TrinoException when the description cannot be used
    public Optional<DescribedTable> table(SchemaTableName name)
    {
        String problem = problems.get(name);
        if (problem != null) {
            throw new TrinoException(NATS_TABLE_DESCRIPTION_ERROR, problem);
        }
        return usable(name);
    }

    /// A table as its file describes it, before its stream is looked up.
    public record DescribedTable(
            SchemaTableName name,
            Optional<String> stream,
            Optional<SubjectPattern> subject,
            PayloadFormat payloadFormat,
            List<NatsColumnHandle> columns,
            Optional<String> comment) {}

    private static List<Path> jsonFiles(Path directory)
    {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().collect(toImmutableList());
        }
        catch (IOException e) {
            throw new TrinoException(NATS_TABLE_DESCRIPTION_ERROR, "Cannot list table descriptions in %s: %s".formatted(directory, e.getMessage()), e);
        }
    }

    /// The table that a file means, as far as it says so: a file that cannot be read stands for the table of its own name.
    private static SchemaTableName nameOf(Path file, String defaultSchema)
    {
        JsonNode description = MissingNode.getInstance();
        try {
            description = MAPPER.readTree(Files.readAllBytes(file));
        }
        catch (IOException e) {
            // reading the description says what is wrong
        }
        String fileName = file.getFileName().toString();
        String stem = fileName.substring(0, fileName.length() - SUFFIX.length());
        String table = description.path("tableName").asText("");
        String schema = description.path("schemaName").asText("");
        return new SchemaTableName(
                schema.isBlank() || RESERVED_SCHEMAS.contains(schema.toLowerCase(ENGLISH)) ? defaultSchema : schema,
                table.isBlank() ? (stem.isBlank() ? fileName : stem) : table);
    }

    private static TableDescription read(Path file)
    {
        try {
            return MAPPER.readValue(Files.readAllBytes(file), TableDescription.class);
        }
        catch (UnrecognizedPropertyException e) {
            throw new IllegalArgumentException("unknown key '%s', expected one of %s".formatted(e.getPropertyName(), ImmutableSortedSet.copyOf(usingToString(), e.getKnownPropertyIds())), e);
        }
        catch (ValueInstantiationException e) {
            throw new IllegalArgumentException(e.getCause().getMessage(), e);
        }
        catch (JsonParseException e) {
            throw new IllegalArgumentException("not JSON in line %s: %s".formatted(e.getLocation().getLineNr(), e.getOriginalMessage()), e);
        }
        catch (JsonMappingException e) {
            String path = e.getPath().stream()
                    .map(reference -> reference.getFieldName() == null ? "[%s]".formatted(reference.getIndex()) : reference.getFieldName())
                    .collect(joining(" "));
            throw new IllegalArgumentException("%s: %s".formatted(path, e.getOriginalMessage()), e);
        }
        catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
        catch (IOException e) {
            throw new IllegalArgumentException("the file cannot be read: " + e, e);
        }
    }

    private static DescribedTable describe(TableDescription description, Path directory, String defaultSchema, TypeManager typeManager)
    {
        Optional<SubjectPattern> subject = description.subject().map(SubjectPattern::new).map(SubjectPattern::checkValid);

        SchemaTableName name = new SchemaTableName(description.schemaName().orElse(defaultSchema), description.tableName());
        require(!RESERVED_SCHEMAS.contains(name.getSchemaName()), "schema '%s' is for the connector's own tables".formatted(name.getSchemaName()));

        ImmutableList.Builder<NatsColumnHandle> columns = ImmutableList.builder();
        for (SubjectColumn column : description.subjectColumns()) {
            require(subject.map(pattern -> pattern.hasToken(column.token())).orElse(false),
                    "subject column '%s' is token %s, which subject '%s' does not have".formatted(column.name(), column.token(), subject.map(SubjectPattern::value).orElse("")));
            columns.add(new NatsColumnHandle(column.name().toLowerCase(ENGLISH), VARCHAR, Source.SUBJECT_TOKEN, String.valueOf(column.token()), Optional.empty(), Optional.empty(), column.comment()));
        }
        DescribedPayload payload = DescribedPayload.of(description.message(), directory, typeManager);
        columns.addAll(payload.columns());
        List<NatsColumnHandle> result = columns.build();
        checkNames(result);
        return new DescribedTable(
                name,
                description.stream(),
                subject,
                payload.format(),
                result,
                description.comment());
    }

    private static void checkNames(List<NatsColumnHandle> columns)
    {
        Set<String> names = new HashSet<>();
        for (InternalColumn column : InternalColumn.values()) {
            names.add(column.columnName());
        }
        for (NatsColumnHandle column : columns) {
            require(names.add(column.name()), "column '%s' occurs twice or is the name of a hidden column".formatted(column.name()));
        }
    }

    private static void require(boolean condition, String problem)
    {
        if (!condition) {
            throw new IllegalArgumentException(problem);
        }
    }
}
