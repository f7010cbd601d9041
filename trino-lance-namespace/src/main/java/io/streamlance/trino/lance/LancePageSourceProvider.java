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
package io.streamlance.trino.lance;

import com.google.inject.Inject;
import io.airlift.units.DataSize;
import io.streamlance.trino.lance.dataset.DatasetCache;
import io.streamlance.trino.lance.dataset.DatasetScan;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.streamlance.trino.lance.dataset.ScanRange;
import io.streamlance.trino.lance.dataset.ScanRequest;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ConnectorPageSource;
import io.trino.spi.connector.ConnectorPageSourceProvider;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorSplit;
import io.trino.spi.connector.ConnectorTableCredentials;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.connector.DynamicFilter;
import io.trino.spi.connector.MemoryContext;

import java.util.List;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.lance.LanceSessionProperties.getScanBatchRows;
import static io.streamlance.trino.lance.LanceSessionProperties.getScanBatchSize;
import static io.streamlance.trino.lance.LanceSessionProperties.getScanReadahead;
import static java.lang.Math.clamp;
import static java.util.Objects.requireNonNull;

public class LancePageSourceProvider
        implements ConnectorPageSourceProvider
{
    private final DatasetCache datasets;
    private final LanceRuntime runtime;

    @Inject
    public LancePageSourceProvider(DatasetCache datasets, LanceRuntime runtime)
    {
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.runtime = requireNonNull(runtime, "runtime is null");
    }

    @Override
    public ConnectorPageSource createPageSource(
            ConnectorTransactionHandle transaction,
            ConnectorSession session,
            ConnectorSplit split,
            ConnectorTableHandle tableHandle,
            Optional<ConnectorTableCredentials> tableCredentials,
            List<ColumnHandle> columns,
            DynamicFilter dynamicFilter,
            MemoryContext memoryContext)
    {
        LanceTableHandle table = (LanceTableHandle) tableHandle;
        ScanRange range = ((LanceSplit) split).range();
        if (columns.isEmpty()) {
            return new RowCountPageSource(range.rows());
        }
        ScanRequest request = new ScanRequest(
                table.name(),
                table.version(),
                range,
                columns.stream()
                        .map(LanceColumnHandle.class::cast)
                        .collect(toImmutableList()),
                batchRows(range, getScanBatchRows(session), getScanBatchSize(session)),
                getScanReadahead(session));
        VendedOptions vended = LanceTableCredentials.toVendedOptions(tableCredentials);
        return new LancePageSource(new DatasetScan(() -> datasets.open(table.name(), table.version(), vended), runtime.allocator(), request), runtime.executor(), memoryContext);
    }

    // wide rows, such as vectors and documents, come in smaller batches
    private static int batchRows(ScanRange range, int maxRows, DataSize batchSize)
    {
        double bytesPerRow = (double) range.dataBytes() / range.rows();
        return bytesPerRow == 0 ? maxRows : clamp((long) (batchSize.toBytes() / bytesPerRow), 1, maxRows);
    }
}
