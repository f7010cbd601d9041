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
import com.google.common.primitives.Ints;
import io.streamlance.trino.lance.dataset.DatasetFormat;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.ColumnMetadata;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.RowType;
import org.lance.Dataset;
import org.lance.Fragment;
import org.lance.FragmentMetadata;
import org.lance.fragment.DataFile;
import org.lance.fragment.DeletionFile;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.trino.spi.StandardErrorCode.NOT_SUPPORTED;
import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.IntegerType.INTEGER;
import static io.trino.spi.type.RowType.field;
import static io.trino.spi.type.VarcharType.VARCHAR;

record FragmentsTable()
        implements MetadataTable
{
    private static final RowType DATA_FILE = RowType.rowType(
            field("path", VARCHAR),
            field("fields", new ArrayType(INTEGER)),
            field("column_indices", new ArrayType(INTEGER)),
            field("file_major_version", INTEGER),
            field("file_minor_version", INTEGER),
            field("file_size_bytes", BIGINT),
            field("base_id", INTEGER));

    private static final RowType DELETION_FILE = RowType.rowType(
            field("id", BIGINT),
            field("read_version", BIGINT),
            field("num_deleted_rows", BIGINT),
            field("file_type", VARCHAR),
            field("base_id", INTEGER));

    @Override
    public List<ColumnMetadata> columns()
    {
        return ImmutableList.of(
                new ColumnMetadata("id", BIGINT),
                new ColumnMetadata("num_rows", BIGINT),
                new ColumnMetadata("physical_rows", BIGINT),
                new ColumnMetadata("num_deletions", BIGINT),
                new ColumnMetadata("files", new ArrayType(DATA_FILE)),
                new ColumnMetadata("deletion_file", DELETION_FILE));
    }

    @Override
    public void read(Dataset dataset, RowPages rows)
    {
        if (!DatasetFormat.hasFragmentMetadata(dataset)) {
            throw new TrinoException(NOT_SUPPORTED, "Lance cannot list the fragments of the dataset at %s, as it is in the file format %s. Rewrite it in format 2.0 or later".formatted(dataset.uri(), dataset.getLanceFileFormatVersion()));
        }
        for (Fragment fragment : dataset.getFragments()) {
            FragmentMetadata metadata = fragment.metadata();
            // a deletion file need not say how many rows it deletes
            long deletions = metadata.getDeletionFile() == null ? 0 : metadata.getPhysicalRows() - fragment.countRows();
            rows.add(
                    fragment.getId(),
                    metadata.getPhysicalRows() - deletions,
                    metadata.getPhysicalRows(),
                    deletions,
                    metadata.getFiles().stream().map(FragmentsTable::row).collect(toImmutableList()),
                    Optional.ofNullable(metadata.getDeletionFile()).map(FragmentsTable::row));
        }
    }

    private static List<Object> row(DataFile file)
    {
        return Arrays.asList(
                file.getPath(),
                Ints.asList(file.getFields()),
                Ints.asList(file.getColumnIndices()),
                file.getFileMajorVersion(),
                file.getFileMinorVersion(),
                file.getFileSizeBytes(),
                file.getBaseId());
    }

    private static List<Object> row(DeletionFile file)
    {
        return Arrays.asList(file.getId(), file.getReadVersion(), file.getNumDeletedRows(), file.getFileType().name(), file.getBaseId());
    }
}
