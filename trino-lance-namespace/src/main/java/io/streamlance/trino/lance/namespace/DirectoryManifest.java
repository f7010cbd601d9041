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

import com.google.common.collect.ImmutableList;
import io.streamlance.trino.lance.dataset.LanceRuntime;
import io.streamlance.trino.lance.integrity.DamageException;
import io.streamlance.trino.lance.integrity.LocalManifest;
import io.trino.spi.TrinoException;
import org.lance.Dataset;
import org.lance.ReadOptions;
import org.lance.namespace.LanceNamespace;
import org.lance.namespace.errors.ErrorCode;
import org.lance.namespace.errors.LanceNamespaceException;
import org.lance.namespace.model.DescribeTableRequest;
import org.lance.namespace.model.ListTablesRequest;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_NAMESPACE_ERROR;
import static java.util.Objects.requireNonNull;

/// The table `__manifest` of a directory namespace, in which its namespaces and tables are written down. If Lance cannot
/// read it, for whatever reason, it goes on without: a wrong key, a missing bucket or an outage would leave a namespace
/// that looks empty. It is right only for a root that has no such table and that Lance must not write to.
final class DirectoryManifest
{
    private static final List<String> NESTED_TABLE = ImmutableList.of("__manifest", "__manifest");

    private final String root;
    private final Map<String, String> storageOptions;
    private final LanceRuntime runtime;

    DirectoryManifest(String root, Map<String, String> storageOptions, LanceRuntime runtime)
    {
        this.root = requireNonNull(root, "root is null");
        this.storageOptions = requireNonNull(storageOptions, "storageOptions is null");
        this.runtime = requireNonNull(runtime, "runtime is null");
    }

    /// Lance reads the table without asking, so its files are looked at before. In an object store they cannot be.
    ///
    /// @throws TrinoException if files of the table are outside of the root
    void checkInside()
    {
        RootDirectory.localPath(root).ifPresent(directory -> {
            try {
                LocalManifest.readNewest(directory.resolve("__manifest")).ifPresent(manifest -> RootDirectory.checkContainsAll(root, manifest.basePaths()));
            }
            catch (IOException | DamageException e) {
                throw new TrinoException(LANCE_NAMESPACE_ERROR, "Cannot read the Lance namespace %s: %s".formatted(root, e.getMessage()), e);
            }
        });
    }

    /// @throws TrinoException if Lance goes on without a table that may be there
    void checkNotLost(LanceNamespace namespace)
    {
        if (isUsedBy(namespace)) {
            return;
        }
        if (exists()) {
            throw new TrinoException(LANCE_NAMESPACE_ERROR, "The Lance namespace %s could not be read for a moment. Try again".formatted(root));
        }
        try {
            namespace.listTables(new ListTablesRequest().id(List.of()).limit(1));
        }
        catch (LanceNamespaceException e) {
            throw unreadable(e);
        }
    }

    // without the manifest there are no tables below another level than the first
    private static boolean isUsedBy(LanceNamespace namespace)
    {
        try {
            namespace.describeTable(new DescribeTableRequest().id(NESTED_TABLE));
            return true;
        }
        catch (LanceNamespaceException e) {
            return e.getErrorCode() != ErrorCode.UNSUPPORTED;
        }
    }

    private boolean exists()
    {
        try {
            Dataset.open()
                    .allocator(runtime.allocator())
                    .uri(root.endsWith("/") ? root + "__manifest" : root + "/__manifest")
                    .readOptions(new ReadOptions.Builder().setStorageOptions(storageOptions).build())
                    .build()
                    .close();
            return true;
        }
        // there is no dataset
        catch (IllegalArgumentException _) {
            return false;
        }
        // the native code throws IOException, although the method does not declare it
        catch (Exception e) {
            throw unreadable(e);
        }
    }

    private TrinoException unreadable(Exception cause)
    {
        return new TrinoException(LANCE_NAMESPACE_ERROR, "Cannot read the Lance namespace %s: %s. Look at lance.namespace.root, at the lance.storage.* options of the catalog, its credentials above all, and whether the storage is reachable from Trino".formatted(root, cause.getMessage()), cause);
    }
}
