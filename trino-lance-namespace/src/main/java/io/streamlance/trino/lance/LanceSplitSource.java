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
package io.streamlance.trino.lance;

import com.google.common.util.concurrent.Futures;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ConnectorSplit;
import io.trino.spi.connector.ConnectorSplitSource;
import io.trino.spi.connector.DynamicFilterSnapshot;
import io.trino.spi.connector.FixedSplitSource;
import io.trino.spi.predicate.TupleDomain;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

import static io.airlift.concurrent.MoreFutures.toCompletableFuture;
import static java.util.Objects.requireNonNull;

/**
 * Plans the splits when the engine asks for the first of them: by then it has waited for the dynamic
 * filters, which may leave so few rows that an index finds them.
 */
public class LanceSplitSource
        implements ConnectorSplitSource
{
    private final Function<TupleDomain<ColumnHandle>, List<? extends ConnectorSplit>> planner;
    private final long dynamicFilterWaitMillis;
    private final Executor executor;

    private volatile FixedSplitSource splits;

    public LanceSplitSource(Function<TupleDomain<ColumnHandle>, List<? extends ConnectorSplit>> planner, long dynamicFilterWaitMillis, Executor executor)
    {
        this.planner = requireNonNull(planner, "planner is null");
        this.dynamicFilterWaitMillis = dynamicFilterWaitMillis;
        this.executor = requireNonNull(executor, "executor is null");
    }

    @Override
    public CompletableFuture<List<ConnectorSplit>> getNextBatch(int maxSize, DynamicFilterSnapshot dynamicFilter)
    {
        if (splits != null) {
            return splits.getNextBatch(maxSize, dynamicFilter);
        }
        // a CompletableFuture would wrap a failure, and the engine would not see its error code
        return toCompletableFuture(Futures.submit(() -> {
            splits = new FixedSplitSource(planner.apply(dynamicFilter.currentPredicate()));
            return splits.getNextBatch(maxSize, dynamicFilter).join();
        }, executor));
    }

    @Override
    public long getRequestedDynamicFilterWaitTimeoutMillis()
    {
        return dynamicFilterWaitMillis;
    }

    @Override
    public boolean isFinished()
    {
        return splits != null && splits.isFinished();
    }

    @Override
    public void close() {}
}
