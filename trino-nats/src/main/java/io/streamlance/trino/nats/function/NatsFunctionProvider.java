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

import com.google.inject.Inject;
import io.trino.spi.function.FunctionProvider;
import io.trino.spi.function.table.ConnectorTableFunctionHandle;
import io.trino.spi.function.table.TableFunctionProcessorProvider;

import static java.util.Objects.requireNonNull;

public final class NatsFunctionProvider
        implements FunctionProvider
{
    private final InferColumnsProcessorProvider inferColumns;

    @Inject
    public NatsFunctionProvider(InferColumnsProcessorProvider inferColumns)
    {
        this.inferColumns = requireNonNull(inferColumns, "inferColumns is null");
    }

    @Override
    public TableFunctionProcessorProvider getTableFunctionProcessorProvider(ConnectorTableFunctionHandle handle)
    {
        return switch (handle) {
            case InferColumnsHandle _ -> inferColumns;
            default -> throw new IllegalArgumentException("Not a function of this connector: " + handle);
        };
    }
}
