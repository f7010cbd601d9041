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
package io.streamlance.trino.lance.index;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.ThreadSafe;
import io.streamlance.trino.lance.MetadataColumn;
import io.streamlance.trino.lance.filter.FieldPath;
import org.lance.Dataset;
import org.lance.index.IndexCriteria;
import org.lance.index.IndexDescription;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.util.Objects.requireNonNull;

/// The indexes of a dataset version, and which of them Lance 7.0.0 answers filters with exactly.
///
/// Lance chooses among the indexes of a column by itself. So one index with a defect makes all indexes unusable for every
/// filter on its column.
@ThreadSafe
public final class DatasetIndexes
{
    // what Lance keeps in the list of indexes for itself
    private static final String SYSTEM_PREFIX = "__lance_";
    private static final String FRAGMENT_REUSE = "__lance_frag_reuse";

    // these find single rows; no condition of a query makes Lance ask the last two, but they do no harm
    private static final Set<String> EXACT_TYPES = ImmutableSet.of("BTree", "Bitmap", "LabelList", "NGram", "Inverted");
    // these exclude ranges of row addresses
    private static final Set<String> ADDRESS_TYPES = ImmutableSet.of("ZoneMap", "BloomFilter");
    private static final Set<String> UNUSED_TYPES = ImmutableSet.of("NGram", "Inverted");

    private final Dataset dataset;
    private final Supplier<Set<String>> names;
    private final Map<FieldPath, List<ColumnIndex>> columns = new ConcurrentHashMap<>();

    public DatasetIndexes(Dataset dataset)
    {
        this.dataset = requireNonNull(dataset, "dataset is null");
        names = Suppliers.memoize(() -> ImmutableSet.copyOf(dataset.listIndexes()));
    }

    /// All indexes but those that Lance keeps for itself. Lance fails to describe those, and then describes no other either.
    public List<IndexDescription> describe()
    {
        return names.get().stream()
                .filter(name -> !name.startsWith(SYSTEM_PREFIX))
                .flatMap(name -> dataset.describeIndices(new IndexCriteria.Builder().hasName(name).build()).stream())
                .collect(toImmutableList());
    }

    public boolean isEmpty()
    {
        return names.get().isEmpty();
    }

    /// The indexes on a column or field, also those with a defect.
    public List<ColumnIndex> on(FieldPath field)
    {
        if (MetadataColumn.isMetadata(field) || isEmpty()) {
            return ImmutableList.of();
        }
        List<ColumnIndex> known = columns.get(field);
        if (known == null) {
            known = dataset.describeIndices(new IndexCriteria.Builder().forColumn(field.indexPath()).build()).stream()
                    .map(index -> new ColumnIndex(index.getName(), index.getIndexType(), findDefect(index.getIndexType())))
                    .collect(toImmutableList());
            columns.put(field, known);
        }
        return known;
    }

    /// Types of the indexes that Lance may use for filters on a column or field.
    public Set<String> usableTypes(FieldPath field)
    {
        return areExact(ImmutableSet.of(field)) ? on(field).stream().map(ColumnIndex::type).collect(toImmutableSet()) : ImmutableSet.of();
    }

    /// Whether Lance finds all rows that pass a filter on these fields if it may choose indexes for them.
    public boolean areExact(Collection<FieldPath> fields)
    {
        return fields.stream()
                .flatMap(field -> on(field).stream())
                .allMatch(index -> index.defect().isEmpty());
    }

    /// Why queries do not use an index.
    ///
    /// @param all indexes of the dataset
    /// @return empty if they do
    public Optional<String> unusedReason(IndexDescription index, List<IndexDescription> all)
    {
        Optional<String> defect = findDefect(index.getIndexType());
        if (defect.isPresent()) {
            return defect;
        }
        if (UNUSED_TYPES.contains(index.getIndexType())) {
            return Optional.of(unused(index.getIndexType()));
        }
        return all.stream()
                .filter(other -> other.getFieldIds().equals(index.getFieldIds()) && findDefect(other.getIndexType()).isPresent())
                .findFirst()
                .map(other -> "Lance chooses among the indexes of a column by itself, and must not choose %s".formatted(other.getName()));
    }

    private Optional<String> findDefect(String type)
    {
        // also B-trees, after several such compactions
        if (names.get().contains(FRAGMENT_REUSE)) {
            return Optional.of("Lance loses rows by indexes after a compaction that has deferred the index remap; drop the index %s and build the others again".formatted(FRAGMENT_REUSE));
        }
        if (EXACT_TYPES.contains(type)) {
            return Optional.empty();
        }
        if (!ADDRESS_TYPES.contains(type)) {
            return Optional.of(unused(type));
        }
        if (dataset.hasStableRowIds()) {
            return Optional.of("Lance loses rows by an index of type %s if the row ids of the table are stable; build a BTREE or BITMAP index instead".formatted(type));
        }
        return Optional.empty();
    }

    private static String unused(String type)
    {
        return "no condition of a query needs an index of type %s".formatted(type);
    }
}
