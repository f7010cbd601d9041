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

import com.google.inject.Inject;
import io.streamlance.trino.lance.LanceConfig;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.trino.spi.TrinoException;
import org.lance.namespace.LanceNamespace;
import org.lance.namespace.errors.LanceNamespaceException;

import java.io.IOException;

import static io.trino.spi.StandardErrorCode.CONFIGURATION_INVALID;
import static java.util.Objects.requireNonNull;

/// An implementation of Lance Namespace that the operator put beside the jars of the plugin.
public class ClassNamespaceFactory
        implements NamespaceFactory
{
    private final String className;
    private final NamespaceProperties properties;
    private final LanceRuntime runtime;

    @Inject
    public ClassNamespaceFactory(LanceConfig config, NamespaceProperties properties, LanceRuntime runtime)
    {
        this.className = config.getNamespaceType();
        this.properties = requireNonNull(properties, "properties is null");
        this.runtime = requireNonNull(runtime, "runtime is null");
    }

    @Override
    public LanceNamespace connect()
    {
        ForeignNamespace namespace = new ForeignNamespace(create());
        try {
            namespace.initialize(properties.asMap(), runtime.allocator());
            return namespace;
        }
        catch (LanceNamespaceException e) {
            try {
                namespace.close();
            }
            // the failure to start is what counts
            catch (IOException | RuntimeException closeFailure) {
                e.addSuppressed(closeFailure);
            }
            throw e;
        }
    }

    @Override
    public String location()
    {
        return className;
    }

    private LanceNamespace create()
    {
        try {
            return Class.forName(className, true, ClassNamespaceFactory.class.getClassLoader())
                    .asSubclass(LanceNamespace.class)
                    .getConstructor()
                    .newInstance();
        }
        catch (ReflectiveOperationException | ClassCastException e) {
            throw new TrinoException(CONFIGURATION_INVALID, "lance.namespace.type is neither dir nor rest nor a class that implements %s and has a public constructor without arguments: %s. Its jar belongs into the directory of the plugin".formatted(LanceNamespace.class.getName(), className), e);
        }
    }
}
