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
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.streamlance.trino.lance.namespace.LanceNamespaceClient;
import io.streamlance.trino.lance.namespace.NamespaceMapping;
import io.streamlance.trino.lance.namespace.NamespaceMount;
import io.streamlance.trino.lance.namespace.NamespaceMountConfig;
import io.streamlance.trino.lance.namespace.StorageOptions;
import io.streamlance.trino.lance.planning.PlanningThreads;

import static com.google.inject.Scopes.SINGLETON;
import static io.airlift.configuration.ConfigBinder.configBinder;
import static io.streamlance.trino.lance.namespace.LazySingletonScope.LAZY_SINGLETON;
import static java.util.Objects.requireNonNull;

/// What it takes to read a namespace, without the tables in it: a catalog and the catalog store need the same.
public class LanceNamespaceModule
        implements Module
{
    private final StorageOptions storageOptions;

    public LanceNamespaceModule(StorageOptions storageOptions)
    {
        this.storageOptions = requireNonNull(storageOptions, "storageOptions is null");
    }

    @Override
    public void configure(Binder binder)
    {
        configBinder(binder).bindConfig(LanceConfig.class);
        configBinder(binder).bindConfig(NamespaceMountConfig.class);
        binder.bind(StorageOptions.class).toInstance(storageOptions);
        binder.bind(LanceRuntime.class).in(SINGLETON);
        Provider<LanceRuntime> runtime = binder.getProvider(LanceRuntime.class);
        binder.bind(PlanningThreads.class).toProvider(() -> runtime.get().planning()).in(SINGLETON);
        // a namespace may be out of reach when its catalog starts, so nothing that needs it may be made then
        binder.bind(LanceNamespaceClient.class).in(LAZY_SINGLETON);
        Provider<LanceNamespaceClient> client = binder.getProvider(LanceNamespaceClient.class);
        Provider<LanceConfig> config = binder.getProvider(LanceConfig.class);
        binder.bind(NamespaceMapping.class)
                .toProvider(() -> NamespaceMapping.mount(client.get(), config.get().getNamespaceParent()))
                .in(LAZY_SINGLETON);
        binder.bind(NamespaceMount.class).in(SINGLETON);
    }
}
