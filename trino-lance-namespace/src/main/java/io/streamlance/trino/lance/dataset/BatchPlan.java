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

import io.airlift.units.DataSize;
import io.streamlance.trino.lance.LanceColumnHandle;
import io.trino.spi.type.FixedWidthType;

import java.util.List;
import java.util.Optional;

import static java.lang.Math.ceilDiv;
import static java.lang.Math.clamp;
import static java.lang.Math.max;
import static java.lang.Math.min;

/// How Lance is to cut a scan into batches, by the width of the columns that are read: wide rows, such as vectors and
/// documents, come in smaller batches, and of narrow batches more are decoded ahead in the same memory.
///
/// @param rows most rows per batch
/// @param readahead batches that Lance decodes ahead
/// @param targetBytes size of a batch if the estimate of the width is right
public record BatchPlan(int rows, int readahead, long targetBytes)
{
    // as many as Lance has itself
    private static final int MAX_NARROW_READAHEAD = 16;
    private static final int MIN_VARIABLE_WIDTH = 16;
    // how much larger than stored a batch may be: opening a scan again costs time, too
    private static final int OVERSIZE = 4;

    /// @param maxRows most rows per batch
    /// @param batchSize bytes of a batch
    /// @param readahead batches of that size to decode ahead
    public static BatchPlan of(ScanRange range, List<LanceColumnHandle> columns, int maxRows, DataSize batchSize, int readahead)
    {
        long fixedWidth = 0;
        long variableColumns = 0;
        for (LanceColumnHandle column : columns) {
            if (column.type() instanceof FixedWidthType fixed) {
                fixedWidth += fixed.getFixedSize();
            }
            else {
                variableColumns++;
            }
        }
        // which columns the bytes of a data file belong to is not known
        long storedWidth = variableColumns == 0 || range.rows() == 0 || range.dataBytes() == 0 ? 0 : max(range.dataBytes() / range.rows(), MIN_VARIABLE_WIDTH * variableColumns);
        long width = max(1, fixedWidth + storedWidth);
        int rows = clamp(batchSize.toBytes() / width, 1, maxRows);
        if (variableColumns > 0 && storedWidth == 0) {
            return new BatchPlan(rows, readahead, batchSize.toBytes());
        }
        // a batch does not go beyond its fragment
        long fragmentRows = range.fragments().isEmpty() ? rows : ceilDiv(range.rows(), range.fragments().size());
        long batchBytes = max(1, min(rows, fragmentRows)) * (fixedWidth + OVERSIZE * storedWidth);
        int narrowReadahead = clamp(readahead * batchSize.toBytes() / max(1, batchBytes), 1, MAX_NARROW_READAHEAD);
        return new BatchPlan(rows, max(readahead, narrowReadahead), batchSize.toBytes());
    }

    /// Smaller batches if one was far larger than it should be, such as one of long strings that are stored compressed.
    Optional<BatchPlan> shrink(long batchRows, long batchBytes)
    {
        if (batchBytes <= OVERSIZE * targetBytes || batchRows <= 1) {
            return Optional.empty();
        }
        return Optional.of(new BatchPlan((int) clamp(batchRows * targetBytes / batchBytes, 1, rows), readahead, targetBytes));
    }
}
