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
package io.streamlance.trino.lance.namespace.rest;

import com.google.inject.Binder;
import com.google.inject.Module;
import io.streamlance.trino.lance.namespace.NamespaceFactory;

import static com.google.inject.Scopes.SINGLETON;
import static io.airlift.configuration.ConfigBinder.configBinder;
import static io.streamlance.trino.lance.namespace.LazySingletonScope.LAZY_SINGLETON;

public class RestNamespaceModule
        implements Module
{
    @Override
    public void configure(Binder binder)
    {
        configBinder(binder).bindConfig(RestNamespaceConfig.class);
        configBinder(binder).bindConfig(RestAuthenticationConfig.class);
        configBinder(binder).bindConfig(RestTlsConfig.class);
        // not on workers, which neither ask the server nor need the files with headers and certificates
        binder.bind(RestTransport.class).in(LAZY_SINGLETON);
        binder.bind(RestHeaders.class).in(LAZY_SINGLETON);
        binder.bind(BearerTokens.class).in(LAZY_SINGLETON);
        binder.bind(HttpNamespace.class).in(LAZY_SINGLETON);
        binder.bind(NamespaceFactory.class).to(RestNamespaceFactory.class).in(SINGLETON);
    }
}
