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
import org.lance.Dataset;
import org.lance.Fragment;
import org.lance.fragment.DataFile;
import org.lance.fragment.DeletionFile;

import java.util.List;

import static com.google.common.collect.ImmutableList.toImmutableList;

/// The fragments of a dataset version in their order. Lance takes 10 ms or more to list a thousand of them.
///
/// @param fragments empty if Lance cannot describe them
/// @param rows number of rows in all fragments
record FragmentLayout(List<FragmentSize> fragments, long rows)
{
    FragmentLayout
    {
        fragments = ImmutableList.copyOf(fragments);
    }

    /// @param rows number of rows that are not deleted
    /// @param bytes size of the data files, 0 if not known: the sizes are optional in the format
    record FragmentSize(int id, long rows, long bytes) {}

    static FragmentLayout of(Dataset dataset)
    {
        if (!DatasetFormat.hasFragmentMetadata(dataset)) {
            return new FragmentLayout(ImmutableList.of(), dataset.countRows());
        }
        List<FragmentSize> fragments = dataset.getFragments().stream()
                .map(fragment -> new FragmentSize(fragment.getId(), countRows(fragment), countBytes(fragment)))
                .collect(toImmutableList());
        return new FragmentLayout(fragments, fragments.stream().mapToLong(FragmentSize::rows).sum());
    }

    long bytes()
    {
        return fragments.stream().mapToLong(FragmentSize::bytes).sum();
    }

    private static long countRows(Fragment fragment)
    {
        DeletionFile deletions = fragment.metadata().getDeletionFile();
        if (deletions != null && deletions.getNumDeletedRows() == null) {
            return fragment.countRows();
        }
        return fragment.metadata().getNumRows();
    }

    private static long countBytes(Fragment fragment)
    {
        return fragment.metadata().getFiles().stream()
                .map(DataFile::getFileSizeBytes)
                .mapToLong(size -> size == null ? 0 : size)
                .sum();
    }
}
