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

import com.google.common.collect.ImmutableMap;
import com.google.inject.Inject;
import io.streamlance.trino.lance.LanceConfig;
import io.streamlance.trino.lance.dataset.DatasetLease;
import io.trino.spi.TrinoException;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.connector.SystemTable;
import io.trino.spi.connector.TableNotFoundException;
import io.trino.spi.type.MapType;
import io.trino.spi.type.TypeManager;

import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

import static io.trino.spi.StandardErrorCode.TABLE_NOT_FOUND;
import static io.trino.spi.type.VarcharType.VARCHAR;
import static java.util.stream.Collectors.joining;

/// The tables named `table$name`.
public class LanceMetadataTables
{
    private static final char SEPARATOR = '$';

    private final boolean enabled;
    private final Map<String, MetadataTable> tables;

    @Inject
    public LanceMetadataTables(TypeManager typeManager, LanceConfig config)
    {
        enabled = config.isMetadataTablesEnabled();
        MapType texts = new MapType(VARCHAR, VARCHAR, typeManager.getTypeOperators());
        tables = ImmutableMap.of(
                "versions", new VersionsTable(texts),
                "fragments", new FragmentsTable(),
                "indexes", new IndexesTable(),
                "tags", new TagsTable(texts),
                "branches", new BranchesTable(texts),
                "properties", new PropertiesTable());
    }

    /// The table that a metadata table is about.
    ///
    /// @return empty if the name is not that of a metadata table
    /// @throws TrinoException if it is, but they are turned off
    public Optional<SchemaTableName> baseTable(SchemaTableName name)
    {
        int separator = name.getTableName().lastIndexOf(SEPARATOR);
        if (separator < 1 || !tables.containsKey(name.getTableName().substring(separator + 1))) {
            return Optional.empty();
        }
        if (!enabled) {
            throw new TrinoException(TABLE_NOT_FOUND, "Table '%s' does not exist: metadata tables are turned off by lance.metadata-tables.enabled".formatted(name));
        }
        return Optional.of(new SchemaTableName(name.getSchemaName(), name.getTableName().substring(0, separator)));
    }

    /// Tells somebody who asks for a metadata table that there is none of this name what there is, if there are any.
    ///
    /// @param name of a table that was not found
    /// @param exists whether there is a table
    /// @throws TableNotFoundException if the name is that of a table with another ending
    public void checkEnding(SchemaTableName name, Predicate<SchemaTableName> exists)
    {
        int separator = name.getTableName().lastIndexOf(SEPARATOR);
        if (!enabled || separator < 1 || tables.containsKey(name.getTableName().substring(separator + 1))) {
            return;
        }
        String base = name.getTableName().substring(0, separator);
        if (exists.test(new SchemaTableName(name.getSchemaName(), base))) {
            throw new TableNotFoundException(name, "Table '%s' does not exist. The metadata tables of %s are %s".formatted(
                    name,
                    base,
                    tables.keySet().stream()
                            .map(suffix -> "\"%s%s%s\"".formatted(base, SEPARATOR, suffix))
                            .collect(joining(", "))));
        }
    }

    /// @param name of a metadata table
    /// @param dataset opens the dataset that it is about
    public SystemTable create(SchemaTableName name, Supplier<DatasetLease> dataset)
    {
        String suffix = name.getTableName().substring(name.getTableName().lastIndexOf(SEPARATOR) + 1);
        return new LanceSystemTable(name, tables.get(suffix), dataset);
    }
}
