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
package io.streamlance.trino.lance.catalogstore;

import com.google.common.collect.ImmutableSet;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import io.airlift.bootstrap.Bootstrap;
import io.airlift.bootstrap.LifeCycleManager;
import io.airlift.log.Logger;
import io.streamlance.trino.lance.LanceBootstrap;
import io.streamlance.trino.lance.namespace.NamespaceMapping;
import io.streamlance.trino.lance.namespace.NamespaceMountConfig;
import io.trino.spi.TrinoException;
import io.trino.spi.catalog.CatalogName;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import static com.google.common.base.Throwables.throwIfUnchecked;
import static io.streamlance.trino.lance.namespace.NamespaceMount.rootCause;
import static io.trino.spi.StandardErrorCode.CONFIGURATION_INVALID;
import static java.util.Comparator.comparing;
import static java.util.Locale.ENGLISH;

/// Finds the catalogs that a root and mounts stand for. Listing is done once, at start: Trino asks for stored catalogs
/// only then.
final class NamespaceCatalogs
{
    private static final Logger log = Logger.get(NamespaceCatalogs.class);

    private NamespaceCatalogs() {}

    static Map<CatalogName, NamespaceCatalog> find(StoreProperties properties)
    {
        if (properties.root().isEmpty() && properties.mounts().isEmpty()) {
            throw new TrinoException(CONFIGURATION_INVALID, "The catalog store has no namespaces. Set lance.namespace.root, or mounts (mount.<catalog>.lance.namespace.root), in " + StoreProperties.FILE);
        }
        Map<CatalogName, NamespaceCatalog> catalogs = new TreeMap<>(comparing(CatalogName::toString));
        properties.mounts().forEach((name, mount) -> catalogs.put(new CatalogName(name), NamespaceCatalog.mount(new CatalogName(name), mount)));
        if (!properties.root().isEmpty()) {
            for (String child : listTopLevel(properties.root())) {
                addTopLevel(catalogs, child, properties);
            }
        }
        return catalogs;
    }

    static void addTopLevel(Map<CatalogName, NamespaceCatalog> catalogs, String child, StoreProperties properties)
    {
        // two that differ by case are one catalog here, whose queries fail and list both
        CatalogName name = new CatalogName(child.toLowerCase(ENGLISH));
        if (NamespaceCatalog.isReserved(name.toString())) {
            log.error("The namespace '%s' cannot be a catalog, as Trino has one of that name. Mount it under another one: set mount.<catalog>.lance.namespace.root and mount.<catalog>.lance.namespace.parent=%s in %s", child, child, StoreProperties.FILE);
            return;
        }
        if (child.contains("${")) {
            log.error("The namespace '%s' cannot be a catalog, as Trino would replace a part of its name with a secret. Rename it in Lance", child);
            return;
        }
        NamespaceCatalog other = catalogs.putIfAbsent(name, NamespaceCatalog.topLevel(name, properties.root()));
        if (other != null && properties.mounts().containsKey(name.toString())) {
            log.warn("The namespace '%s' of the root is no catalog, as mount.%s in %s takes its name", child, name, StoreProperties.FILE);
        }
    }

    private static Set<String> listTopLevel(Map<String, String> properties)
    {
        Injector injector = bootstrap(properties).initialize();
        try {
            return ImmutableSet.copyOf(injector.getInstance(NamespaceMapping.class).listChildren());
        }
        catch (ProvisionException | TrinoException e) {
            if (!(rootCause(e) instanceof TrinoException cause)) {
                throw e;
            }
            String message = "The top-level namespaces of the root in %s cannot be listed: %s".formatted(StoreProperties.FILE, cause.getMessage());
            if (injector.getInstance(NamespaceMountConfig.class).isRequired()) {
                throw new TrinoException(cause::getErrorCode, message, cause);
            }
            log.error("%s. None of them is a catalog until the coordinator is restarted", message);
            return ImmutableSet.of();
        }
        finally {
            close(injector);
        }
    }

    private static Bootstrap bootstrap(Map<String, String> properties)
    {
        return LanceBootstrap.configure(
                "io.trino.bootstrap.store.lance-namespace",
                properties,
                binder -> binder.bind(CatalogName.class).toInstance(new CatalogName("lance-namespace"))).quiet();
    }

    private static void close(Injector injector)
    {
        try {
            injector.getInstance(LifeCycleManager.class).stop();
        }
        catch (Exception e) {
            throwIfUnchecked(e);
            throw new IllegalStateException(e);
        }
    }
}
