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

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

public final class LocalPaths
{
    private LocalPaths() {}

    /// Whether a location is surely not there; of an object store that takes a request, so it is never sure.
    public static boolean isMissing(String location)
    {
        return find(location).map(Files::notExists).orElse(false);
    }

    /**
     * @return empty if the location is in an object store
     */
    static Optional<Path> find(String location)
    {
        if (location.startsWith("file:")) {
            return Optional.of(Path.of(URI.create(location.replace(" ", "%20")).getPath()));
        }
        return location.startsWith("/") ? Optional.of(Path.of(location)) : Optional.empty();
    }
}
