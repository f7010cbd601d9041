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

import io.trino.spi.Page;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/// Pages that nobody has taken yet, and what they take in memory.
final class PageQueue
{
    private final Queue<Page> pages = new ArrayDeque<>();
    private long bytes;

    void add(Page page)
    {
        pages.add(page);
        bytes += page.getRetainedSizeInBytes();
    }

    Optional<Page> poll()
    {
        Optional<Page> page = Optional.ofNullable(pages.poll());
        page.ifPresent(taken -> bytes -= taken.getRetainedSizeInBytes());
        return page;
    }

    void clear()
    {
        pages.clear();
        bytes = 0;
    }

    boolean isEmpty()
    {
        return pages.isEmpty();
    }

    long bytes()
    {
        return bytes;
    }
}
