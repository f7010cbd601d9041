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

import com.google.inject.Inject;
import io.streamlance.trino.nats.client.RangeReaderFactory;
import io.streamlance.trino.nats.summary.NatsSummaryHandle;
import io.streamlance.trino.nats.summary.SummaryPages;
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
import static io.streamlance.trino.nats.NatsSessionProperties.getDecodeErrorPolicy;
import static io.streamlance.trino.nats.NatsSessionProperties.getExpiredPolicy;
import static java.util.Objects.requireNonNull;

public class NatsPageSourceProvider
        implements ConnectorPageSourceProvider
{
    private final RangeReaderFactory readerFactory;

    @Inject
    public NatsPageSourceProvider(RangeReaderFactory readerFactory)
    {
        this.readerFactory = requireNonNull(readerFactory, "readerFactory is null");
    }

    @Override
    public ConnectorPageSource createPageSource(
            ConnectorTransactionHandle transaction,
            ConnectorSession session,
            ConnectorSplit split,
            ConnectorTableHandle table,
            Optional<ConnectorTableCredentials> tableCredentials,
            List<ColumnHandle> columns,
            DynamicFilter dynamicFilter,
            MemoryContext memoryContext)
    {
        List<NatsColumnHandle> natsColumns = columns.stream().map(NatsColumnHandle.class::cast).collect(toImmutableList());
        if (table instanceof NatsSummaryHandle summary) {
            return SummaryPages.pageSource(summary, natsColumns);
        }
        NatsTableHandle handle = (NatsTableHandle) table;
        NestedColumns nestedColumns = new NestedColumns(natsColumns);
        RowWriter rows = new RowWriter(
                handle,
                nestedColumns.decoded(),
                getDecodeErrorPolicy(session));
        NatsTableHandle wanted = handle.narrowedBy(session, dynamicFilter.getCurrentPredicate());
        NatsSplit natsSplit = (NatsSplit) split;
        return new NatsPageSource(
                readerFactory,
                wanted,
                wanted.range().equals(handle.range()) ? natsSplit : natsSplit.narrowedTo(wanted.range()),
                rows,
                nestedColumns,
                getExpiredPolicy(session),
                memoryContext);
    }
}
