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
package io.streamlance.trino.nats.function;

import io.trino.spi.Page;
import io.trino.spi.TrinoException;
import io.trino.spi.function.table.TableFunctionProcessorState;
import io.trino.spi.function.table.TableFunctionSplitProcessor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import static com.google.common.base.Throwables.throwIfInstanceOf;
import static io.trino.spi.function.table.TableFunctionProcessorState.Blocked.blocked;
import static io.trino.spi.function.table.TableFunctionProcessorState.Finished.FINISHED;
import static io.trino.spi.function.table.TableFunctionProcessorState.Processed.produced;
import static java.util.Objects.requireNonNull;

/// Hands over a page that is made elsewhere, since making it waits for the server.
final class InferColumnsProcessor
        implements TableFunctionSplitProcessor
{
    private final CompletableFuture<Page> page;
    private boolean done;

    InferColumnsProcessor(CompletableFuture<Page> page)
    {
        this.page = requireNonNull(page, "page is null");
    }

    @Override
    public TableFunctionProcessorState process()
    {
        if (done) {
            return FINISHED;
        }
        if (!page.isDone()) {
            return blocked(page.handle((_, _) -> null));
        }
        done = true;
        try {
            return produced(page.join());
        }
        catch (CompletionException e) {
            throwIfInstanceOf(e.getCause(), TrinoException.class);
            throw e;
        }
    }

    @Override
    public void close()
    {
        page.cancel(true);
    }
}
