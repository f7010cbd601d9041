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
package io.streamlance.trino.lance.dataset;

import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.lance.Dataset;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;

import java.util.List;
import java.util.function.BiConsumer;

/// Reads the fields of a dataset as a scan returns them. `Dataset.getSchema` shows dictionary columns as their indices, and
/// `Dataset.getLanceSchema` fails on them.
public final class SchemaScan
{
    private SchemaScan() {}

    /// @param fields all columns of the dataset
    /// @param names those to read, which Lance can project
    /// @param consumer gets them in the order of the dataset, with the dictionaries of their values
    public static void read(Dataset dataset, List<Field> fields, List<String> names, BiConsumer<Field, DictionaryProvider> consumer)
            throws Exception
    {
        ScanOptions.Builder options = new ScanOptions.Builder().limit(0);
        // a projection takes time by the square of the number of columns of the table, once for each projected column
        if (names.size() < fields.size()) {
            options.columns(names);
        }
        try (LanceScanner scanner = dataset.newScan(options.build()); ArrowReader reader = scanner.scanBatches()) {
            for (Field field : reader.getVectorSchemaRoot().getSchema().getFields()) {
                consumer.accept(field, reader);
            }
        }
    }
}
