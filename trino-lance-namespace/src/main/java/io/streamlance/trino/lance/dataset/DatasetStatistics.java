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

import com.google.common.collect.ImmutableMap;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.streamlance.trino.lance.filter.ColumnFacts;

import java.util.List;
import java.util.Map;

/**
 * What is known about a dataset version without reading its data files.
 *
 * @param columns what indexes know, by the names of columns
 * @param dataBytes size of the data files, 0 if not known
 */
public record DatasetStatistics(Map<String, ColumnFacts> columns, long dataBytes)
{
    public DatasetStatistics
    {
        columns = ImmutableMap.copyOf(columns);
    }

    static DatasetStatistics read(DatasetLease lease, List<LanceColumnHandle> columns)
    {
        lease.checkIndexes();
        return new DatasetStatistics(IndexFacts.read(lease, columns), lease.layout().bytes());
    }
}
