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

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.Futures;
import io.trino.spi.connector.ConnectorSplit;
import io.trino.spi.connector.ConnectorSplitSource;
import io.trino.spi.connector.DynamicFilterSnapshot;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

import static io.airlift.concurrent.MoreFutures.toCompletableFuture;
import static java.util.Objects.requireNonNull;

/// Plans when the first splits are asked for: by then a join may have said which rows it wants.
final class NatsSplitSource
        implements ConnectorSplitSource
{
    private final Function<DynamicFilterSnapshot, List<NatsSplit>> planner;
    private final Executor executor;
    private final long dynamicFilterWaitMillis;

    private Iterator<NatsSplit> splits;
    private volatile boolean closed;

    /// @param planner may block
    NatsSplitSource(Function<DynamicFilterSnapshot, List<NatsSplit>> planner, Executor executor, long dynamicFilterWaitMillis)
    {
        this.planner = requireNonNull(planner, "planner is null");
        this.executor = requireNonNull(executor, "executor is null");
        this.dynamicFilterWaitMillis = dynamicFilterWaitMillis;
    }

    @Override
    public long getRequestedDynamicFilterWaitTimeoutMillis()
    {
        return dynamicFilterWaitMillis;
    }

    @Override
    public CompletableFuture<List<ConnectorSplit>> getNextBatch(int maxSize, DynamicFilterSnapshot dynamicFilter)
    {
        if (splits != null) {
            return CompletableFuture.completedFuture(take(maxSize));
        }
        // a CompletableFuture would wrap a failure, and the engine would not see its error code
        return toCompletableFuture(Futures.submit(() -> {
            splits = planner.apply(dynamicFilter).iterator();
            return take(maxSize);
        }, executor));
    }

    private List<ConnectorSplit> take(int maxSize)
    {
        ImmutableList.Builder<ConnectorSplit> batch = ImmutableList.builder();
        for (int i = 0; i < maxSize && splits.hasNext(); i++) {
            batch.add(splits.next());
        }
        return batch.build();
    }

    @Override
    public boolean isFinished()
    {
        return closed || (splits != null && !splits.hasNext());
    }

    @Override
    public void close()
    {
        closed = true;
    }
}
