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

import io.trino.spi.Page;
import org.apache.arrow.memory.BufferAllocator;

import java.util.Optional;
import java.util.function.Supplier;

import static com.google.common.base.Preconditions.checkState;
import static java.util.Objects.requireNonNull;

/// A scan for those who may wait on the thread that calls them, which are the connector's own threads. Only one thread at a
/// time may use it, except for [#allocatedBytes()].
public final class BlockingScan
        implements AutoCloseable
{
    private final Supplier<DatasetLease> dataset;
    private final ScanRequest request;
    private final BufferAllocator allocator;

    private OpenScan scan;
    private boolean closed;

    /// @param dataset opens the dataset; called at most once, on the first read
    public BlockingScan(Supplier<DatasetLease> dataset, LanceRuntime runtime, ScanRequest request)
    {
        this.dataset = requireNonNull(dataset, "dataset is null");
        this.request = requireNonNull(request, "request is null");
        this.allocator = runtime.allocator().newChildAllocator(request.table().toString(), 0, Long.MAX_VALUE);
    }

    /// @return empty at the end
    public Optional<Page> readPage()
    {
        checkState(!closed, "scan is closed");
        if (scan == null) {
            scan = OpenScan.open(dataset.get(), allocator, request, 0);
        }
        if (!scan.loadBatch()) {
            return Optional.empty();
        }
        Page page = scan.toPage(0, scan.batchRows());
        scan.clearBatch();
        return Optional.of(page);
    }

    public long allocatedBytes()
    {
        return allocator.getAllocatedMemory();
    }

    @Override
    public void close()
    {
        if (closed) {
            return;
        }
        closed = true;
        try (allocator; OpenScan _ = scan) {
            scan = null;
        }
    }
}
