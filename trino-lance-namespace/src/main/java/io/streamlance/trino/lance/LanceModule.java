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

import com.google.inject.Binder;
import com.google.inject.Module;
import com.google.inject.Provider;
import io.streamlance.trino.lance.arrow.ArrowTypes;
import io.streamlance.trino.lance.blob.BlobConfig;
import io.streamlance.trino.lance.blob.BlobLocations;
import io.streamlance.trino.lance.blob.BlobScans;
import io.streamlance.trino.lance.changes.TableChangesFunction;
import io.streamlance.trino.lance.changes.TableChangesPageSources;
import io.streamlance.trino.lance.changes.TableChangesSplits;
import io.streamlance.trino.lance.dataset.DatasetCache;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.streamlance.trino.lance.dataset.ScanSlots;
import io.streamlance.trino.lance.dataset.StatisticsCache;
import io.streamlance.trino.lance.planning.ListingConfig;
import io.streamlance.trino.lance.system.LanceMetadataTables;
import io.trino.spi.function.table.ConnectorTableFunction;

import static com.google.inject.Scopes.SINGLETON;
import static com.google.inject.multibindings.Multibinder.newSetBinder;
import static io.airlift.configuration.ConfigBinder.configBinder;
import static io.streamlance.trino.lance.namespace.LazySingletonScope.LAZY_SINGLETON;
import static org.weakref.jmx.guice.ExportBinder.newExporter;

public class LanceModule
        implements Module
{
    @Override
    public void configure(Binder binder)
    {
        configBinder(binder).bindConfig(ListingConfig.class);
        binder.bind(DatasetCache.class).in(SINGLETON);
        Provider<LanceRuntime> runtime = binder.getProvider(LanceRuntime.class);
        binder.bind(ScanSlots.class).toProvider(() -> runtime.get().scanSlots()).in(SINGLETON);
        newExporter(binder).export(ScanSlots.class).withGeneratedName();
        binder.bind(ArrowTypes.class).in(SINGLETON);
        binder.bind(LanceTableResolver.class).in(LAZY_SINGLETON);
        binder.bind(LanceMetadataTables.class).in(SINGLETON);
        binder.bind(LanceSessionProperties.class).in(SINGLETON);
        binder.bind(StatisticsCache.class).in(SINGLETON);
        binder.bind(ScanPlanner.class).in(SINGLETON);
        binder.bind(LanceStatistics.class).in(SINGLETON);
        binder.bind(LanceTransactions.class).in(SINGLETON);
        binder.bind(LanceSplitManager.class).in(SINGLETON);
        configBinder(binder).bindConfig(BlobConfig.class);
        binder.bind(BlobLocations.class).in(SINGLETON);
        binder.bind(BlobScans.class).in(SINGLETON);
        binder.bind(LancePageSourceProvider.class).in(SINGLETON);
        binder.bind(TableChangesSplits.class).in(SINGLETON);
        binder.bind(TableChangesPageSources.class).in(SINGLETON);
        newSetBinder(binder, ConnectorTableFunction.class).addBinding().to(TableChangesFunction.class).in(SINGLETON);
        binder.bind(LanceConnector.class).in(SINGLETON);
    }
}
