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
package io.streamlance.trino.lance.changes;

import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.filter.StorageType;
import io.trino.spi.type.Type;

import java.util.Optional;
import java.util.stream.Stream;

import static io.trino.spi.type.BigintType.BIGINT;
import static io.trino.spi.type.IntegerType.INTEGER;
import static io.trino.spi.type.TimestampWithTimeZoneType.TIMESTAMP_TZ_NANOS;
import static io.trino.spi.type.VarcharType.VARCHAR;

/// What a change says besides the values of its row.
public enum ChangeColumn
{
    TYPE("_change_type", VARCHAR),
    VERSION("_change_version_id", BIGINT),
    TIMESTAMP("_change_timestamp", TIMESTAMP_TZ_NANOS),
    ORDINAL("_change_ordinal", INTEGER),
    /**/;

    private final LanceColumnHandle handle;

    ChangeColumn(String name, Type type)
    {
        handle = new LanceColumnHandle(name, type, StorageType.OPAQUE);
    }

    LanceColumnHandle handle()
    {
        return handle;
    }

    static Optional<ChangeColumn> of(LanceColumnHandle column)
    {
        return Stream.of(values())
                .filter(candidate -> candidate.handle.equals(column))
                .findFirst();
    }
}
