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

import com.google.common.collect.ImmutableMap;
import io.streamlance.trino.lance.filter.FieldPath;
import io.streamlance.trino.lance.filter.FilterSql;
import io.streamlance.trino.lance.filter.LanceFilter;
import io.streamlance.trino.lance.filter.StorageType;
import io.streamlance.trino.lance.filter.StorageTypes;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.Test;
import org.lance.Dataset;

import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/// Elements that Lance finds in lists, see `src/test/python/make_lists.py` for the lists.
final class TestLanceListFilters
{
    private static final Map<String, String> WANTED = ImmutableMap.<String, String>builder()
            .put("Boolean", "true")
            .put("Int64", "-9223372036854775808")
            .put("UInt8", "255")
            .put("UInt16", "65535")
            .put("UInt32", "4294967295")
            .put("UInt64", "18446744073709551615")
            .put("Int8", "-5")
            .put("Int16", "-5")
            .put("Int32", "-5")
            .put("Decimal128(12, 2)", "-1.10")
            .put("Utf8", "it's")
            .put("LargeUtf8", "😀")
            .put("Binary", "00")
            .put("LargeBinary", "00")
            .put("Date32", "18321")
            .buildOrThrow();
    // of all times, timestamps and durations
    private static final String WANTED_TIME = "5";

    @Test
    void testElements()
    {
        JavaNioAccess.ensureOpen();
        try (Dataset dataset = Dataset.open().uri("src/test/resources/lists/lists.lance").build()) {
            assertThat(dataset.getSchema().getFields()).hasSize(1 + 2 * (WANTED.size() + 4 + 2 + 4 * 3));
            for (Field field : dataset.getSchema().getFields()) {
                StorageTypes.of(field).element().ifPresent(element -> assertElement(dataset, field, element));
            }
        }
    }

    private static void assertElement(Dataset dataset, Field field, StorageType element)
    {
        LanceFilter contains = new LanceFilter.ArrayContains(FieldPath.column(field.getName()), element.name(), WANTED.getOrDefault(element.name(), WANTED_TIME));
        String sql = FilterSql.toSql(contains);
        // of six rows the second and the third
        assertThat(dataset.countRows(sql)).as(sql).isEqualTo(2);
        assertThat(dataset.countRows(sql + " AND id IN (1, 2)")).as(sql).isEqualTo(2);
    }
}
