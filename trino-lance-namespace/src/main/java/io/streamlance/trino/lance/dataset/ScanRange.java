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

import com.google.common.collect.ImmutableList;

import java.util.List;
import java.util.Optional;

import static java.util.Objects.requireNonNull;

/**
 * A part of a dataset version that is scanned as a whole; always the same rows, so it can be scanned again.
 *
 * @param fragments identifiers of the fragments; empty for the whole dataset
 * @param rowRange rows of these fragments; empty for all
 * @param addresses addresses of the rows, for a scan with a filter; empty for all
 * @param rows number of rows in the range; exact unless it has addresses
 * @param dataBytes estimated size of the range in the data files with all columns, 0 if not known
 */
public record ScanRange(List<Integer> fragments, Optional<RowRange> rowRange, Optional<AddressRange> addresses, long rows, long dataBytes)
{
    public ScanRange
    {
        fragments = ImmutableList.copyOf(fragments);
        requireNonNull(rowRange, "rowRange is null");
        requireNonNull(addresses, "addresses is null");
    }
}
