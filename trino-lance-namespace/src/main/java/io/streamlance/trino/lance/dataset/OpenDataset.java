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

import io.streamlance.trino.lance.dataset.OwnCaches.Share;
import org.lance.Dataset;

import java.util.Optional;

import static java.util.Objects.requireNonNull;

/// A dataset with the memory that it holds. Must be closed once.
///
/// @param ownCaches empty if it uses those of the catalog
record OpenDataset(Dataset dataset, Optional<Share> ownCaches)
        implements AutoCloseable
{
    OpenDataset
    {
        requireNonNull(dataset, "dataset is null");
        requireNonNull(ownCaches, "ownCaches is null");
    }

    /// Whether it makes room for caches of others when it closes.
    boolean hasFullShare()
    {
        return ownCaches.map(Share::full).orElse(false);
    }

    /// Whether it may stay open when nobody reads it.
    boolean isKept()
    {
        return ownCaches.map(Share::full).orElse(true);
    }

    @Override
    public void close()
    {
        try {
            dataset.close();
        }
        finally {
            ownCaches.ifPresent(share -> share.free().run());
        }
    }
}
