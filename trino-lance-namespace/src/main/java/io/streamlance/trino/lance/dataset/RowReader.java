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
import io.trino.spi.Page;

import java.util.List;
import java.util.Optional;

/// Reads the rows of a scan, batch by batch. For one thread at a time.
public interface RowReader
        extends AutoCloseable
{
    /// Waits for the next batch, which may be without rows.
    Batch read();

    /// Whether all was read.
    boolean isEnded();

    /// Includes what was done before by other readers of the scan.
    ScanProgress progress();

    /// In what batches the rest should rather be read.
    Optional<BatchPlan> smallerBatches();

    /// Bytes that the next batch allocates at once, as far as they are known. They have to be counted before it is read.
    long announcedBytes();

    /// Memory of rows that were read and are not part of a batch yet, without Arrow's.
    long retainedBytes();

    @Override
    void close();

    /// @param rows number of rows that were read, of which the pages may have fewer
    record Batch(List<Page> pages, long rows)
    {
        public Batch
        {
            pages = ImmutableList.copyOf(pages);
        }
    }
}
