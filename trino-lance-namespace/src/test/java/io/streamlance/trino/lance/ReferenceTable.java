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

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.trino.testing.QueryRunner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import static java.util.stream.Collectors.joining;

/// A table in Trino's memory with the rows that a writer of a Lance dataset says to have written: no reader of Lance has
/// seen them. See `src/test/python/make_random_rows.py` for the file.
final class ReferenceTable
{
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ReferenceTable() {}

    /// @param expression SQL for a value of the type, where a question mark stands for its text
    private record Column(String name, String type, String expression)
    {
        String declaration()
        {
            return "\"%s\" %s".formatted(name.replace("\"", "\"\""), type);
        }
    }

    static void create(QueryRunner queryRunner, String table, Path file)
            throws IOException
    {
        List<String> lines = Files.readAllLines(file);
        List<Column> columns = JSON.readValue(lines.getFirst(), new TypeReference<>() {});
        queryRunner.execute("CREATE TABLE %s (%s)".formatted(table, columns.stream().map(Column::declaration).collect(joining(", "))));
        // one constant per row is planned in a moment, one per value is not
        String values = IntStream.range(0, columns.size()).mapToObj(i -> columns.get(i).expression().replace("?", "texts[%s]".formatted(i + 1))).collect(joining(", "));
        String rows = lines.stream().skip(1).map(line -> "'%s'".formatted(line.replace("'", "''"))).collect(joining(", "));
        queryRunner.execute("INSERT INTO %s SELECT %s FROM (SELECT CAST(json_parse(line) AS array(varchar)) FROM (VALUES %s) t(line)) t(texts)".formatted(table, values, rows));
    }
}
