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

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.airlift.log.Logger;
import io.trino.spi.ErrorCode;
import io.trino.spi.TrinoException;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.Iterables.getOnlyElement;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_NAMESPACE_ERROR;
import static io.streamlance.trino.lance.namespace.NamespacePaths.append;
import static io.streamlance.trino.lance.namespace.NamespacePaths.findDescendants;
import static io.streamlance.trino.lance.namespace.NamespacePaths.requireUnambiguous;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
import static io.trino.spi.StandardErrorCode.PERMISSION_DENIED;
import static java.util.Locale.ENGLISH;
import static java.util.Objects.requireNonNull;

/// Which namespace below a mount a schema stands for, and which tables it has.
final class MountedSchemas
{
    static final String DEFAULT_SCHEMA = "default";

    private static final Logger log = Logger.get(MountedSchemas.class);

    // deeper than anybody sorts tables; a server that shows more answers for another namespace than the one in the request
    private static final int MAX_LEVELS = 32;

    // answers of a namespace that keeps tables only below its root
    private static final Set<ErrorCode> NOT_OFFERED = ImmutableSet.of(NOT_SUPPORTED.toErrorCode());
    // the same, or of one that keeps them to itself, which must not hide the rest of a catalog
    private static final Set<ErrorCode> LISTING_REFUSED = ImmutableSet.of(NOT_SUPPORTED.toErrorCode(), PERMISSION_DENIED.toErrorCode());

    private final NamespaceListings listings;
    private final List<String> mount;

    MountedSchemas(NamespaceListings listings, List<String> mount)
    {
        this.listings = requireNonNull(listings, "listings is null");
        this.mount = ImmutableList.copyOf(mount);
    }

    /// The paths of all namespaces with the names of their schemas, which may be the same for several. What is below
    /// a namespace that denies the listing is left out.
    Map<List<String>, String> all()
    {
        ImmutableMap.Builder<List<String>, String> schemas = ImmutableMap.builder();
        schemas.put(mount, DEFAULT_SCHEMA);
        addDescendants(mount, schemas);
        return schemas.buildOrThrow();
    }

    private void addDescendants(List<String> namespace, ImmutableMap.Builder<List<String>, String> schemas)
    {
        if (namespace.size() - mount.size() > MAX_LEVELS) {
            throw new TrinoException(LANCE_NAMESPACE_ERROR, "The Lance namespace shows more than %s levels: %s. Look whether it answers a listing with the namespaces in the requested one".formatted(MAX_LEVELS, namespace));
        }
        for (String child : childrenIfPermitted(namespace)) {
            List<String> path = append(namespace, child);
            schemas.put(path, String.join(".", path.subList(mount.size(), path.size())).toLowerCase(ENGLISH));
            addDescendants(path, schemas);
        }
    }

    private List<String> childrenIfPermitted(List<String> namespace)
    {
        try {
            return listings.namespaces(namespace);
        }
        catch (TrinoException e) {
            if (!namespace.equals(mount) && LISTING_REFUSED.contains(e.getErrorCode())) {
                return ImmutableList.of();
            }
            throw e;
        }
    }

    /// The namespace that the name of a schema stands for if it is stored in exactly this spelling, dots being levels;
    /// empty if such a name could mean something else to a namespace.
    Optional<List<String>> literalPath(String schema)
    {
        if (schema.equals(DEFAULT_SCHEMA)) {
            return Optional.of(mount);
        }
        List<String> levels = Splitter.on('.').splitToList(schema);
        return levels.stream().allMatch(NamespaceNames::isPlain) ? Optional.of(append(mount, levels)) : Optional.empty();
    }

    /// The one namespace that matches without regard to case, found by listings.
    Optional<List<String>> find(String schema)
    {
        List<List<String>> matches = findDescendants(listings, mount, schema);
        if (schema.equals(DEFAULT_SCHEMA)) {
            return Optional.of(requireUnambiguous("schema", schema, withMount(matches)));
        }
        return matches.isEmpty() ? Optional.empty() : Optional.of(requireUnambiguous("schema", schema, matches));
    }

    /// The namespace whose tables a listing shows: that in exactly this spelling if it has some, as a query finds them there,
    /// without a look at the others. Otherwise as [#find].
    Optional<List<String>> findForListing(String schema)
    {
        return literalPath(schema)
                .filter(namespace -> !tables(namespace).isEmpty())
                .or(() -> find(schema));
    }

    /// The same of the namespaces that [#all] has for a schema; empty where the listing of this schema alone fails, which must
    /// not hide the others.
    Optional<List<String>> chooseForListing(String schema, Collection<List<String>> namespaces)
    {
        if (namespaces.size() == 1) {
            return Optional.of(getOnlyElement(namespaces));
        }
        Optional<List<String>> literal = literalPath(schema)
                .filter(namespace -> namespaces.contains(namespace) && !tablesIfPermitted(namespace).isEmpty());
        if (literal.isPresent()) {
            return literal;
        }
        // a mount without tables yields to its children
        List<List<String>> matches = namespaces.stream()
                .filter(namespace -> !namespace.equals(mount))
                .collect(toImmutableList());
        if (matches.size() > 1) {
            log.warn("The tables of schema '%s' are left out of the listing, as the name stands for any of %s. Rename all but one of them in the Lance namespace", schema, matches);
            return Optional.empty();
        }
        return Optional.of(getOnlyElement(matches));
    }

    // a child that is itself called "default" takes the place of a mount without tables
    private List<List<String>> withMount(List<List<String>> children)
    {
        if (!children.isEmpty() && tables(mount).isEmpty()) {
            return children;
        }
        return ImmutableList.<List<String>>builder().add(mount).addAll(children).build();
    }

    /// Tables of a namespace; none of a mount that keeps none.
    List<String> tables(List<String> namespace)
    {
        return namespace.equals(mount) ? tablesUnless(NOT_OFFERED, namespace) : listings.tables(namespace);
    }

    /// The same, also none of a namespace that denies the listing.
    List<String> tablesIfPermitted(List<String> namespace)
    {
        return tablesUnless(LISTING_REFUSED, namespace);
    }

    private List<String> tablesUnless(Set<ErrorCode> tolerated, List<String> namespace)
    {
        try {
            return listings.tables(namespace);
        }
        catch (TrinoException e) {
            if (tolerated.contains(e.getErrorCode())) {
                return ImmutableList.of();
            }
            throw e;
        }
    }

    /// Whether a failure to describe a table means that a mount keeps none.
    boolean isRefusalOfMount(List<String> table, TrinoException failure)
    {
        return table.size() == mount.size() + 1 && NOT_OFFERED.contains(failure.getErrorCode());
    }
}
