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

import com.google.inject.Binder;
import com.google.inject.Module;
import com.google.inject.Scopes;
import io.streamlance.trino.nats.client.NatsConnection;
import io.streamlance.trino.nats.client.RangeReaderFactory;
import io.streamlance.trino.nats.client.ReaderStats;
import io.streamlance.trino.nats.client.StreamCatalog;
import io.streamlance.trino.nats.function.FunctionModule;
import io.streamlance.trino.nats.schema.NatsTables;
import io.streamlance.trino.nats.schema.StreamFinder;
import io.streamlance.trino.nats.schema.TableDescriptions;
import io.streamlance.trino.nats.summary.NatsAggregation;
import io.streamlance.trino.nats.summary.SummaryQueries;
import io.streamlance.trino.nats.system.SystemModule;
import io.trino.plugin.base.session.SessionPropertiesProvider;

import static io.airlift.configuration.ConfigBinder.configBinder;
import static org.weakref.jmx.guice.ExportBinder.newExporter;

public class NatsModule
        implements Module
{
    @Override
    public void configure(Binder binder)
    {
        configBinder(binder).bindConfig(NatsConfig.class);
        binder.bind(NatsConnection.class).in(Scopes.SINGLETON);
        binder.bind(StreamCatalog.class).in(Scopes.SINGLETON);
        binder.bind(ReaderStats.class).in(Scopes.SINGLETON);
        newExporter(binder).export(ReaderStats.class).withGeneratedName();
        binder.bind(RangeReaderFactory.class).in(Scopes.SINGLETON);
        binder.bind(TableDescriptions.class).in(Scopes.SINGLETON);
        binder.bind(StreamFinder.class).in(Scopes.SINGLETON);
        binder.bind(NatsTables.class).in(Scopes.SINGLETON);
        binder.bind(SummaryQueries.class).in(Scopes.SINGLETON);
        binder.bind(NatsAggregation.class).in(Scopes.SINGLETON);
        binder.bind(ScanBounds.class).in(Scopes.SINGLETON);
        binder.bind(NatsSplitPlanner.class).in(Scopes.SINGLETON);
        binder.bind(NatsSplitManager.class).in(Scopes.SINGLETON);
        binder.bind(NatsPageSourceProvider.class).in(Scopes.SINGLETON);
        binder.bind(SessionPropertiesProvider.class).to(NatsSessionProperties.class).in(Scopes.SINGLETON);
        binder.install(new SystemModule());
        binder.install(new FunctionModule());
        binder.bind(NatsConnector.class).in(Scopes.SINGLETON);
    }
}
