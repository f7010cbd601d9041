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

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Multimap;
import com.google.common.collect.Multimaps;
import io.streamlance.trino.lance.arrow.ArrowTypes;
import io.streamlance.trino.lance.dataset.DatasetFormat;
import io.streamlance.trino.lance.dataset.DatasetLease;
import io.streamlance.trino.lance.filter.FieldPath;
import io.streamlance.trino.lance.filter.FilterSql;
import io.streamlance.trino.lance.filter.StorageType;
import io.streamlance.trino.lance.filter.StorageTypes;
import io.streamlance.trino.lance.namespace.NamespaceTable;
import io.streamlance.trino.lance.wide.SchemaScan;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.type.Type;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import static io.streamlance.trino.lance.LanceErrorCode.LANCE_OPEN_ERROR;
import static java.util.Locale.ENGLISH;
import static java.util.Objects.requireNonNull;

/**
 * Reads the columns of a dataset. A column that Trino cannot show is left out and named in the table
 * comment: one such column must not make the others unreadable.
 */
public final class LanceSchemaReader
{
    private final ArrowTypes types;
    private final Function<Set<String>, DatasetLease> narrow;
    private final List<String> skipped = new ArrayList<>();
    private final ImmutableList.Builder<LanceTable.Column> columns = ImmutableList.builder();
    private boolean readsBlobs;

    private LanceSchemaReader(ArrowTypes types, Function<Set<String>, DatasetLease> narrow)
    {
        this.types = requireNonNull(types, "types is null");
        this.narrow = requireNonNull(narrow, "narrow is null");
    }

    /// @param narrow opens the same version to read some columns
    public static List<LanceTable.Column> readColumns(ArrowTypes types, SchemaTableName name, DatasetLease lease, Function<Set<String>, DatasetLease> narrow)
    {
        LanceSchemaReader reader = new LanceSchemaReader(types, narrow);
        reader.read(name, lease);
        return reader.columns.build();
    }

    /// @param narrow opens the same version to read some columns
    static LanceTable readTable(ArrowTypes types, SchemaTableName name, NamespaceTable origin, DatasetLease lease, Function<Set<String>, DatasetLease> narrow)
    {
        LanceSchemaReader reader = new LanceSchemaReader(types, narrow);
        reader.read(name, lease);
        return new LanceTable(origin, lease.version(), reader.columns.build(), reader.comment(), countRows(name, lease));
    }

    // of old datasets Lance reads the files
    private static long countRows(SchemaTableName name, DatasetLease lease)
    {
        try {
            return lease.dataset().countRows();
        }
        // the native code throws IOException too, although the method does not declare it
        catch (Exception e) {
            throw new TrinoException(LANCE_OPEN_ERROR, "Cannot count the rows of table %s version %s: %s".formatted(name, lease.version().version(), e.getMessage()), e);
        }
    }

    private void read(SchemaTableName name, DatasetLease lease)
    {
        try {
            readColumns(lease);
        }
        // the scanner's close method declares Exception, and the native code throws undeclared IOException
        catch (Exception e) {
            throw new TrinoException(LANCE_OPEN_ERROR, "Cannot read the schema of table %s version %s: %s".formatted(name, lease.version().version(), e.getMessage()), e);
        }
    }

    private void readColumns(DatasetLease lease)
            throws Exception
    {
        // reading them from the first file format ends the whole JVM
        readsBlobs = DatasetFormat.hasFragmentMetadata(lease.dataset());
        SchemaScan.read(lease, narrow, selectReadableNames(lease.dataset().getSchema().getFields()), this::addColumn);
    }

    private void addColumn(Field field, DictionaryProvider dictionaries)
    {
        Optional<Type> type = types.toTrinoType(field, dictionaries);
        StorageType storage = StorageTypes.of(field);
        if (type.isEmpty() || storage.hasUnnamedBlobs() || (storage.hasBlobs() && !readsBlobs)) {
            skipped.add("%s (type %s)".formatted(field.getName(), ArrowTypes.typeName(field)));
            return;
        }
        columns.add(new LanceTable.Column(new LanceColumnHandle(field.getName(), type.orElseThrow(), storage), field.isNullable(), ArrowTypes.columnComment(field)));
    }

    private List<String> selectReadableNames(List<Field> fields)
    {
        Multimap<String, String> spellings = Multimaps.index(fields.stream().map(Field::getName).iterator(), name -> name.toLowerCase(ENGLISH));
        ImmutableList.Builder<String> names = ImmutableList.builder();
        for (Field field : fields) {
            String name = field.getName();
            whyLeftOut(name, spellings.get(name.toLowerCase(ENGLISH)))
                    .ifPresentOrElse(reason -> skipped.add("%s (%s)".formatted(name, reason)), () -> names.add(name));
        }
        return names.build();
    }

    /// @param spellings all names that differ only by case
    private static Optional<String> whyLeftOut(String name, Collection<String> spellings)
    {
        String trinoName = name.toLowerCase(ENGLISH);
        if (spellings.size() > 1 && !name.equals(trinoName)) {
            return Optional.of(spellings.contains(trinoName) ? "differs from %s only by case".formatted(trinoName) : "name differs from another only by case");
        }
        if (name.isEmpty()) {
            return Optional.of("the name is empty");
        }
        // Lance cannot project such a column, quoted or not
        if (name.contains("`")) {
            return Optional.of("name contains a backtick");
        }
        if (!FilterSql.canWrite(FieldPath.column(name))) {
            return Optional.of("name contains a character that does not reach Lance, such as an emoji");
        }
        // unless it is quoted, and then the column has another name in what the scan returns
        if (name.equals("*")) {
            return Optional.of("stands for all columns in Lance");
        }
        return Optional.empty();
    }

    private Optional<String> comment()
    {
        if (skipped.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("Columns without a Trino type are left out: " + String.join(", ", skipped));
    }
}
