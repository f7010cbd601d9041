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
package io.streamlance.trino.lance.changes;

import com.google.inject.Inject;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.arrow.ArrowTypes;
import io.streamlance.trino.lance.blob.BlobScans;
import io.streamlance.trino.lance.dataset.DatasetCache;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ConnectorPageSource;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.MemoryContext;

import java.util.List;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Objects.requireNonNull;

public class TableChangesPageSources
{
    private final DatasetCache datasets;
    private final LanceRuntime runtime;
    private final BlobScans scans;
    private final ArrowTypes types;

    @Inject
    public TableChangesPageSources(DatasetCache datasets, LanceRuntime runtime, BlobScans scans, ArrowTypes types)
    {
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.runtime = requireNonNull(runtime, "runtime is null");
        this.scans = requireNonNull(scans, "scans is null");
        this.types = requireNonNull(types, "types is null");
    }

    public ConnectorPageSource create(ConnectorSession session, TableChangesHandle table, TableChangesSplit split, VendedOptions vended, List<ColumnHandle> columns, MemoryContext memoryContext)
    {
        List<LanceColumnHandle> lanceColumns = columns.stream()
                .map(LanceColumnHandle.class::cast)
                .collect(toImmutableList());
        ChangeReader reader = new ChangeReader(table, split, lanceColumns, ChangeSource.of(datasets, runtime, scans, types, vended, session));
        return new TableChangesPageSource(reader, memoryContext);
    }
}
