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

import com.google.inject.Injector;
import io.airlift.log.Logger;
import io.streamlance.trino.lance.namespace.NamespaceMount;
import io.trino.plugin.base.ConnectorContextModule;
import io.trino.plugin.base.jmx.ConnectorObjectNameGeneratorModule;
import io.trino.plugin.base.jmx.MBeanServerModule;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.Connector;
import io.trino.spi.connector.ConnectorContext;
import io.trino.spi.connector.ConnectorFactory;
import org.weakref.jmx.guice.MBeanModule;

import java.util.Map;

import static io.trino.plugin.base.Versions.checkStrictSpiVersionMatch;
import static java.util.Objects.requireNonNull;

public class LanceConnectorFactory
        implements ConnectorFactory
{
    private static final Logger log = Logger.get(LanceConnectorFactory.class);

    @Override
    public String getName()
    {
        return "lance";
    }

    @Override
    public Connector create(String catalogName, Map<String, String> requiredConfig, ConnectorContext context)
    {
        requireNonNull(requiredConfig, "requiredConfig is null");
        checkStrictSpiVersionMatch(context, this);
        JavaNioAccess.ensureOpen();

        Injector injector = LanceBootstrap.configure(
                "io.trino.bootstrap.catalog." + catalogName,
                requiredConfig,
                new MBeanModule(),
                new ConnectorObjectNameGeneratorModule("io.streamlance.trino.lance", "trino.plugin.lance"),
                new MBeanServerModule(),
                new ConnectorContextModule(catalogName, context),
                new LanceModule()).initialize();

        LanceConnector connector = injector.getInstance(LanceConnector.class);
        mountNamespace(connector, injector.getInstance(NamespaceMount.class), context);
        return connector;
    }

    private static void mountNamespace(LanceConnector connector, NamespaceMount mount, ConnectorContext context)
    {
        // workers read tables by the locations in their splits and never ask the namespace for anything
        if (!context.getCurrentNode().isCoordinator()) {
            return;
        }
        try {
            mount.namespaces();
        }
        catch (Throwable e) {
            if (!mount.isRequired() && e instanceof TrinoException) {
                log.error("%s. Until this is mended, queries of the catalog fail with this message; a restart is not needed", e.getMessage());
                return;
            }
            connector.shutdown();
            throw e;
        }
    }
}
