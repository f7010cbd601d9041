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
package io.streamlance.trino.lance.dataset;

import com.google.common.collect.ImmutableList;
import io.airlift.units.DataSize;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.trino.spi.Page;
import io.trino.spi.PageBuilder;

import java.util.List;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.airlift.units.DataSize.Unit.KILOBYTE;
import static io.airlift.units.DataSize.Unit.MEGABYTE;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

/// Puts small batches together: a selective filter, or a dataset of many small fragments, leaves few rows in each, and a page
/// costs the engine about the same whatever it holds.
final class PageMerger
{
    private static final int SMALL_ROWS = 1024;
    private static final long SMALL_BYTES = DataSize.of(256, KILOBYTE).toBytes();
    private static final int ENOUGH_ROWS = 8192;
    private static final long ENOUGH_BYTES = DataSize.of(1, MEGABYTE).toBytes();
    // rows that are rare should not wait for others: a limit may need no more
    private static final long MAX_WAIT_NANOS = MILLISECONDS.toNanos(100);

    private final List<LanceColumnHandle> columns;
    private PageBuilder page;
    private long bytes;
    private long firstNanos;

    PageMerger(List<LanceColumnHandle> columns)
    {
        this.columns = ImmutableList.copyOf(columns);
    }

    static boolean isSmall(int rows, long bytes)
    {
        return rows < SMALL_ROWS && bytes < SMALL_BYTES;
    }

    void add(Page rows)
    {
        if (page == null) {
            page = new PageBuilder(columns.stream()
                    .map(LanceColumnHandle::type)
                    .collect(toImmutableList()));
            firstNanos = System.nanoTime();
        }
        for (int channel = 0; channel < rows.getChannelCount(); channel++) {
            page.getBlockBuilder(channel).appendBlockRange(rows.getBlock(channel), 0, rows.getPositionCount());
        }
        page.declarePositions(rows.getPositionCount());
        bytes += rows.getSizeInBytes();
    }

    boolean isEnough()
    {
        return page != null &&
                (page.getPositionCount() >= ENOUGH_ROWS || bytes >= ENOUGH_BYTES || System.nanoTime() - firstNanos >= MAX_WAIT_NANOS);
    }

    Optional<Page> build()
    {
        return Optional.ofNullable(page).map(PageBuilder::build);
    }
}
