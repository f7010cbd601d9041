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

import static org.lance.MetadataColumns.ROWADDR;

/// Places of rows in a fragment, also of deleted ones, as Lance numbers them in the whole dataset.
///
/// @param first the first address
/// @param end the address behind the last one
public record AddressRange(long first, long end)
{
    /// @param offset place of the first row in the fragment
    /// @param endOffset place behind the last row, at most 2³²
    static AddressRange of(int fragment, long offset, long endOffset)
    {
        long base = Integer.toUnsignedLong(fragment) << Integer.SIZE;
        return new AddressRange(base + offset, base + endOffset);
    }

    String toSql()
    {
        return "`%1$s` >= %2$s AND `%1$s` < %3$s".formatted(ROWADDR, Long.toUnsignedString(first), Long.toUnsignedString(end));
    }
}
