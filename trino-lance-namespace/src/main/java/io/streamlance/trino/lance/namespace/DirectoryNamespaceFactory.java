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

import com.google.common.collect.ImmutableMap;
import com.google.inject.Inject;
import io.streamlance.trino.lance.LanceConfig;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.streamlance.trino.lance.namespace.directory.AnyNameNamespace;
import io.trino.spi.TrinoException;
import org.lance.namespace.DirectoryNamespace;
import org.lance.namespace.LanceNamespace;
import org.lance.namespace.errors.LanceNamespaceException;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_NAMESPACE_ERROR;
import static java.util.Objects.requireNonNull;

/// The namespace is a directory or an object-store prefix, which Lance itself reads.
public class DirectoryNamespaceFactory
        implements NamespaceFactory
{
    private final String root;
    private final StorageOptions storageOptions;
    private final NamespaceProperties properties;
    private final LanceRuntime runtime;

    @Inject
    public DirectoryNamespaceFactory(LanceConfig config, StorageOptions storageOptions, NamespaceProperties properties, LanceRuntime runtime)
    {
        this.root = config.getNamespaceRoot().orElseThrow();
        this.storageOptions = requireNonNull(storageOptions, "storageOptions is null");
        this.properties = requireNonNull(properties, "properties is null");
        this.runtime = requireNonNull(runtime, "runtime is null");
    }

    @Override
    public LanceNamespace connect()
    {
        RootDirectory.checkExists(root);
        Map<String, String> rootOptions = storageOptions.forLocation(root, VendedOptions.NONE);
        DirectoryManifest manifest = new DirectoryManifest(root, rootOptions, runtime);
        manifest.checkInside();
        ImmutableMap.Builder<String, String> options = ImmutableMap.builder();
        options.put("root", root);
        rootOptions.forEach((option, value) -> options.put("storage." + option, value));
        options.putAll(properties.asMap());
        Map<String, String> namespaceOptions = options.buildKeepingLast();
        boolean hasManifest = !"false".equals(properties.asMap().get("manifest_enabled"));
        AnyNameNamespace namespace = new AnyNameNamespace(
                initialize(namespaceOptions),
                root,
                hasManifest ? Optional.of(() -> initialize(withoutListing(namespaceOptions))) : Optional.empty());
        try {
            if (hasManifest) {
                manifest.checkNotLost(namespace);
            }
        }
        catch (TrinoException e) {
            namespace.close();
            throw e;
        }
        return namespace;
    }

    private static Map<String, String> withoutListing(Map<String, String> options)
    {
        return ImmutableMap.<String, String>builder()
                .putAll(options)
                .put("dir_listing_enabled", "false")
                .buildKeepingLast();
    }

    private DirectoryNamespace initialize(Map<String, String> options)
    {
        DirectoryNamespace namespace = new DirectoryNamespace();
        try {
            namespace.initialize(options, runtime.allocator());
            return namespace;
        }
        catch (LanceNamespaceException e) {
            throw e;
        }
        // a scheme or an option that Lance does not know
        catch (RuntimeException e) {
            throw new TrinoException(LANCE_NAMESPACE_ERROR, "Cannot open the root %s of lance.namespace.root: %s. Give a directory, or a URI that begins with s3://, gs://, az:// or file://, and look at the lance.storage.* options".formatted(root, e.getMessage()), e);
        }
    }

    @Override
    public String location()
    {
        return root;
    }

    @Override
    public void checkTableLocation(List<String> table, String tableLocation)
    {
        RootDirectory.checkContains(root, table, tableLocation);
    }
}
