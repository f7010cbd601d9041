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
import com.google.inject.Provides;
import com.google.inject.Singleton;
import io.streamlance.trino.lance.arrow.ArrowTypes;
import io.streamlance.trino.lance.dataset.DatasetCache;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.streamlance.trino.lance.namespace.LanceNamespaceClient;
import io.streamlance.trino.lance.namespace.NamespaceMapping;
import io.streamlance.trino.lance.namespace.StorageOptions;

import static com.google.inject.Scopes.SINGLETON;
import static io.airlift.configuration.ConfigBinder.configBinder;
import static java.util.Objects.requireNonNull;

public class LanceModule
        implements Module
{
    private final StorageOptions storageOptions;

    public LanceModule(StorageOptions storageOptions)
    {
        this.storageOptions = requireNonNull(storageOptions, "storageOptions is null");
    }

    @Override
    public void configure(Binder binder)
    {
        configBinder(binder).bindConfig(LanceConfig.class);
        binder.bind(StorageOptions.class).toInstance(storageOptions);
        binder.bind(LanceRuntime.class).in(SINGLETON);
        binder.bind(LanceNamespaceClient.class).in(SINGLETON);
        binder.bind(DatasetCache.class).in(SINGLETON);
        binder.bind(ArrowTypes.class).in(SINGLETON);
        binder.bind(LanceTableResolver.class).in(SINGLETON);
        binder.bind(LanceSessionProperties.class).in(SINGLETON);
        binder.bind(LanceSplitManager.class).in(SINGLETON);
        binder.bind(LancePageSourceProvider.class).in(SINGLETON);
        binder.bind(LanceConnector.class).in(SINGLETON);
    }

    // built at start, so that a missing parent namespace is an error at start
    @Provides
    @Singleton
    static NamespaceMapping createNamespaceMapping(LanceNamespaceClient client, LanceConfig config)
    {
        return NamespaceMapping.mount(client, config.getNamespaceParent());
    }
}
