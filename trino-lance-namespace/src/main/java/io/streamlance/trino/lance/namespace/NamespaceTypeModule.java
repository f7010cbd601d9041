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
package io.streamlance.trino.lance.namespace;

import com.google.inject.Binder;
import io.airlift.configuration.AbstractConfigurationAwareModule;
import io.streamlance.trino.lance.LanceConfig;
import io.streamlance.trino.lance.namespace.rest.RestNamespaceModule;

import java.util.Map;

import static com.google.inject.Scopes.SINGLETON;

/// Chooses the implementation of `lance.namespace.type`. The properties of the others are unknown then, so that one that
/// would have no effect is an error at start.
public class NamespaceTypeModule
        extends AbstractConfigurationAwareModule
{
    private static final String URI = "lance.namespace.uri";

    private final NamespaceProperties properties;
    private final boolean uriGiven;

    public NamespaceTypeModule(Map<String, String> catalogProperties)
    {
        this.properties = NamespaceProperties.fromCatalogProperties(catalogProperties);
        this.uriGiven = catalogProperties.containsKey(URI);
    }

    @Override
    protected void setup(Binder binder)
    {
        binder.bind(NamespaceProperties.class).toInstance(properties);
        String type = buildConfigObject(LanceConfig.class).getNamespaceType();
        if (uriGiven && !type.equals(LanceConfig.REST)) {
            binder.addError("%s needs lance.namespace.type=rest, but the type is %s", URI, type);
        }
        switch (type) {
            case LanceConfig.DIR -> binder.bind(NamespaceFactory.class).to(DirectoryNamespaceFactory.class).in(SINGLETON);
            case LanceConfig.REST -> {
                if (!properties.asMap().isEmpty()) {
                    binder.addError("lance.namespace.property.<name> has no meaning for lance.namespace.type=rest: %s. Headers belong into lance.namespace.headers-file", properties.asMap().keySet());
                }
                install(new RestNamespaceModule());
            }
            default -> binder.bind(NamespaceFactory.class).to(ClassNamespaceFactory.class).in(SINGLETON);
        }
    }
}
