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

import com.google.common.base.Splitter;
import org.lance.Dataset;

import java.util.List;

import static com.google.common.collect.ImmutableList.toImmutableList;

public final class DatasetFormat
{
    private static final int NEWEST_MINOR = 2;
    static final String NEWEST = "2." + NEWEST_MINOR;

    private DatasetFormat() {}

    /**
     * Whether Lance can describe the fragments of this dataset.
     * <p>
     * Manifests of the first file format (0.x) may lack the row counts of fragments and of deletion
     * files. Lance's Java binding does not expect that: {@link Dataset#getFragments()} ends the whole
     * JVM. Format 2.0 and later always have them.
     */
    public static boolean hasFragmentMetadata(Dataset dataset)
    {
        return version(dataset).getFirst() >= 2;
    }

    /**
     * Whether this version of Lance can read the data files. Reading a file of a later format, such as the unstable
     * 2.3, ends the whole JVM.
     */
    static boolean isReadable(Dataset dataset)
    {
        List<Integer> version = version(dataset);
        return version.getFirst() < 2 || version.getFirst() == 2 && version.get(1) <= NEWEST_MINOR;
    }

    private static List<Integer> version(Dataset dataset)
    {
        return Splitter.on('.').splitToStream(dataset.getLanceFileFormatVersion())
                .map(Integer::valueOf)
                .collect(toImmutableList());
    }
}
