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
package io.streamlance.trino.lance.blob;

import com.google.common.collect.ImmutableList;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.arrow.ArrowBlocks;
import io.trino.spi.Page;
import io.trino.spi.PageBuilder;
import io.trino.spi.block.Block;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.lance.Dataset;

import java.io.IOException;
import java.util.List;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.type.BigintType.BIGINT;
import static java.util.Objects.requireNonNull;

/// Reads the descriptors of blobs by the ids of their rows.
final class DescriptorTake
{
    private final Dataset dataset;
    private final BlobSource source;
    private final List<LanceColumnHandle> columns;

    /// @param columns of descriptors
    DescriptorTake(Dataset dataset, BlobSource source, List<LanceColumnHandle> columns)
    {
        this.dataset = requireNonNull(dataset, "dataset is null");
        this.source = requireNonNull(source, "source is null");
        this.columns = ImmutableList.copyOf(columns);
    }

    /// Adds the descriptors to rows, as the last columns.
    Page add(Page rows, Block rowIds)
    {
        if (columns.isEmpty()) {
            return rows;
        }
        Page descriptors = read(rowIds);
        for (int channel = 0; channel < columns.size(); channel++) {
            rows = rows.appendColumn(descriptors.getBlock(channel));
        }
        return rows;
    }

    private Page read(Block rowIds)
    {
        ImmutableList.Builder<Long> ids = ImmutableList.builder();
        for (int i = 0; i < rowIds.getPositionCount(); i++) {
            ids.add(BIGINT.getLong(rowIds, i));
        }
        PageBuilder page = new PageBuilder(columns.stream()
                .map(LanceColumnHandle::type)
                .collect(toImmutableList()));
        try (ArrowReader reader = dataset.takeRows(ids.build(), columns.stream().map(LanceColumnHandle::scanName).collect(toImmutableList()))) {
            ArrowBlocks arrowBlocks = new ArrowBlocks(reader);
            while (reader.loadNextBatch()) {
                int count = reader.getVectorSchemaRoot().getRowCount();
                for (int channel = 0; channel < columns.size(); channel++) {
                    LanceColumnHandle column = columns.get(channel);
                    Block block = arrowBlocks.toBlock(reader.getVectorSchemaRoot(), column.path().names(), column.type());
                    page.getBlockBuilder(channel).appendBlockRange(block, 0, count);
                }
                page.declarePositions(count);
            }
            if (page.getPositionCount() != rowIds.getPositionCount()) {
                throw new IOException("Lance has found %s of %s rows".formatted(page.getPositionCount(), rowIds.getPositionCount()));
            }
        }
        // the native code throws whatever it has for the error
        catch (IOException | RuntimeException e) {
            throw source.readError(columns.getFirst(), "%s rows".formatted(rowIds.getPositionCount()), e);
        }
        return page.build();
    }
}
