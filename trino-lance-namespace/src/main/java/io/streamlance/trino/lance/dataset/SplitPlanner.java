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
import io.airlift.units.DataSize;
import org.lance.Dataset;
import org.lance.Fragment;
import org.lance.FragmentMetadata;
import org.lance.fragment.DataFile;
import org.lance.fragment.DeletionFile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import static java.lang.Math.ceilDiv;
import static java.lang.Math.max;
import static java.lang.Math.min;

/**
 * Cuts a dataset into scan ranges of about equal size: neighbouring small fragments share a range,
 * a large fragment is cut by rows. Lance seeks to the first row of a range, so a range costs what
 * its rows cost.
 */
public final class SplitPlanner
{
    private final long targetRows;
    private final long targetBytes;
    private final long limit;
    private final boolean cutFragments;

    private final ImmutableList.Builder<ScanRange> ranges = ImmutableList.builder();
    private final List<Integer> group = new ArrayList<>();
    private long groupRows;
    private long groupBytes;
    private long plannedRows;

    private SplitPlanner(long targetRows, long targetBytes, long limit, boolean cutFragments)
    {
        this.targetRows = targetRows;
        this.targetBytes = targetBytes;
        this.limit = limit;
        this.cutFragments = cutFragments;
    }

    /**
     * @param limit most rows to scan; the ranges then have exactly so many rows, if there are that many
     */
    public static List<ScanRange> plan(Dataset dataset, long targetRows, DataSize targetSize, OptionalLong limit)
    {
        return plan(dataset, new SplitPlanner(targetRows, targetSize.toBytes(), limit.orElse(Long.MAX_VALUE), true));
    }

    /**
     * Ranges for a scan with a filter. They are whole fragments, as Lance counts the rows of a range
     * after filtering, and a filter on row addresses reads all of the fragment for each of its parts.
     */
    public static List<ScanRange> planFiltered(Dataset dataset, long targetRows, DataSize targetSize)
    {
        return plan(dataset, new SplitPlanner(targetRows, targetSize.toBytes(), Long.MAX_VALUE, false));
    }

    /**
     * The whole dataset as one range, for filters that an index resolves.
     */
    public static ScanRange planWhole(Dataset dataset)
    {
        return new ScanRange(ImmutableList.of(), Optional.empty(), dataset.countRows(), dataBytes(dataset));
    }

    /**
     * Size of the data files, 0 if not known.
     */
    static long dataBytes(Dataset dataset)
    {
        return DatasetFormat.hasFragmentMetadata(dataset) ? dataset.getFragments().stream().mapToLong(fragment -> dataBytes(fragment.metadata())).sum() : 0;
    }

    private static List<ScanRange> plan(Dataset dataset, SplitPlanner planner)
    {
        if (DatasetFormat.hasFragmentMetadata(dataset)) {
            planner.addFragments(dataset);
        }
        else {
            planner.addRange(ImmutableList.of(), 0, dataset.countRows(), 0, false);
        }
        return planner.ranges.build();
    }

    private void addFragments(Dataset dataset)
    {
        for (Fragment fragment : dataset.getFragments()) {
            if (plannedRows + groupRows >= limit) {
                break;
            }
            addFragment(fragment.getId(), countRows(fragment), dataBytes(fragment.metadata()));
        }
        finishGroup();
    }

    private void addFragment(int id, long rows, long bytes)
    {
        long pieces = min(max(rows, 1), max(ceilDiv(rows, targetRows), ceilDiv(bytes, targetBytes)));
        if (pieces > 1 && cutFragments) {
            finishGroup();
            cut(id, rows, bytes, pieces);
            return;
        }
        if (groupRows + rows > targetRows || groupBytes + bytes > targetBytes) {
            finishGroup();
        }
        if (rows > 0) {
            group.add(id);
            groupRows += rows;
            groupBytes += bytes;
        }
    }

    private void cut(int fragment, long rows, long bytes, long pieces)
    {
        long pieceRows = ceilDiv(rows, pieces);
        for (long offset = 0; offset < rows; offset += pieceRows) {
            long length = min(pieceRows, rows - offset);
            addRange(ImmutableList.of(fragment), offset, length, (long) (bytes * ((double) length / rows)), true);
        }
    }

    private void finishGroup()
    {
        if (!group.isEmpty()) {
            addRange(ImmutableList.copyOf(group), 0, groupRows, groupBytes, false);
        }
        group.clear();
        groupRows = 0;
        groupBytes = 0;
    }

    private void addRange(List<Integer> fragments, long offset, long rows, long bytes, boolean cut)
    {
        long wanted = min(rows, limit - plannedRows);
        if (wanted <= 0) {
            return;
        }
        Optional<RowRange> rowRange = cut || wanted < rows ? Optional.of(new RowRange(offset, wanted)) : Optional.empty();
        ranges.add(new ScanRange(fragments, rowRange, wanted, (long) (bytes * ((double) wanted / rows))));
        plannedRows += wanted;
    }

    private static long countRows(Fragment fragment)
    {
        DeletionFile deletions = fragment.metadata().getDeletionFile();
        if (deletions != null && deletions.getNumDeletedRows() == null) {
            return fragment.countRows();
        }
        return fragment.metadata().getNumRows();
    }

    // the sizes are optional in the format: without them only the rows decide
    private static long dataBytes(FragmentMetadata fragment)
    {
        return fragment.getFiles().stream()
                .map(DataFile::getFileSizeBytes)
                .mapToLong(size -> size == null ? 0 : size)
                .sum();
    }
}
