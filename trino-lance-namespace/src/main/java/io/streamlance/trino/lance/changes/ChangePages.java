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

import com.google.common.collect.ImmutableList;
import io.airlift.slice.Slices;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.LanceTable;
import io.streamlance.trino.lance.MetadataColumn;
import io.trino.spi.Page;
import io.trino.spi.TrinoException;
import io.trino.spi.block.Block;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.block.DictionaryBlock;
import io.trino.spi.block.RunLengthEncodedBlock;
import io.trino.spi.type.LongTimestampWithTimeZone;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.TimeZoneKey.UTC_KEY;
import static io.trino.spi.type.Timestamps.NANOSECONDS_PER_MILLISECOND;
import static io.trino.spi.type.Timestamps.PICOSECONDS_PER_NANOSECOND;
import static io.trino.spi.type.TypeUtils.writeNativeValue;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.lang.Math.floorDiv;
import static java.lang.Math.floorMod;
import static java.util.Objects.requireNonNull;

/// Makes changes of the rows of one version.
final class ChangePages
{
    private static final Block TYPES = typeNames();
    private static final int NOT_STORED = -1;

    private final List<LanceColumnHandle> columns;
    private final TableChangesSplit change;
    private final List<LanceColumnHandle> storedColumns;
    private final int[] channels;

    /// @param columns those of the changes
    /// @param stored those that the rows have in their version, which may have others than the last version
    ChangePages(TableChangesHandle table, List<LanceColumnHandle> columns, TableChangesSplit change, List<LanceTable.Column> stored)
    {
        this.columns = ImmutableList.copyOf(columns);
        this.change = requireNonNull(change, "change is null");
        channels = new int[columns.size()];
        Arrays.fill(channels, NOT_STORED);
        List<LanceColumnHandle> read = new ArrayList<>();
        for (int i = 0; i < channels.length; i++) {
            Optional<LanceColumnHandle> source = ChangeColumn.of(columns.get(i)).isPresent() ? Optional.empty() : find(table, columns.get(i), stored);
            if (source.isPresent()) {
                channels[i] = read.size();
                read.add(source.orElseThrow());
            }
        }
        storedColumns = ImmutableList.copyOf(read);
    }

    /// What to read of the version; the row id is the last.
    List<LanceColumnHandle> columnsToRead()
    {
        return ImmutableList.<LanceColumnHandle>builder().addAll(storedColumns).add(MetadataColumn.ROW_ID.handle()).build();
    }

    /// @param rows with the columns that are read
    /// @param types ordinal of the [ChangeType] of a row id, or [RowIdMap#NO_VALUE]
    Page select(Page rows, LongUnaryOperator types)
    {
        Block ids = rows.getBlock(storedColumns.size());
        int[] positions = new int[rows.getPositionCount()];
        int[] changes = new int[rows.getPositionCount()];
        int count = 0;
        for (int position = 0; position < rows.getPositionCount(); position++) {
            long type = types.applyAsLong(BIGINT.getLong(ids, position));
            if (type != RowIdMap.NO_VALUE) {
                positions[count] = position;
                changes[count] = (int) type;
                count++;
            }
        }
        Block[] blocks = new Block[columns.size()];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = block(i, rows, positions, changes, count);
        }
        return new Page(count, blocks);
    }

    private Block block(int column, Page rows, int[] positions, int[] changes, int count)
    {
        if (channels[column] != NOT_STORED) {
            return rows.getBlock(channels[column]).copyPositions(positions, 0, count);
        }
        return switch (ChangeColumn.of(columns.get(column)).orElse(null)) {
            // the version does not have the column yet
            case null -> RunLengthEncodedBlock.create(columns.get(column).type(), null, count);
            case TYPE -> DictionaryBlock.create(count, TYPES, changes);
            case VERSION -> constant(ChangeColumn.VERSION, change.to().version(), count);
            case TIMESTAMP -> constant(ChangeColumn.TIMESTAMP, timestamp(change.to().createdNanos()), count);
            case ORDINAL -> constant(ChangeColumn.ORDINAL, (long) change.ordinal(), count);
        };
    }

    private static Optional<LanceColumnHandle> find(TableChangesHandle table, LanceColumnHandle column, List<LanceTable.Column> stored)
    {
        Optional<LanceColumnHandle> found = stored.stream()
                .map(LanceTable.Column::handle)
                .filter(candidate -> candidate.trinoName().equals(column.trinoName()))
                .findFirst();
        found.filter(candidate -> !candidate.type().equals(column.type())).ifPresent(candidate -> {
            throw new TrinoException(NOT_SUPPORTED, "Column %s of table %s was of type %s before version %s, in which it is of type %s. Ask for the changes up to a version before the type was changed, or after it".formatted(
                    column.trinoName(), table.name(), candidate.type(), table.end().version(), column.type()));
        });
        return found;
    }

    private static Block constant(ChangeColumn column, Object value, int count)
    {
        return RunLengthEncodedBlock.create(writeNativeValue(column.handle().type(), value), count);
    }

    private static LongTimestampWithTimeZone timestamp(long epochNanos)
    {
        return LongTimestampWithTimeZone.fromEpochMillisAndFraction(
                floorDiv(epochNanos, NANOSECONDS_PER_MILLISECOND),
                (int) floorMod(epochNanos, NANOSECONDS_PER_MILLISECOND) * PICOSECONDS_PER_NANOSECOND,
                UTC_KEY);
    }

    private static Block typeNames()
    {
        List<String> names = Arrays.stream(ChangeType.values()).map(ChangeType::text).collect(toImmutableList());
        BlockBuilder builder = VARCHAR.createBlockBuilder(null, names.size());
        names.forEach(name -> VARCHAR.writeSlice(builder, Slices.utf8Slice(name)));
        return builder.build();
    }
}
