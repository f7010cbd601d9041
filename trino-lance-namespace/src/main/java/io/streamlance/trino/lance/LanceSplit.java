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

import com.google.common.collect.ImmutableSet;
import io.airlift.slice.SizeOf;
import io.streamlance.trino.lance.dataset.AddressRange;
import io.streamlance.trino.lance.dataset.RowRange;
import io.streamlance.trino.lance.dataset.ScanRange;
import io.streamlance.trino.lance.filter.LanceFilter;
import io.trino.spi.SplitWeight;
import io.trino.spi.connector.ConnectorSplit;

import java.util.OptionalLong;
import java.util.Set;

import static io.airlift.slice.SizeOf.estimatedSizeOf;
import static io.airlift.slice.SizeOf.instanceSize;
import static io.airlift.slice.SizeOf.sizeOf;
import static java.util.Objects.requireNonNull;

/**
 * @param dynamicFilter what was known of the dynamic filters when the splits were made; of many values their range, except
 *         for a lookup
 * @param scalarIndex whether Lance should look into its indexes for the filter
 * @param unfilteredColumns columns of which dynamic filters that come later are left to the join, because of their indexes
 * @param matchingRows number of rows in the range that pass the filters, if an index has told it
 */
public record LanceSplit(ScanRange range, LanceFilter dynamicFilter, boolean scalarIndex, Set<String> unfilteredColumns, OptionalLong matchingRows, SplitWeight weight)
        implements ConnectorSplit
{
    private static final int INSTANCE_SIZE = instanceSize(LanceSplit.class) + instanceSize(ScanRange.class) + instanceSize(SplitWeight.class);
    private static final int ROW_RANGE_SIZE = instanceSize(RowRange.class);
    private static final int ADDRESS_RANGE_SIZE = instanceSize(AddressRange.class);

    public LanceSplit
    {
        requireNonNull(range, "range is null");
        requireNonNull(dynamicFilter, "dynamicFilter is null");
        unfilteredColumns = ImmutableSet.copyOf(unfilteredColumns);
        requireNonNull(matchingRows, "matchingRows is null");
        requireNonNull(weight, "weight is null");
    }

    @Override
    public SplitWeight getSplitWeight()
    {
        return weight;
    }

    @Override
    public long getRetainedSizeInBytes()
    {
        return INSTANCE_SIZE
                + estimatedSizeOf(range.fragments(), SizeOf::sizeOf)
                + dynamicFilter.retainedSizeInBytes()
                + estimatedSizeOf(unfilteredColumns, SizeOf::estimatedSizeOf)
                + sizeOf(matchingRows)
                + sizeOf(range.rowRange(), _ -> ROW_RANGE_SIZE)
                + sizeOf(range.addresses(), _ -> ADDRESS_RANGE_SIZE);
    }
}
