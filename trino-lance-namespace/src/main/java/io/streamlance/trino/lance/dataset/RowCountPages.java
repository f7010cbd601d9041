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
import io.trino.spi.Page;

import java.util.List;

import static java.lang.Math.min;
import static java.lang.Math.toIntExact;

/// Rows without columns.
public final class RowCountPages
{
    private static final int MAX_PAGE_ROWS = 1_000_000;

    private RowCountPages() {}

    public static List<Page> of(long rows)
    {
        ImmutableList.Builder<Page> pages = ImmutableList.builder();
        for (long left = rows; left > 0; left -= MAX_PAGE_ROWS) {
            pages.add(new Page(toIntExact(min(left, MAX_PAGE_ROWS))));
        }
        return pages.build();
    }
}
