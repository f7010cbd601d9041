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

import com.google.common.collect.Maps;
import io.streamlance.trino.lance.dataset.DatasetFormat;
import io.streamlance.trino.lance.dataset.DatasetLease;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;
import org.lance.Dataset;
import org.lance.Fragment;
import org.lance.FragmentMetadata;
import org.lance.Transaction;
import org.lance.operation.Rewrite;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;

/// The fragments that two versions do not have in common: only there rows can have changed.
record ChangedFragments(List<FragmentMetadata> before, List<FragmentMetadata> after)
{
    static ChangedFragments between(SchemaTableName table, Optional<DatasetLease> from, DatasetLease to)
    {
        Map<Integer, FragmentMetadata> before = from.map(lease -> fragments(table, lease)).orElse(Map.of());
        Map<Integer, FragmentMetadata> after = fragments(table, to);
        ChangedFragments changed = new ChangedFragments(missing(before, after), missing(after, before));
        return changed.isRewrite(to.dataset()) ? new ChangedFragments(List.of(), List.of()) : changed;
    }

    static List<Integer> ids(List<FragmentMetadata> fragments)
    {
        return fragments.stream()
                .map(FragmentMetadata::getId)
                .collect(toImmutableList());
    }

    /// Whether it can be told which of the rows, that are in fragments of both, have been written in between.
    boolean haveWriteVersions()
    {
        return before.isEmpty() || after.isEmpty() || after.stream().allMatch(fragment -> fragment.getLastUpdatedAtVersionMeta() != null);
    }

    // a compaction moves all rows and changes none, so there is no need to read them
    private boolean isRewrite(Dataset dataset)
    {
        if (before.isEmpty() || rows(before) != rows(after)) {
            return false;
        }
        Optional<Transaction> transaction = dataset.readTransaction();
        try {
            return transaction.map(Transaction::operation).filter(Rewrite.class::isInstance).isPresent();
        }
        finally {
            transaction.ifPresent(Transaction::close);
        }
    }

    private static long rows(Collection<FragmentMetadata> fragments)
    {
        return fragments.stream().mapToLong(FragmentMetadata::getNumRows).sum();
    }

    private static List<FragmentMetadata> missing(Map<Integer, FragmentMetadata> fragments, Map<Integer, FragmentMetadata> others)
    {
        return Maps.filterEntries(fragments, fragment -> !fragment.getValue().equals(others.get(fragment.getKey()))).values().stream()
                .collect(toImmutableList());
    }

    private static Map<Integer, FragmentMetadata> fragments(SchemaTableName table, DatasetLease lease)
    {
        if (!lease.dataset().hasStableRowIds() || !DatasetFormat.hasFragmentMetadata(lease.dataset())) {
            throw new TrinoException(NOT_SUPPORTED, "The changes of table %s up to version %s cannot be told, because its rows have no stable ids. Create the table with enable_stable_row_ids in Lance".formatted(table, lease.version().version()));
        }
        return lease.dataset().getFragments().stream()
                .collect(toImmutableMap(Fragment::getId, Fragment::metadata));
    }
}
