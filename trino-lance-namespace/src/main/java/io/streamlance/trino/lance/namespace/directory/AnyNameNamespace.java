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
package io.streamlance.trino.lance.namespace.directory;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.airlift.log.Logger;
import io.streamlance.trino.lance.dataset.LocalPaths;
import io.trino.spi.TrinoException;
import org.apache.arrow.memory.BufferAllocator;
import org.lance.namespace.DirectoryNamespace;
import org.lance.namespace.LanceNamespace;
import org.lance.namespace.errors.ErrorCode;
import org.lance.namespace.errors.LanceNamespaceException;
import org.lance.namespace.model.DescribeTableRequest;
import org.lance.namespace.model.DescribeTableResponse;
import org.lance.namespace.model.ListNamespacesRequest;
import org.lance.namespace.model.ListNamespacesResponse;
import org.lance.namespace.model.ListTablesRequest;
import org.lance.namespace.model.ListTablesResponse;
import org.lance.namespace.model.NamespaceExistsRequest;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

import static com.google.common.base.CharMatcher.anyOf;
import static com.google.common.base.CharMatcher.inRange;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_OPEN_ERROR;
import static java.util.Objects.requireNonNull;

/// Lance's directory namespace, which answers for all names that the directory and the manifest have. Lance 7.0.0 itself
///
/// - lists a dataset of the root and then does not find it, if its name has a character that Lance encodes
/// - lists none of the datasets of a local root if the name of one has a control character
/// - does not list what is in a namespace with an apostrophe in its name
public final class AnyNameNamespace
        implements LanceNamespace, Closeable
{
    private static final Logger log = Logger.get(AnyNameNamespace.class);

    // those that object_store leaves as they are in a segment of a path
    private static final CharMatcher NOT_ENCODED = inRange(' ', '~').and(anyOf("\\{^}%`]\">[~<#|*?/").negate());

    private final DirectoryNamespace delegate;
    private final String root;
    private final Optional<LooseTables> localTables;
    private final Optional<Supplier<DirectoryNamespace>> withoutListing;

    /// @param withoutListing opens the same namespace without a look at the directory; empty if it has no manifest
    public AnyNameNamespace(DirectoryNamespace delegate, String root, Optional<Supplier<DirectoryNamespace>> withoutListing)
    {
        this.delegate = requireNonNull(delegate, "delegate is null");
        this.root = root.endsWith("/") ? root : root + "/";
        this.localTables = LocalPaths.find(root).map(LooseTables::new);
        this.withoutListing = requireNonNull(withoutListing, "withoutListing is null");
    }

    @Override
    public void initialize(Map<String, String> properties, BufferAllocator allocator)
    {
        delegate.initialize(properties, allocator);
    }

    @Override
    public String namespaceId()
    {
        return delegate.namespaceId();
    }

    @Override
    public ListNamespacesResponse listNamespaces(ListNamespacesRequest request)
    {
        List<String> parent = request.getId();
        if (!hasApostrophe(parent)) {
            return delegate.listNamespaces(request);
        }
        ListNamespacesResponse answer = delegate.listNamespaces(new ListNamespacesRequest().id(escape(parent)).pageToken(request.getPageToken()).limit(request.getLimit()));
        return answer.namespaces(keep(answer.getNamespaces(), name -> namespaceExists(append(parent, name))));
    }

    @Override
    public ListTablesResponse listTables(ListTablesRequest request)
    {
        List<String> parent = request.getId();
        if (parent.isEmpty()) {
            return listRoot(request);
        }
        if (!hasApostrophe(parent)) {
            return delegate.listTables(request);
        }
        ListTablesResponse answer = delegate.listTables(new ListTablesRequest().id(escape(parent)).pageToken(request.getPageToken()).limit(request.getLimit()));
        return answer.tables(keep(answer.getTables(), name -> tableExists(append(parent, name))));
    }

    @Override
    public DescribeTableResponse describeTable(DescribeTableRequest request)
    {
        try {
            return delegate.describeTable(request);
        }
        catch (LanceNamespaceException e) {
            if (e.getErrorCode() == ErrorCode.TABLE_NOT_FOUND && request.getId().size() == 1 && isLost(request.getId().getFirst())) {
                return describeLost(request.getId().getFirst());
            }
            throw e;
        }
    }

    @Override
    public void close()
    {
        delegate.close();
    }

    private ListTablesResponse listRoot(ListTablesRequest request)
    {
        ListTablesResponse answer;
        try {
            answer = delegate.listTables(request);
        }
        catch (LanceNamespaceException e) {
            if (e.getErrorCode() != ErrorCode.INTERNAL || localTables.isEmpty()) {
                throw e;
            }
            return listLocalRoot(e);
        }
        // Lance looks for the mark of these in another directory
        return answer.tables(keep(answer.getTables(), name -> NOT_ENCODED.matchesAllOf(name) || localTables.stream().noneMatch(tables -> tables.isDeregistered(name))));
    }

    private ListTablesResponse listLocalRoot(LanceNamespaceException failure)
    {
        ImmutableSet.Builder<String> tables = ImmutableSet.builder();
        try {
            tables.addAll(localTables.orElseThrow().list());
        }
        catch (IOException e) {
            failure.addSuppressed(e);
            throw failure;
        }
        withoutListing.ifPresent(manifest -> {
            try (DirectoryNamespace namespace = manifest.get()) {
                tables.addAll(namespace.listTables(new ListTablesRequest().id(List.of())).getTables());
            }
        });
        log.warn("Datasets in the root %s whose names have control characters are left out, as Lance cannot read them: %s", root, failure.getMessage());
        return new ListTablesResponse().tables(tables.build());
    }

    // there may be such a dataset, of which Lance says that there is none
    private boolean isLost(String name)
    {
        return NOT_ENCODED.negate().matchesAnyOf(name)
                && !name.contains("/")
                && localTables.stream().allMatch(tables -> tables.exists(name))
                && listRoot(new ListTablesRequest().id(List.of())).getTables().contains(name);
    }

    private DescribeTableResponse describeLost(String name)
    {
        if (localTables.isPresent()) {
            return new DescribeTableResponse()
                    .location(localTables.orElseThrow().directory(name).toString())
                    .isOnlyDeclared(localTables.orElseThrow().isOnlyDeclared(name));
        }
        if (!ObjectStoreUri.isKey(name)) {
            throw new TrinoException(LANCE_OPEN_ERROR, "Table '%s' of the root %s cannot be read: this version of Lance has no URI for names with such characters in an object store. Rename its prefix, or register the table in a namespace".formatted(name, root));
        }
        return new DescribeTableResponse().location(root + name + LooseTables.SUFFIX);
    }

    private boolean tableExists(List<String> id)
    {
        try {
            delegate.describeTable(new DescribeTableRequest().id(id));
            return true;
        }
        catch (LanceNamespaceException e) {
            if (e.getErrorCode() == ErrorCode.TABLE_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private boolean namespaceExists(List<String> id)
    {
        try {
            delegate.namespaceExists(new NamespaceExistsRequest().id(id));
            return true;
        }
        catch (LanceNamespaceException e) {
            if (e.getErrorCode() == ErrorCode.NAMESPACE_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private static boolean hasApostrophe(List<String> id)
    {
        return id.stream().anyMatch(level -> level.contains("'"));
    }

    // Lance writes the name into a condition as it is, and counts the characters of it to find where the names of the children
    // begin: with more apostrophes there are some of deeper levels among them
    private static List<String> escape(List<String> id)
    {
        return id.stream().map(level -> level.replace("'", "''")).toList();
    }

    private static List<String> append(List<String> id, String name)
    {
        return ImmutableList.<String>builder().addAll(id).add(name).build();
    }

    private static Set<String> keep(Set<String> names, Predicate<String> wanted)
    {
        return names.stream().filter(wanted).collect(toImmutableSet());
    }
}
