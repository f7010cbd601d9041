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
package io.streamlance.trino.lance.namespace;

import io.streamlance.trino.lance.LanceConfig;

import java.util.Optional;

import static java.util.Objects.requireNonNull;

/// Where files of a catalog's tables may be. Who can write into a directory namespace must not have Trino read with its
/// own credentials what is elsewhere; other namespaces decide themselves.
public final class DataRoot
{
    private final Optional<String> root;

    private DataRoot(Optional<String> root)
    {
        this.root = requireNonNull(root, "root is null");
    }

    public static DataRoot of(LanceConfig config)
    {
        // only directory namespaces have one
        return new DataRoot(config.getNamespaceRoot());
    }

    /// Files below one location alone.
    public static DataRoot at(String location)
    {
        return new DataRoot(Optional.of(location));
    }

    public boolean isLimited()
    {
        return root.isPresent();
    }

    public boolean contains(String location)
    {
        return root.map(directory -> RootDirectory.contains(directory, location)).orElse(true);
    }

    @Override
    public String toString()
    {
        return root.orElse("anywhere");
    }
}
