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

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Lists;
import io.streamlance.trino.lance.dataset.DatasetLease;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;

import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

import static java.util.Objects.requireNonNull;

/// Reads the fields of a dataset as a scan returns them. `Dataset.getSchema` shows dictionary columns as their indices, and
/// `Dataset.getLanceSchema` fails on them.
public final class SchemaScan
{
    // a scanner of so many columns takes 80 ms, one of twice as many four times as long
    private static final int MAX_COLUMNS = 1_000;

    private final DatasetLease dataset;
    private final BiConsumer<Field, DictionaryProvider> consumer;

    private SchemaScan(DatasetLease dataset, BiConsumer<Field, DictionaryProvider> consumer)
    {
        this.dataset = requireNonNull(dataset, "dataset is null");
        this.consumer = requireNonNull(consumer, "consumer is null");
    }

    /// @param narrow opens the dataset to read some columns, maybe as it is
    /// @param names of the columns to read, which Lance can project
    /// @param consumer gets them in the order of the dataset, with the dictionaries of their values
    public static void read(DatasetLease dataset, Function<Set<String>, DatasetLease> narrow, List<String> names, BiConsumer<Field, DictionaryProvider> consumer)
            throws Exception
    {
        SchemaScan whole = new SchemaScan(dataset, consumer);
        if (!whole.isCostly(names)) {
            whole.read(names);
            return;
        }
        for (List<String> part : Lists.partition(names, MAX_COLUMNS)) {
            try (DatasetLease few = narrow.apply(ImmutableSet.copyOf(part))) {
                if (few.dataset() == dataset.dataset()) {
                    whole.read(names);
                    return;
                }
                new SchemaScan(few, consumer).read(part);
            }
        }
    }

    private boolean isCostly(List<String> names)
    {
        return dataset.columns().isCostly(names.size()) && (names.size() > MAX_COLUMNS || !dataset.columns().canReadWhole());
    }

    private void read(List<String> names)
            throws Exception
    {
        ScanOptions.Builder options = new ScanOptions.Builder().limit(0);
        if (!dataset.columns().canReadWhole()) {
            options.columns(names);
        }
        Set<String> wanted = ImmutableSet.copyOf(names);
        try (LanceScanner scanner = dataset.dataset().newScan(options.build()); ArrowReader reader = scanner.scanBatches()) {
            for (Field field : reader.getVectorSchemaRoot().getSchema().getFields()) {
                if (wanted.contains(field.getName())) {
                    consumer.accept(field, reader);
                }
            }
        }
    }
}
