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
import io.streamlance.trino.lance.index.DatasetIndexes;
import io.trino.spi.connector.ColumnMetadata;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.RowType;
import org.lance.Dataset;
import org.lance.index.Index;
import org.lance.index.IndexDescription;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.BooleanType.BOOLEAN;
import static io.trino.spi.type.IntegerType.INTEGER;
import static io.trino.spi.type.RowType.field;
import static io.trino.spi.type.TimestampWithTimeZoneType.TIMESTAMP_TZ_NANOS;
import static io.trino.spi.type.VarcharType.VARCHAR;

record IndexesTable()
        implements MetadataTable
{
    private static final RowType SEGMENT = RowType.rowType(
            field("uuid", VARCHAR),
            field("dataset_version", BIGINT),
            field("fragment_ids", new ArrayType(INTEGER)),
            field("index_version", INTEGER),
            field("created_at", TIMESTAMP_TZ_NANOS));

    @Override
    public List<ColumnMetadata> columns()
    {
        return ImmutableList.of(
                new ColumnMetadata("name", VARCHAR),
                new ColumnMetadata("index_type", VARCHAR),
                new ColumnMetadata("fields", new ArrayType(INTEGER)),
                new ColumnMetadata("field_names", new ArrayType(VARCHAR)),
                new ColumnMetadata("num_rows_indexed", BIGINT),
                new ColumnMetadata("segments", new ArrayType(SEGMENT)),
                new ColumnMetadata("details", VARCHAR),
                new ColumnMetadata("type_url", VARCHAR),
                new ColumnMetadata("used", BOOLEAN),
                new ColumnMetadata("unused_reason", VARCHAR));
    }

    @Override
    public void read(Dataset dataset, RowPages rows)
    {
        DatasetIndexes indexes = new DatasetIndexes(dataset);
        List<IndexDescription> descriptions = indexes.describe();
        if (descriptions.isEmpty()) {
            return;
        }
        FieldNames names = FieldNames.of(dataset);
        for (IndexDescription index : descriptions) {
            Optional<String> unusedReason = indexes.unusedReason(index, descriptions);
            rows.add(
                    index.getName(),
                    index.getIndexType(),
                    index.getFieldIds(),
                    names.of(index.getFieldIds()),
                    index.getRowsIndexed(),
                    index.getSegments().stream().map(IndexesTable::row).collect(toImmutableList()),
                    index.getDetailsJson(),
                    index.getTypeUrl(),
                    unusedReason.isEmpty(),
                    unusedReason);
        }
    }

    private static List<Object> row(Index segment)
    {
        return Arrays.asList(segment.uuid().toString(), segment.datasetVersion(), segment.fragments(), segment.indexVersion(), segment.createdAt());
    }
}
