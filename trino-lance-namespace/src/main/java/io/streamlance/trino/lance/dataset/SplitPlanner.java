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

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import io.airlift.units.DataSize;
import io.streamlance.trino.lance.dataset.FragmentLayout.FragmentSize;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.DoubleSupplier;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.lang.Math.ceilDiv;
import static java.lang.Math.max;
import static java.lang.Math.min;
import static java.util.Objects.requireNonNull;

/**
 * Cuts a dataset into scan ranges of about equal size: neighbouring small fragments share a range,
 * a large fragment is cut. Without a filter Lance seeks to the first row of a range, so a range costs
 * what its rows cost.
 */
public final class SplitPlanner
{
    // opening a fragment costs time, whatever there is in it
    private static final int MAX_FRAGMENTS = 256;

    // what each part reads of the others should not cost more than is gained
    private static final int SPLITS_PER_PART = 2;
    private static final int MAX_PARTS = 8;

    private enum Cut
    {
        NONE,
        BY_ROW,
        BY_ADDRESS,
    }

    private final long targetRows;
    private final long targetBytes;
    private final long limit;
    private final Cut cut;
    // of the rows those that pass the filter
    private final DoubleSupplier passingShare;

    private final ImmutableList.Builder<ScanRange> ranges = ImmutableList.builder();
    private final List<Integer> group = new ArrayList<>();
    private long groupRows;
    private long groupBytes;
    private long plannedRows;

    private SplitPlanner(long targetRows, long targetBytes, long limit, Cut cut, DoubleSupplier passingShare)
    {
        this.targetRows = targetRows;
        this.targetBytes = targetBytes;
        this.limit = limit;
        this.cut = cut;
        this.passingShare = requireNonNull(passingShare, "passingShare is null");
    }

    /**
     * @param limit most rows to scan; the ranges then have exactly so many rows, if there are that many
     */
    public static List<ScanRange> plan(DatasetLease dataset, long targetRows, DataSize targetSize, OptionalLong limit)
    {
        return plan(dataset.layout(), new SplitPlanner(targetRows, targetSize.toBytes(), limit.orElse(Long.MAX_VALUE), Cut.BY_ROW, () -> 1));
    }

    /**
     * Ranges for a scan with a filter or an order. Lance counts the rows of a range after filtering and sorting, so a large
     * fragment is cut by row addresses. Each part reads the filter's columns of the whole fragment, and other columns of its own rows only.
     *
     * @param passingShare share of the rows that an index leaves to be read, asked if there is a fragment to be cut
     */
    public static List<ScanRange> planFiltered(DatasetLease dataset, long targetRows, DataSize targetSize, DoubleSupplier passingShare)
    {
        // if row ids are stable, Lance takes addresses for ids
        Cut cut = dataset.dataset().hasStableRowIds() ? Cut.NONE : Cut.BY_ADDRESS;
        return plan(dataset.layout(), new SplitPlanner(targetRows, targetSize.toBytes(), Long.MAX_VALUE, cut, Suppliers.memoize(passingShare::getAsDouble)::get));
    }

    /**
     * At most one range for filters that an index resolves.
     *
     * @param fragments those with rows that may pass the filter; empty if not known
     */
    public static List<ScanRange> planLookup(DatasetLease dataset, Optional<Set<Integer>> fragments)
    {
        FragmentLayout layout = dataset.layout();
        if (fragments.isEmpty()) {
            return ImmutableList.of(new ScanRange(ImmutableList.of(), Optional.empty(), Optional.empty(), layout.rows(), layout.bytes()));
        }
        List<FragmentSize> found = layout.fragments().stream()
                .filter(fragment -> fragments.orElseThrow().contains(fragment.id()))
                .collect(toImmutableList());
        if (found.isEmpty()) {
            return ImmutableList.of();
        }
        return ImmutableList.of(new ScanRange(
                found.stream().map(FragmentSize::id).collect(toImmutableList()),
                Optional.empty(),
                Optional.empty(),
                found.stream().mapToLong(FragmentSize::rows).sum(),
                found.stream().mapToLong(FragmentSize::bytes).sum()));
    }

    private static List<ScanRange> plan(FragmentLayout layout, SplitPlanner planner)
    {
        if (layout.fragments().isEmpty()) {
            planner.addRange(ImmutableList.of(), 0, layout.rows(), 0, false);
        }
        else {
            planner.addFragments(layout);
        }
        return planner.ranges.build();
    }

    private void addFragments(FragmentLayout layout)
    {
        for (FragmentSize fragment : layout.fragments()) {
            if (plannedRows + groupRows >= limit) {
                break;
            }
            addFragment(fragment.id(), fragment.rows(), fragment.bytes());
        }
        finishGroup();
    }

    private void addFragment(int id, long rows, long bytes)
    {
        long pieces = min(max(rows, 1), max(ceilDiv(rows, targetRows), ceilDiv(bytes, targetBytes)));
        if (pieces > 1 && cut == Cut.BY_ROW) {
            finishGroup();
            cutByRow(id, rows, bytes, pieces);
            return;
        }
        if (pieces >= 2 * SPLITS_PER_PART && cut == Cut.BY_ADDRESS) {
            long parts = min((long) (pieces * passingShare.getAsDouble()) / SPLITS_PER_PART, MAX_PARTS);
            if (parts > 1) {
                finishGroup();
                cutByAddress(id, rows, bytes, parts);
                return;
            }
        }
        if (groupRows + rows > targetRows || groupBytes + bytes > targetBytes || group.size() == MAX_FRAGMENTS) {
            finishGroup();
        }
        if (rows > 0) {
            group.add(id);
            groupRows += rows;
            groupBytes += bytes;
        }
    }

    // the addresses of deleted rows are taken, too, so that the last part has no end
    private void cutByAddress(int fragment, long rows, long bytes, long parts)
    {
        long partRows = ceilDiv(rows, parts);
        for (int part = 0; part < parts; part++) {
            AddressRange addresses = AddressRange.of(fragment, part * partRows, part == parts - 1 ? 1L << Integer.SIZE : (part + 1) * partRows);
            ranges.add(new ScanRange(ImmutableList.of(fragment), Optional.empty(), Optional.of(addresses), partRows, bytes / parts));
        }
    }

    private void cutByRow(int fragment, long rows, long bytes, long pieces)
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
        ranges.add(new ScanRange(fragments, rowRange, Optional.empty(), wanted, (long) (bytes * ((double) wanted / rows))));
        plannedRows += wanted;
    }
}
