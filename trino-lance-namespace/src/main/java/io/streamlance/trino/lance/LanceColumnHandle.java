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

import io.streamlance.trino.lance.filter.StorageType;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.type.Type;

import static java.util.Locale.ENGLISH;
import static java.util.Objects.requireNonNull;

/**
 * @param name name of the column in the dataset, in its own case
 * @param storage how Lance stores the values, which decides the filters that can be pushed
 */
public record LanceColumnHandle(String name, Type type, StorageType storage)
        implements ColumnHandle
{
    public LanceColumnHandle
    {
        requireNonNull(name, "name is null");
        requireNonNull(type, "type is null");
        requireNonNull(storage, "storage is null");
    }

    public String trinoName()
    {
        return name.toLowerCase(ENGLISH);
    }

    @Override
    public String toString()
    {
        return name + ":" + type;
    }
}
