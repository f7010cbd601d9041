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
package io.streamlance.trino.nats;

import com.google.common.collect.ImmutableList;
import io.airlift.configuration.Config;
import io.airlift.configuration.ConfigDescription;
import io.airlift.configuration.ConfigSecuritySensitive;
import io.airlift.units.DataSize;
import io.airlift.units.Duration;
import io.airlift.units.MinDataSize;
import io.airlift.units.MinDuration;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;

import java.io.File;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import static io.airlift.units.DataSize.Unit.MEGABYTE;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;

public class NatsConfig
{
    public static final int MAX_INFERENCE_SAMPLE_SIZE = 10_000;

    private static final Pattern NATS_URL = Pattern.compile("(nats://)?[^/]+/?");

    private List<String> servers = ImmutableList.of();
    private Optional<String> user = Optional.empty();
    private Optional<String> password = Optional.empty();
    private Duration connectTimeout = new Duration(2, SECONDS);
    private Duration requestTimeout = new Duration(10, SECONDS);
    private Duration stallTimeout = new Duration(1, MINUTES);
    private Optional<File> tableDescriptionDir = Optional.empty();
    private String defaultSchema = "default";
    private Duration schemaCacheTtl = new Duration(1, MINUTES);
    private int inferenceSampleSize = 200;
    private SplitStrategy splitStrategy = SplitStrategy.AUTO;
    private int messagesPerSplit = 100_000;
    private DataSize maxBufferedBytes = DataSize.of(16, MEGABYTE);
    private Duration dynamicFilteringWaitTimeout = new Duration(1, SECONDS);
    private ExpiredPolicy onExpired = ExpiredPolicy.IGNORE;
    private DecodeErrorPolicy decodeError = DecodeErrorPolicy.FAIL;
    private boolean lastTablesEnabled = true;
    private boolean metadataTablesEnabled = true;

    @NotEmpty(message = "nats.servers is required, for example nats.servers=nats://localhost:4222")
    public List<String> getServers()
    {
        return servers;
    }

    @Config("nats.servers")
    @ConfigDescription("Comma-separated server URLs, nats://host:port")
    public NatsConfig setServers(List<String> servers)
    {
        this.servers = ImmutableList.copyOf(servers);
        return this;
    }

    @AssertTrue(message = "nats.servers must not contain credentials, use nats.user and nats.password")
    public boolean isServersWithoutCredentials()
    {
        return servers.stream().noneMatch(server -> server.contains("@"));
    }

    @AssertTrue(message = "nats.servers must be URLs nats://host:port; TLS and other schemes are not supported")
    public boolean isServersWithoutOtherSchemes()
    {
        return servers.stream().allMatch(server -> NATS_URL.matcher(server).matches());
    }

    public Optional<String> getUser()
    {
        return user;
    }

    @Config("nats.user")
    public NatsConfig setUser(String user)
    {
        this.user = Optional.ofNullable(user);
        return this;
    }

    public Optional<String> getPassword()
    {
        return password;
    }

    @Config("nats.password")
    @ConfigSecuritySensitive
    public NatsConfig setPassword(String password)
    {
        this.password = Optional.ofNullable(password);
        return this;
    }

    @AssertTrue(message = "nats.user and nats.password must be set together")
    public boolean isUserWithPassword()
    {
        return user.isPresent() == password.isPresent();
    }

    @NotNull
    @MinDuration("100ms")
    public Duration getConnectTimeout()
    {
        return connectTimeout;
    }

    @Config("nats.connect-timeout")
    @ConfigDescription("Time allowed for connecting to one server")
    public NatsConfig setConnectTimeout(Duration connectTimeout)
    {
        this.connectTimeout = connectTimeout;
        return this;
    }

    @NotNull
    @MinDuration("100ms")
    public Duration getRequestTimeout()
    {
        return requestTimeout;
    }

    @Config("nats.request-timeout")
    @ConfigDescription("Time allowed for one JetStream API request")
    public NatsConfig setRequestTimeout(Duration requestTimeout)
    {
        this.requestTimeout = requestTimeout;
        return this;
    }

    @NotNull
    @MinDuration("1s")
    public Duration getStallTimeout()
    {
        return stallTimeout;
    }

    @Config("nats.stall-timeout")
    @ConfigDescription("A scan that makes no progress for this long fails")
    public NatsConfig setStallTimeout(Duration stallTimeout)
    {
        this.stallTimeout = stallTimeout;
        return this;
    }

    public Optional<File> getTableDescriptionDir()
    {
        return tableDescriptionDir;
    }

    @Config("nats.table-description-dir")
    @ConfigDescription("Directory of JSON files that describe tables")
    public NatsConfig setTableDescriptionDir(File tableDescriptionDir)
    {
        this.tableDescriptionDir = Optional.ofNullable(tableDescriptionDir);
        return this;
    }

    @AssertTrue(message = "nats.table-description-dir is not a readable directory")
    public boolean isTableDescriptionDirReadable()
    {
        return tableDescriptionDir.map(directory -> directory.isDirectory() && directory.canRead()).orElse(true);
    }

    @NotEmpty
    public String getDefaultSchema()
    {
        return defaultSchema;
    }

    @Config("nats.default-schema")
    @ConfigDescription("Schema of table descriptions without schemaName")
    public NatsConfig setDefaultSchema(String defaultSchema)
    {
        this.defaultSchema = defaultSchema;
        return this;
    }

    @NotNull
    public Duration getSchemaCacheTtl()
    {
        return schemaCacheTtl;
    }

    @Config("nats.schema-cache-ttl")
    @ConfigDescription("How long inferred columns are kept, 0s turns the cache off")
    public NatsConfig setSchemaCacheTtl(Duration schemaCacheTtl)
    {
        this.schemaCacheTtl = schemaCacheTtl;
        return this;
    }

    @Min(1)
    @Max(MAX_INFERENCE_SAMPLE_SIZE)
    public int getInferenceSampleSize()
    {
        return inferenceSampleSize;
    }

    @Config("nats.inference-sample-size")
    @ConfigDescription("Messages read to infer the columns of a table")
    public NatsConfig setInferenceSampleSize(int inferenceSampleSize)
    {
        this.inferenceSampleSize = inferenceSampleSize;
        return this;
    }

    @NotNull
    public SplitStrategy getSplitStrategy()
    {
        return splitStrategy;
    }

    @Config("nats.split-strategy")
    @ConfigDescription("How a scan is cut into splits: AUTO, SUBJECT or SEQUENCE")
    public NatsConfig setSplitStrategy(SplitStrategy splitStrategy)
    {
        this.splitStrategy = splitStrategy;
        return this;
    }

    @Min(1)
    public int getMessagesPerSplit()
    {
        return messagesPerSplit;
    }

    @Config("nats.messages-per-split")
    public NatsConfig setMessagesPerSplit(int messagesPerSplit)
    {
        this.messagesPerSplit = messagesPerSplit;
        return this;
    }

    @NotNull
    @MinDataSize("64kB")
    public DataSize getMaxBufferedBytes()
    {
        return maxBufferedBytes;
    }

    @Config("nats.max-buffered-bytes")
    @ConfigDescription("Most bytes of messages that a split holds at a time")
    public NatsConfig setMaxBufferedBytes(DataSize maxBufferedBytes)
    {
        this.maxBufferedBytes = maxBufferedBytes;
        return this;
    }

    @NotNull
    public Duration getDynamicFilteringWaitTimeout()
    {
        return dynamicFilteringWaitTimeout;
    }

    @Config("nats.dynamic-filtering.wait-timeout")
    @ConfigDescription("Time that planning a scan waits for a join to say which subjects, sequences or times it wants")
    public NatsConfig setDynamicFilteringWaitTimeout(Duration dynamicFilteringWaitTimeout)
    {
        this.dynamicFilteringWaitTimeout = dynamicFilteringWaitTimeout;
        return this;
    }

    @NotNull
    public ExpiredPolicy getOnExpired()
    {
        return onExpired;
    }

    @Config("nats.on-expired")
    @ConfigDescription("What to do when messages are gone before a query has read them: IGNORE or FAIL")
    public NatsConfig setOnExpired(ExpiredPolicy onExpired)
    {
        this.onExpired = onExpired;
        return this;
    }

    @NotNull
    public DecodeErrorPolicy getDecodeError()
    {
        return decodeError;
    }

    @Config("nats.decode-error")
    @ConfigDescription("What to do with a payload that does not match the columns: FAIL, NULL or SKIP")
    public NatsConfig setDecodeError(DecodeErrorPolicy decodeError)
    {
        this.decodeError = decodeError;
        return this;
    }

    public boolean isLastTablesEnabled()
    {
        return lastTablesEnabled;
    }

    @Config("nats.last-tables.enabled")
    @ConfigDescription("Whether there are tables \"t$last\", which access control takes for tables of their own")
    public NatsConfig setLastTablesEnabled(boolean lastTablesEnabled)
    {
        this.lastTablesEnabled = lastTablesEnabled;
        return this;
    }

    public boolean isMetadataTablesEnabled()
    {
        return metadataTablesEnabled;
    }

    @Config("nats.metadata-tables.enabled")
    @ConfigDescription("Whether there are the tables of schema system, which show all streams, subjects and consumers")
    public NatsConfig setMetadataTablesEnabled(boolean metadataTablesEnabled)
    {
        this.metadataTablesEnabled = metadataTablesEnabled;
        return this;
    }
}
