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
package io.streamlance.trino.nats.summary;

import com.google.common.collect.ImmutableList;
import io.streamlance.trino.nats.NatsColumnHandle;
import io.streamlance.trino.nats.schema.InternalColumn;
import io.streamlance.trino.nats.summary.Summary.End;
import io.trino.spi.PageBuilder;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.connector.ConnectorPageSource;
import io.trino.spi.connector.FixedPageSource;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.VarcharType.VARCHAR;

/// Rows of a [NatsSummaryHandle].
public final class SummaryPages
{
    private SummaryPages() {}

    public static ConnectorPageSource pageSource(NatsSummaryHandle handle, List<NatsColumnHandle> columns)
    {
        PageBuilder page = new PageBuilder(columns.stream().map(NatsColumnHandle::type).collect(toImmutableList()));
        for (Summary row : handle.rows()) {
            for (int channel = 0; channel < columns.size(); channel++) {
                write(row, SummaryColumn.of(columns.get(channel)), page.getBlockBuilder(channel));
            }
            page.declarePosition();
        }
        return new FixedPageSource(ImmutableList.of(page.build()));
    }

    private static void write(Summary row, SummaryColumn column, BlockBuilder builder)
    {
        switch (column) {
            case SUBJECT -> VARCHAR.writeString(builder, row.subject().orElseThrow());
            case COUNT -> writeLong(row.count(), builder);
            case MIN_SEQUENCE -> writeLong(sequence(row.oldest()), builder);
            case MAX_SEQUENCE -> writeLong(sequence(row.newest()), builder);
            case MIN_TIMESTAMP -> writeTimestamp(row.oldest(), builder);
            case MAX_TIMESTAMP -> writeTimestamp(row.newest(), builder);
        }
    }

    private static OptionalLong sequence(Optional<End> end)
    {
        return end.isPresent() ? OptionalLong.of(end.orElseThrow().sequence()) : OptionalLong.empty();
    }

    private static void writeLong(OptionalLong value, BlockBuilder builder)
    {
        if (value.isPresent()) {
            BIGINT.writeLong(builder, value.getAsLong());
        }
        else {
            builder.appendNull();
        }
    }

    private static void writeTimestamp(Optional<End> end, BlockBuilder builder)
    {
        if (end.isPresent()) {
            InternalColumn.writeTimestamp(end.orElseThrow().timestampNanos(), builder);
        }
        else {
            builder.appendNull();
        }
    }
}
