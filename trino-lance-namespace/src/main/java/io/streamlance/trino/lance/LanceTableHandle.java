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

import io.streamlance.trino.lance.blob.BlobColumns;
import io.streamlance.trino.lance.dataset.DatasetVersion;
import io.streamlance.trino.lance.filter.LanceFilter;
import io.streamlance.trino.lance.topn.TopN;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.predicate.TupleDomain;

import java.util.Optional;
import java.util.OptionalLong;

import static java.util.Objects.requireNonNull;

/**
 * A table at one version, with what was pushed into its scan.
 *
 * @param filter rows that do not pass it are not part of the result
 * @param blobLengths of the rows that are part of the result, by the columns from {@link BlobColumns#length}
 * @param limit most rows the query needs of those that pass
 * @param topN those of the rows that pass that the query needs, and maybe more
 */
public record LanceTableHandle(SchemaTableName name, DatasetVersion version, LanceFilter filter, TupleDomain<LanceColumnHandle> blobLengths, OptionalLong limit, Optional<TopN> topN)
        implements ConnectorTableHandle
{
    public LanceTableHandle
    {
        requireNonNull(name, "name is null");
        requireNonNull(version, "version is null");
        requireNonNull(filter, "filter is null");
        requireNonNull(blobLengths, "blobLengths is null");
        requireNonNull(limit, "limit is null");
        requireNonNull(topN, "topN is null");
    }

    public LanceTableHandle(SchemaTableName name, DatasetVersion version)
    {
        this(name, version, LanceFilter.Constant.ALL, TupleDomain.all(), OptionalLong.empty(), Optional.empty());
    }

    public boolean isFiltered()
    {
        return !filter.equals(LanceFilter.Constant.ALL) || !blobLengths.isAll();
    }

    /// Whether not all rows that pass the filter are read. What is pushed later would be evaluated before that.
    public boolean isLimited()
    {
        return limit.isPresent() || topN.isPresent();
    }

    public LanceTableHandle withFilter(LanceFilter filter, TupleDomain<LanceColumnHandle> blobLengths)
    {
        return new LanceTableHandle(name, version, filter, blobLengths, limit, topN);
    }

    public LanceTableHandle withLimit(long limit)
    {
        return new LanceTableHandle(name, version, filter, blobLengths, OptionalLong.of(limit), topN);
    }

    public LanceTableHandle withTopN(TopN topN)
    {
        return new LanceTableHandle(name, version, filter, blobLengths, limit, Optional.of(topN));
    }

    @Override
    public String toString()
    {
        StringBuilder builder = new StringBuilder();
        builder.append(name).append("@v").append(version.version());
        if (!filter.equals(LanceFilter.Constant.ALL)) {
            builder.append(" predicate=").append(filter);
        }
        if (!blobLengths.isAll()) {
            builder.append(" blobs=").append(blobLengths);
        }
        limit.ifPresent(value -> builder.append(" limit=").append(value));
        topN.ifPresent(value -> builder.append(" ").append(value));
        return builder.toString();
    }
}
