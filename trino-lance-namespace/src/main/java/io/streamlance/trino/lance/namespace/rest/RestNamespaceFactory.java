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

import com.google.inject.Inject;
import com.google.inject.Provider;
import io.streamlance.trino.lance.namespace.NamespaceFactory;
import org.lance.namespace.LanceNamespace;

import static java.util.Objects.requireNonNull;

/// A server that speaks the REST protocol of Lance Namespace. Connecting makes no request.
public class RestNamespaceFactory
        implements NamespaceFactory
{
    private final Provider<HttpNamespace> namespaces;
    private final String uri;

    @Inject
    public RestNamespaceFactory(Provider<HttpNamespace> namespaces, RestNamespaceConfig config)
    {
        this.namespaces = requireNonNull(namespaces, "namespaces is null");
        this.uri = config.getUri().toString();
    }

    @Override
    public LanceNamespace connect()
    {
        return namespaces.get();
    }

    @Override
    public String location()
    {
        return uri;
    }
}
