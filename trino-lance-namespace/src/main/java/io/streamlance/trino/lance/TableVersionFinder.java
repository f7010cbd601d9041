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

import io.streamlance.trino.lance.dataset.DatasetCache;
import io.streamlance.trino.lance.dataset.DatasetLease;
import io.streamlance.trino.lance.dataset.ManifestDiagnosis;
import io.streamlance.trino.lance.namespace.NamespaceTable;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;
import org.lance.Branch;
import org.lance.Dataset;
import org.lance.Tag;
import org.lance.Version;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_OPEN_ERROR;
import static io.trino.spi.StandardErrorCode.INVALID_ARGUMENTS;
import static java.util.Comparator.comparingLong;
import static java.util.Objects.requireNonNull;

/// Opens the version of a table that a query asks for.
final class TableVersionFinder
{
    private static final String MAIN_BRANCH = "main";

    private final DatasetCache datasets;
    private final SchemaTableName name;
    private final NamespaceTable table;

    TableVersionFinder(DatasetCache datasets, SchemaTableName name, NamespaceTable table)
    {
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.name = requireNonNull(name, "name is null");
        this.table = requireNonNull(table, "table is null");
    }

    /// @throws TrinoException `INVALID_ARGUMENTS` if the table has no such version
    DatasetLease open(TableVersion version)
    {
        return switch (version) {
            case TableVersion.Newest _ -> openNewest(table.location());
            case TableVersion.Number(long number) -> openNumber(Optional.empty(), number);
            case TableVersion.Named(String tagOrBranch) -> openNamed(tagOrBranch);
            case TableVersion.AsOf(Instant time) -> openAsOf(time);
        };
    }

    private DatasetLease openNewest(String location)
    {
        return datasets.openLatest(name, location, table.vended());
    }

    /// @param branch empty for the main one
    private DatasetLease openNumber(Optional<String> branch, long number)
    {
        if (number < 1) {
            throw unknownVersion(branch, number, Optional.empty());
        }
        try {
            return datasets.openVersion(name, location(branch), number, table.vended());
        }
        catch (TrinoException e) {
            if (e.getErrorCode().equals(LANCE_OPEN_ERROR.toErrorCode())) {
                throw unknownVersion(branch, number, Optional.of(e));
            }
            throw e;
        }
    }

    // Lance says "not found" of a version that never was, of one that was cleaned up, and of a dataset that is gone
    private TrinoException unknownVersion(Optional<String> branch, long number, Optional<TrinoException> cause)
    {
        List<Version> kept;
        try (DatasetLease newest = openNewest(location(branch))) {
            kept = listVersions(newest.dataset());
        }
        if (cause.isPresent() && kept.stream().anyMatch(version -> version.getId() == number)) {
            return cause.orElseThrow();
        }
        // only versions of the main branch are in the metadata table, and only they can be asked for by number
        String readable = branch
                .map("The newest version of the branch can be read FOR VERSION AS OF '%s'"::formatted)
                .orElseGet(() -> "Of the versions %s to %s those in \"%s$versions\" can be read".formatted(kept.getFirst().getId(), kept.getLast().getId(), name.getTableName()));
        return new TrinoException(
                INVALID_ARGUMENTS,
                "Table %s has no version %s%s: it was never committed, or removed when old versions were cleaned up. %s".formatted(
                        name, number, branch.map(" on its branch '%s'"::formatted).orElse(""), readable),
                cause.orElse(null));
    }

    private DatasetLease openNamed(String tagOrBranch)
    {
        List<Tag> tags;
        List<Branch> branches;
        try (DatasetLease newest = openNewest(table.location())) {
            tags = newest.dataset().tags().list();
            Optional<Tag> tag = tags.stream()
                    .filter(candidate -> candidate.getName().equals(tagOrBranch))
                    .findFirst();
            if (tag.isPresent()) {
                return openNumber(tag.orElseThrow().getBranch(), tag.orElseThrow().getVersion());
            }
            branches = newest.dataset().branches().list();
        }
        // the native code throws IOException too, although the methods do not declare it
        catch (Exception e) {
            throw listingFailure("tags and branches", e);
        }
        if (tagOrBranch.equals(MAIN_BRANCH)) {
            return openNewest(table.location());
        }
        if (branches.stream().anyMatch(branch -> branch.getName().equals(tagOrBranch))) {
            return openNewest(branchLocation(tagOrBranch));
        }
        throw new TrinoException(INVALID_ARGUMENTS, "Table %s has no tag and no branch '%s'. It has the tags %s and, besides main, the branches %s".formatted(
                name,
                tagOrBranch,
                tags.stream().map(Tag::getName).sorted().collect(toImmutableList()),
                branches.stream().map(Branch::getName).sorted().collect(toImmutableList())));
    }

    private DatasetLease openAsOf(Instant time)
    {
        List<Version> kept;
        try (DatasetLease newest = openNewest(table.location())) {
            kept = listVersions(newest.dataset());
        }
        Version version = kept.stream()
                .filter(candidate -> !candidate.getDataTime().toInstant().isAfter(time))
                .max(comparingLong(Version::getId))
                .orElseThrow(() -> new TrinoException(INVALID_ARGUMENTS, "Table %s has no version of %s or before: the oldest one that is kept is version %s of %s. See \"%s$versions\"".formatted(
                        name, time, kept.getFirst().getId(), kept.getFirst().getDataTime().toInstant(), name.getTableName())));
        return openNumber(Optional.empty(), version.getId());
    }

    private String location(Optional<String> branch)
    {
        return branch.map(this::branchLocation).orElse(table.location());
    }

    // a branch is a dataset of its own inside of the dataset it was made from
    private String branchLocation(String branch)
    {
        return table.location() + (table.location().endsWith("/") ? "" : "/") + "tree/" + branch;
    }

    private List<Version> listVersions(Dataset dataset)
    {
        try {
            return dataset.listVersions().stream()
                    .sorted(comparingLong(Version::getId))
                    .collect(toImmutableList());
        }
        // the native code throws IOException too, although the method does not declare it
        catch (Exception e) {
            throw listingFailure("versions", e);
        }
    }

    private TrinoException listingFailure(String what, Exception e)
    {
        if (e instanceof TrinoException failure) {
            return failure;
        }
        return new TrinoException(LANCE_OPEN_ERROR, "Cannot list the %s of table %s at %s: %s%s".formatted(what, name, table.location(), e.getMessage(), ManifestDiagnosis.describe(table.location())), e);
    }
}
