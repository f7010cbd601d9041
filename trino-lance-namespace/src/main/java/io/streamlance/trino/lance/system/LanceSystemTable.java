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
package io.streamlance.trino.lance.system;

import io.streamlance.trino.lance.dataset.DatasetLease;
import io.streamlance.trino.lance.dataset.ManifestDiagnosis;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.ColumnMetadata;
import io.trino.spi.connector.ConnectorPageSource;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorTableMetadata;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.connector.FixedPageSource;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.connector.SystemTable;
import io.trino.spi.predicate.TupleDomain;

import java.util.function.Supplier;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_READ_ERROR;
import static java.util.Objects.requireNonNull;

/// A metadata table, read on the coordinator.
final class LanceSystemTable
        implements SystemTable
{
    private final SchemaTableName name;
    private final MetadataTable table;
    private final Supplier<DatasetLease> dataset;

    LanceSystemTable(SchemaTableName name, MetadataTable table, Supplier<DatasetLease> dataset)
    {
        this.name = requireNonNull(name, "name is null");
        this.table = requireNonNull(table, "table is null");
        this.dataset = requireNonNull(dataset, "dataset is null");
    }

    @Override
    public Distribution getDistribution()
    {
        return Distribution.SINGLE_COORDINATOR;
    }

    @Override
    public ConnectorTableMetadata getTableMetadata()
    {
        return new ConnectorTableMetadata(name, table.columns());
    }

    @Override
    public ConnectorPageSource pageSource(ConnectorTransactionHandle transaction, ConnectorSession session, TupleDomain<Integer> constraint)
    {
        RowPages rows = new RowPages(table.columns().stream()
                .map(ColumnMetadata::getType)
                .collect(toImmutableList()));
        try (DatasetLease lease = dataset.get()) {
            read(lease, rows);
        }
        return new FixedPageSource(rows.build());
    }

    private void read(DatasetLease lease, RowPages rows)
    {
        try {
            table.read(lease.dataset(), rows);
        }
        catch (TrinoException e) {
            throw e;
        }
        // the native code throws IOException too, although the methods do not declare it
        catch (Exception e) {
            throw new TrinoException(LANCE_READ_ERROR, "Cannot read the table %s: %s%s".formatted(name, e.getMessage(), ManifestDiagnosis.describe(lease.version().location())), e);
        }
    }
}
