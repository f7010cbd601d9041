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
package io.streamlance.trino.lance.wide;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableSet;
import io.streamlance.trino.lance.arrow.BlobLayout;
import org.apache.arrow.vector.types.pojo.Field;
import org.lance.Dataset;
import org.lance.index.Index;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.util.Objects.requireNonNull;

/// The columns of a dataset, and what it costs Lance to read some of them.
///
/// lance-core 7.0.0 checks the whole schema, in time by the square of its number of columns, for each projected column of a
/// scanner, and once or twice for its filter: 0.3 ms each for 100 columns, 30 ms for 1,000, 280 ms for 3,000.
public final class DatasetColumns
{
    // about 15 ms, several times what it takes to open a dataset again
    private static final long COSTLY = 500_000;
    // reading a few columns in vain is worth more than a second
    private static final double MOST = 0.9;
    private static final int VERY_COSTLY = 100;
    // a scan without a projection fails on others
    private static final Pattern READABLE_NAME = Pattern.compile("[^`.]+");

    private final Set<String> names;
    private final boolean hasBlobs;
    private final Supplier<Set<Integer>> indexedFields;

    private DatasetColumns(Set<String> names, boolean hasBlobs, Supplier<Set<Integer>> indexedFields)
    {
        this.names = ImmutableSet.copyOf(names);
        this.hasBlobs = hasBlobs;
        this.indexedFields = requireNonNull(indexedFields, "indexedFields is null");
    }

    public static DatasetColumns of(Dataset dataset)
    {
        return new DatasetColumns(
                dataset.getSchema().getFields().stream()
                        .map(Field::getName)
                        .collect(toImmutableSet()),
                dataset.getSchema().getFields().stream().anyMatch(BlobLayout::containsBlob),
                Suppliers.memoize(() -> dataset.getIndexes().stream()
                        .map(Index::fields)
                        .flatMap(List::stream)
                        .collect(toImmutableSet())));
    }

    public boolean contains(String name)
    {
        return names.contains(name);
    }

    /// Whether a dataset with these columns alone would have fewer columns.
    public boolean isMoreThan(Set<String> columns)
    {
        return !columns.containsAll(names);
    }

    /// Whether a scanner costs so much that the dataset should rather be opened with few columns.
    ///
    /// @param columns number of columns that are projected, filtered or sorted by
    public boolean isCostly(int columns)
    {
        return (long) columns * names.size() * names.size() >= COSTLY;
    }

    /// Whether to read all columns, without naming them, is better than to project some.
    ///
    /// @param columns number of columns that are projected
    /// @param needed those that are projected, filtered or sorted by
    public boolean isReadWhole(int columns, Set<String> needed)
    {
        // scans that read blobs and have a filter may end the whole JVM
        return isCostly(columns) && !hasBlobs && canReadWhole() && (needed.containsAll(names) || columns >= MOST * names.size() && isCostly(columns / VERY_COSTLY));
    }

    /// Whether Lance can read all columns without naming them.
    public boolean canReadWhole()
    {
        return names.stream().allMatch(name -> READABLE_NAME.matcher(name).matches());
    }

    /// The manifest of a dataset with these columns.
    ///
    /// @param manifest the encoded message
    public ByteBuffer narrow(ByteBuffer manifest, Set<String> columns)
    {
        return NarrowManifest.of(manifest, columns, indexedFields.get());
    }
}
