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
package io.streamlance.trino.lance.system;

import com.google.common.collect.ImmutableList;
import io.trino.spi.connector.ColumnMetadata;
import org.lance.Dataset;

import java.util.List;

import static io.trino.spi.type.VarcharType.VARCHAR;

/// The configuration and the metadata that writers keep with a table, and how the dataset is written.
record PropertiesTable()
        implements MetadataTable
{
    @Override
    public List<ColumnMetadata> columns()
    {
        return ImmutableList.of(
                new ColumnMetadata("source", VARCHAR),
                new ColumnMetadata("key", VARCHAR),
                new ColumnMetadata("value", VARCHAR));
    }

    @Override
    public void read(Dataset dataset, RowPages rows)
    {
        rows.add("dataset", "uri", dataset.uri());
        rows.add("dataset", "data_storage_version", dataset.getLanceFileFormatVersion());
        rows.add("dataset", "has_stable_row_ids", String.valueOf(dataset.hasStableRowIds()));
        dataset.getConfig().forEach((key, value) -> rows.add("config", key, value));
        dataset.getTableMetadata().forEach((key, value) -> rows.add("metadata", key, value));
    }
}
