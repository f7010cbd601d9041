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
package io.streamlance.trino.nats.function;

import com.google.inject.Inject;
import io.nats.client.api.StreamInfo;
import io.streamlance.trino.nats.client.StreamCatalog;
import io.streamlance.trino.nats.schema.DescriptionText;
import io.streamlance.trino.nats.schema.InferredSchema;
import io.streamlance.trino.nats.schema.InferredSchema.InferredColumn;
import io.streamlance.trino.nats.schema.NatsTables;
import io.trino.spi.Page;
import io.trino.spi.PageBuilder;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorSplit;
import io.trino.spi.connector.ConnectorTableCredentials;
import io.trino.spi.function.table.ConnectorTableFunctionHandle;
import io.trino.spi.function.table.TableFunctionProcessorProvider;
import io.trino.spi.function.table.TableFunctionSplitProcessor;
import jakarta.annotation.PreDestroy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

import static io.airlift.concurrent.Threads.daemonThreadsNamed;
import static io.streamlance.trino.nats.NatsErrorCode.NATS_STREAM_NOT_FOUND;
import static io.streamlance.trino.nats.predicate.SubjectPattern.ALL;
import static io.trino.spi.type.DoubleType.DOUBLE;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.Executors.newCachedThreadPool;

/// Infers the columns for `infer_columns`, on the node that has the split.
public final class InferColumnsProcessorProvider
        implements TableFunctionProcessorProvider
{
    private final StreamCatalog streams;
    private final NatsTables tables;
    private final ExecutorService executor = newCachedThreadPool(daemonThreadsNamed("nats-inference-%s"));

    @Inject
    public InferColumnsProcessorProvider(StreamCatalog streams, NatsTables tables)
    {
        this.streams = requireNonNull(streams, "streams is null");
        this.tables = requireNonNull(tables, "tables is null");
    }

    @Override
    public TableFunctionSplitProcessor getSplitProcessor(ConnectorSession session, ConnectorTableFunctionHandle handle, Optional<ConnectorTableCredentials> credentials, ConnectorSplit split)
    {
        return new InferColumnsProcessor(CompletableFuture.supplyAsync(() -> infer((InferColumnsHandle) handle), executor));
    }

    private Page infer(InferColumnsHandle handle)
    {
        StreamInfo info = streams.streamInfo(handle.stream())
                .orElseThrow(() -> new TrinoException(NATS_STREAM_NOT_FOUND, "Stream '%s' does not exist any more".formatted(handle.stream())));
        InferredSchema schema = tables.infer(info, handle.subject().orElse(ALL), handle.sampleSize());
        return switch (handle.format()) {
            case COLUMNS -> columns(schema);
            case DESCRIPTION -> description(DescriptionText.create(handle.stream(), handle.subject(), schema));
        };
    }

    private static Page columns(InferredSchema schema)
    {
        PageBuilder page = new PageBuilder(List.of(VARCHAR, VARCHAR, VARCHAR, DOUBLE));
        for (InferredColumn column : schema.columns()) {
            page.declarePosition();
            VARCHAR.writeString(page.getBlockBuilder(0), column.handle().name());
            VARCHAR.writeString(page.getBlockBuilder(1), column.handle().type().getDisplayName());
            VARCHAR.writeString(page.getBlockBuilder(2), column.handle().mapping());
            DOUBLE.writeDouble(page.getBlockBuilder(3), column.nullsFraction());
        }
        return page.build();
    }

    private static Page description(String text)
    {
        PageBuilder page = new PageBuilder(List.of(VARCHAR));
        page.declarePosition();
        VARCHAR.writeString(page.getBlockBuilder(0), text);
        return page.build();
    }

    @PreDestroy
    public void close()
    {
        executor.shutdownNow();
    }
}
