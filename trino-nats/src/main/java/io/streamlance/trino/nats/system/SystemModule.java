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
package io.streamlance.trino.nats.system;

import com.google.inject.Binder;
import com.google.inject.Module;
import com.google.inject.Scopes;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.ProvidesIntoSet;
import io.trino.spi.connector.SystemTable;
import io.trino.spi.procedure.Procedure;

import static com.google.inject.multibindings.Multibinder.newSetBinder;

/// System tables and procedures.
public final class SystemModule
        implements Module
{
    @Override
    public void configure(Binder binder)
    {
        Multibinder<SystemTable> tables = newSetBinder(binder, SystemTable.class);
        tables.addBinding().to(StreamsTable.class).in(Scopes.SINGLETON);
        tables.addBinding().to(ConsumersTable.class).in(Scopes.SINGLETON);
        tables.addBinding().to(SubjectsTable.class).in(Scopes.SINGLETON);
        binder.bind(RefreshSchemaProcedure.class).in(Scopes.SINGLETON);
    }

    @ProvidesIntoSet
    Procedure refreshSchema(RefreshSchemaProcedure refreshSchema)
    {
        return refreshSchema.create();
    }
}
