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
package io.streamlance.trino.lance.changes;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Maps;
import com.google.inject.Inject;
import io.streamlance.trino.lance.dataset.DatasetCache;
import io.streamlance.trino.lance.dataset.DatasetLease;
import io.streamlance.trino.lance.dataset.DatasetVersion;
import io.streamlance.trino.lance.dataset.ManifestDiagnosis;
import io.streamlance.trino.lance.namespace.VendedOptions;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;
import org.lance.Version;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.streamlance.trino.lance.LanceErrorCode.LANCE_READ_ERROR;
import static io.trino.spi.StandardErrorCode.INVALID_FUNCTION_ARGUMENT;
import static java.lang.Math.toIntExact;
import static java.util.Objects.requireNonNull;

/// One split for each version: what it changed is told by comparing it with the one before.
public class TableChangesSplits
{
    private final DatasetCache datasets;

    @Inject
    public TableChangesSplits(DatasetCache datasets)
    {
        this.datasets = requireNonNull(datasets, "datasets is null");
    }

    public List<TableChangesSplit> plan(TableChangesHandle changes, VendedOptions vended)
    {
        Map<Long, DatasetVersion> versions;
        try (DatasetLease lease = datasets.open(changes.name(), changes.end(), vended)) {
            versions = Maps.uniqueIndex(listVersions(changes.name(), lease), DatasetVersion::version);
        }
        Optional<DatasetVersion> previous = changes.start();
        ImmutableList.Builder<TableChangesSplit> splits = ImmutableList.builder();
        for (long number = changes.startVersion() + 1; number <= changes.end().version(); number++) {
            DatasetVersion version = versions.get(number);
            if (version == null) {
                throw new TrinoException(INVALID_FUNCTION_ARGUMENT, "Version %s of table %s was removed when old versions were cleaned up, so its changes cannot be told. Begin with a later version, see \"%s$versions\"".formatted(
                        number, changes.name(), changes.name().getTableName()));
            }
            splits.add(new TableChangesSplit(previous, version, toIntExact(number - changes.startVersion() - 1)));
            previous = Optional.of(version);
        }
        return splits.build();
    }

    private static List<DatasetVersion> listVersions(SchemaTableName name, DatasetLease lease)
    {
        List<Version> versions;
        try {
            versions = lease.dataset().listVersions();
        }
        // the native code throws IOException too, although the method does not declare it
        catch (Exception e) {
            throw new TrinoException(LANCE_READ_ERROR, "Cannot list the versions of table %s at %s: %s%s".formatted(name, lease.version().location(), e.getMessage(), ManifestDiagnosis.describe(lease.version().location())), e);
        }
        return versions.stream()
                .map(version -> DatasetVersion.of(lease.version().location(), version))
                .collect(toImmutableList());
    }
}
